import type { Platform } from '../platform/platform.ts';
import { partitionOf } from '../platform/redis.ts';
import { lotKeys } from './index-keys.ts';
import { decodeRecord, type IndexedPresence } from './index-records.ts';
import { projectRight } from './project-right.ts';
import { rebuildPartition } from './rebuild-partition.ts';
import { redisScript } from './redis-script.ts';
import { BEFORE_FIRST, compareStreamIds } from './stream-id.ts';

/** Takes a pass unless its vehicle came: one step, so that of an arrival and a release exactly one happens. */
const RELEASE = redisScript(`
local p = cjson.decode(ARGV[1])
if not redis.call('GET', p.ready) then return { 'NOT_READY' } end
if redis.call('EXISTS', p.right) == 0 then return { 'NO_RIGHT' } end
local presence = redis.call('GET', p.presence)
local journalEnd = '0-0'
if redis.call('EXISTS', p.journal) == 1 then
  local info = redis.call('XINFO', 'STREAM', p.journal)
  for i = 1, #info, 2 do if info[i] == 'last-generated-id' then journalEnd = info[i + 1] end end
end
if not presence or cjson.decode(presence).at == 'OUTSIDE' then
  presence = '{"at":"RELEASED","releasedAt":' .. p.releasedAt .. ',"journalEnd":"' .. journalEnd .. '"}'
  redis.call('SET', p.presence, presence)
end
return { 'READ', presence, redis.call('GET', p.applied) or '0-0' }
`);

const MAX_ATTEMPTS = 3;

/**
 * Takes the pass of a reservation whose grace has run out, before the row may become a no-show. INSIDE: the vehicle came (or has been
 * here). RELEASED: nobody came, no gate opens for it any more, and every decision from before stands in PostgreSQL. JOURNAL_BEHIND: taken,
 * but a decision from before may not be applied yet: ask again. Repeating it does no harm. Throws when Redis is away: a lane that
 * can't be asked defers the no-show.
 */
export async function takePassForNoShow(
  platform: Platform,
  taken: { lotId: string; reservationId: string; now: Date },
): Promise<'RELEASED' | 'INSIDE' | 'JOURNAL_BEHIND'> {
  const { lotId, reservationId, now } = taken;
  const keys = lotKeys(lotId);
  const plan = {
    ready: keys.ready,
    right: keys.right(reservationId),
    presence: keys.presence(reservationId),
    journal: keys.journal,
    applied: keys.applied,
    releasedAt: String(now.getTime()),
  };
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const reply = (await RELEASE.run(platform.redis, keys.ready, [JSON.stringify(plan)])) as string[];
    const [outcome, presence = '{}', applied = BEFORE_FIRST] = reply;
    if (outcome === 'READ') return outcomeOf(decodeRecord<IndexedPresence>(presence), applied);
    if (outcome === 'NOT_READY') await rebuildPartition(platform, partitionOf(lotId));
    else await projectRight(platform, { lotId, reservationId });
  }
  throw new Error('the gate index does not hold the reservation');
}

/** Only a release is taken back: an arrival stays. */
const GIVE_BACK = redisScript(`
local presence = redis.call('GET', KEYS[1])
if not presence or cjson.decode(presence).at ~= 'RELEASED' then return 0 end
redis.call('DEL', KEYS[1])
return 1
`);

/**
 * Gives a taken pass back, because the row did not become a no-show: its driver has bought more time meanwhile. True when it had been
 * taken. Repeating it does no harm.
 */
export async function givePassBack(
  platform: Platform,
  { lotId, reservationId }: { lotId: string; reservationId: string },
): Promise<boolean> {
  return (await GIVE_BACK.run(platform.redis, lotKeys(lotId).presence(reservationId), [])) === 1;
}

function outcomeOf(presence: IndexedPresence, applied: string): 'RELEASED' | 'INSIDE' | 'JOURNAL_BEHIND' {
  if (presence.at !== 'RELEASED') return 'INSIDE';
  return compareStreamIds(applied, presence.journalEnd ?? BEFORE_FIRST) >= 0 ? 'RELEASED' : 'JOURNAL_BEHIND';
}

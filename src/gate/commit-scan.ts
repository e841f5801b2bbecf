import type { Platform } from '../platform/platform.ts';
import type { Arrival } from './arrival.ts';
import { askIndex } from './ask-index.ts';
import { lotKeys } from './index-keys.ts';
import { ENTRY_FIELD, encodeEntry, type JournalEntry } from './journal-entry.ts';
import { redisScript } from './redis-script.ts';
import { BEFORE_FIRST } from './stream-id.ts';

/** Room that a vehicle is let in on without PostgreSQL: counted at the commit, under the snapshot that it was decided on. */
export interface RoomLeft {
  /** Who has been let in like this. */
  readonly key: string;
  readonly board: string;
  /** Which count the snapshot is. */
  readonly basis: string;
  readonly free: number;
  /** Whoever was let in before (ms since 1970) is in the count. */
  readonly since: string;
}

/** How a decision changes the index. */
export interface IndexChanges {
  /** What was decided on, as it was read ('' for absent): the commit fails when any of it is different now. */
  readonly watch?: readonly (readonly [key: string, value: string])[];
  readonly set?: readonly (readonly [key: string, value: string, ttlSeconds: number])[];
  readonly del?: readonly string[];
  readonly add?: readonly (readonly [key: string, member: string])[];
  readonly remove?: readonly (readonly [key: string, member: string])[];
  /** Taken by the stay that comes in. */
  readonly room?: RoomLeft;
  /** Where a stay that leaves may have taken room. */
  readonly vacate?: { readonly key: string; readonly stayId: string };
}

export interface ScanCommit {
  /** The scan whose answer is remembered. */
  readonly scanId: string;
  /** The answer that it has had so far, which the new one takes the place of. */
  readonly replaces: string | undefined;
  readonly ready: string;
  readonly changes: IndexChanges;
  readonly entry: JournalEntry;
  /** Remembers which scan answered this arrival, and what the index said; `raw` is what was remembered when it was read. */
  readonly arrival: (Arrival & { readonly raw: string; readonly seen: string }) | undefined;
}

/** `streamId` is the entry's place in the journal; `applied` the last one that PostgreSQL has. */
export type CommitOutcome =
  | { readonly outcome: 'DONE'; readonly streamId: string; readonly applied: string }
  | { readonly outcome: 'ANSWERED'; readonly stored: string }
  | { readonly outcome: 'RETRY' | 'NOT_READY' };

const SCAN_TTL_SECONDS = 24 * 3600;

/** Compares, changes, journals and remembers in one step: between two gates only one of two conflicting decisions passes. */
const COMMIT = `
local plan = cjson.decode(ARGV[1])
local stored = redis.call('GET', plan.scan)
if stored and stored ~= plan.replaces then return { 'ANSWERED', stored } end
if redis.call('GET', plan.ready[1]) ~= plan.ready[2] then return { 'NOT_READY' } end
for _, watched in ipairs(plan.watch) do
  if (redis.call('GET', watched[1]) or '') ~= watched[2] then return { 'RETRY' } end
end
local room = plan.room
if room then
  if redis.call('HGET', room.board, 'basis') ~= room.basis then return { 'RETRY' } end
  if redis.call('ZCOUNT', room.key, room.since, '+inf') >= room.free then return { 'RETRY' } end
end
for _, key in ipairs(plan.del) do redis.call('DEL', key) end
for _, item in ipairs(plan.set) do
  if item[3] > 0 then redis.call('SET', item[1], item[2], 'EX', item[3]) else redis.call('SET', item[1], item[2]) end
end
for _, item in ipairs(plan.add) do redis.call('SADD', item[1], item[2]) end
for _, item in ipairs(plan.remove) do redis.call('SREM', item[1], item[2]) end
local id = redis.call('XADD', plan.journal, '*', plan.field, ARGV[2])
if room then
  redis.call('ZREMRANGEBYSCORE', room.key, '-inf', '(' .. room.since)
  redis.call('ZADD', room.key, string.match(id, '^%d+'), plan.stay)
end
if plan.vacate then redis.call('ZREM', plan.vacate.key, plan.vacate.stayId) end
redis.call('SET', plan.scan, id .. '|' .. ARGV[3], 'EX', plan.ttl)
return { 'DONE', id, redis.call('GET', plan.applied) or '0-0' }
`;
const commitScript = redisScript(COMMIT);

/**
 * Commits a decision: ANSWERED when the scan id has an answer already (it is given), NOT_READY when the index was emptied,
 * RETRY when something the decision depended on has changed since it was read. Throws when Redis does not answer in time; whether it was
 * done is then told by the next call with the same scan.
 */
export async function commitScan(platform: Platform, commit: ScanCommit): Promise<CommitOutcome> {
  const { entry, changes, scanId } = commit;
  const { lotId, gateId, action } = entry.answer;
  const keys = lotKeys(lotId);
  const { arrival } = commit;
  const arrivalKey = arrival === undefined ? '' : keys.arrival(gateId, arrival.key);
  const plan = {
    scan: keys.scan(scanId),
    replaces: commit.replaces ?? '',
    ready: [keys.ready, commit.ready],
    journal: keys.journal,
    applied: keys.applied,
    field: ENTRY_FIELD,
    ttl: SCAN_TTL_SECONDS,
    // Of two readings of one vehicle only one lets it in.
    watch: [...(changes.watch ?? []), ...(arrival && action === 'OPEN' ? [[arrivalKey, arrival.raw]] : [])],
    set: [...(changes.set ?? []), ...(arrival ? [[arrivalKey, `${scanId}|${arrival.seen}`, arrival.ttlSeconds]] : [])],
    del: changes.del ?? [],
    add: changes.add ?? [],
    remove: changes.remove ?? [],
    ...(changes.room && { room: changes.room, stay: entry.answer.stayId }),
    ...(changes.vacate && { vacate: changes.vacate }),
  };
  const answer = JSON.stringify({ ...entry.answer, scanId });
  const args = [JSON.stringify(plan), encodeEntry(entry), answer];
  let tries = 0;
  const reply = (await askIndex(platform, (redis) => {
    tries += 1;
    return commitScript.run(redis, keys.ready, args);
  })) as string[];
  const outcome = readOutcome(reply);
  return tries > 1 ? ownOutcome(outcome, answer) : outcome;
}

/** The first try was done and only its reply was lost: then what stands there is ours. */
function ownOutcome(outcome: CommitOutcome, answer: string): CommitOutcome {
  if (outcome.outcome !== 'ANSWERED') return outcome;
  const bar = outcome.stored.indexOf('|');
  if (outcome.stored.slice(bar + 1) !== answer) return outcome;
  return { outcome: 'DONE', streamId: outcome.stored.slice(0, bar), applied: BEFORE_FIRST };
}

function readOutcome([outcome = '', first = '', second = '']: readonly string[]): CommitOutcome {
  switch (outcome) {
    case 'DONE':
      return { outcome, streamId: first, applied: second };
    case 'ANSWERED':
      return { outcome, stored: first };
    case 'RETRY':
    case 'NOT_READY':
      return { outcome };
    default:
      throw new Error('Redis gave an outcome that the script does not have');
  }
}

/** Changes records of a lot unless one of the watched has changed; true when it was done. For what no scan causes (a payment). */
const CHANGE = redisScript(`
local plan = cjson.decode(ARGV[1])
for _, watched in ipairs(plan.watch) do
  if (redis.call('GET', watched[1]) or '') ~= watched[2] then return 0 end
end
for _, item in ipairs(plan.set) do
  if item[3] > 0 then redis.call('SET', item[1], item[2], 'EX', item[3]) else redis.call('SET', item[1], item[2]) end
end
return 1
`);

export async function changeIndex(
  platform: Platform,
  lotId: string,
  changes: Required<Pick<IndexChanges, 'watch' | 'set'>>,
): Promise<boolean> {
  return (await CHANGE.run(platform.redis, lotKeys(lotId).ready, [JSON.stringify(changes)])) === 1;
}

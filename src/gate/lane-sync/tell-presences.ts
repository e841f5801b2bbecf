import { LaneScanRow } from '../../entities/lane-scan.ts';
import { Spot } from '../../entities/spot.ts';
import { Stay } from '../../entities/stay.ts';
import type { Platform } from '../../platform/platform.ts';
import { lotKeys } from '../index-keys.ts';
import { projectRight } from '../project-right.ts';
import { stayRecord } from '../project-stay.ts';
import { redisScript } from '../redis-script.ts';

/** Where each stay was before the merge, as `INSIDE:<id>` or `LEFT:<id>`. */
export type Presences = ReadonlySet<string>;

export function presencesOf(stays: readonly Pick<Stay, 'id' | 'state'>[]): Presences {
  return new Set(stays.map(({ id, state }) => `${state}:${id}`));
}

/**
 * Where a right's vehicle is belongs to the gates: what stands there is replaced only if the rows know it, so that a decision which is on
 * its way to the rows is not undone.
 */
const PRESENCE = redisScript(`
local p = cjson.decode(ARGV[1])
local now = redis.call('GET', p.presence)
if now then
  local at = cjson.decode(now)
  local isKnown = at.at == 'RELEASED' or at.at == 'OUTSIDE'
  for _, known in ipairs(p.known) do if known == at.at .. ':' .. (at.stayId or '') then isKnown = true end end
  if not isKnown then return 0 end
end
redis.call('SET', p.presence, p.value)
return 1
`);

/** The same of a walk-in: one that has left in between at a gate of ours stays gone. */
const WALK_IN = redisScript(`
local p = cjson.decode(ARGV[1])
local now = redis.call('GET', p.stay)
local hasLeft = now and cjson.decode(now).leftAt
if p.leftAt then
  redis.call('SET', p.stay, ARGV[2], 'EX', p.ttl)
  if p.code ~= '' then redis.call('DEL', p.code) end
  if p.inside ~= '' and redis.call('GET', p.inside) == p.id then redis.call('DEL', p.inside) end
  if p.plate ~= '' then redis.call('SREM', p.plate, 's:' .. p.id) end
  return 1
end
if hasLeft then return 0 end
redis.call('SET', p.stay, ARGV[2])
if p.code ~= '' then redis.call('SET', p.code, 's:' .. p.id) end
if p.inside ~= '' then redis.call('SET', p.inside, p.id) end
if p.plate ~= '' then redis.call('SADD', p.plate, 's:' .. p.id) end
return 1
`);

const LEFT_TTL_SECONDS = 3600;

interface Told {
  readonly lotId: string;
  readonly stayIds: readonly string[];
  readonly before: Presences;
}

/** Lets the gates know where the vehicles of merged visits are now. Repeating it does no harm. Throws while Redis is away. */
export async function tellPresences(platform: Platform, { lotId, stayIds, before }: Told): Promise<void> {
  if (stayIds.length === 0) return;
  const em = platform.orm.em.fork();
  const stays = await em.find(Stay, { lotId, id: { $in: [...stayIds] } }, { orderBy: { enteredAt: 'asc' } });
  const spotIds = stays.flatMap(({ spotId }) => spotId ?? []);
  const spots = new Map((await em.find(Spot, { lotId, id: { $in: spotIds } })).map((spot) => [spot.id, spot]));
  const known = [...before, ...presencesOf(stays)];
  const reserved = Map.groupBy(stays, ({ reservationId }) => reservationId ?? '');
  for (const [reservationId, visits] of reserved) {
    if (reservationId === '') continue;
    await projectRight(platform, { lotId, reservationId });
    const stay = visits.findLast(({ state }) => state === 'INSIDE') ?? visits.at(-1);
    if (stay) await tellReserved(platform, { reservationId, stay, known });
  }
  for (const stay of reserved.get('') ?? []) await tellWalkIn(platform, stay, spots.get(stay.spotId ?? '') ?? null);
}

async function tellReserved(
  platform: Platform,
  told: { reservationId: string; stay: Stay; known: readonly string[] },
): Promise<void> {
  const { reservationId, stay, known } = told;
  const keys = lotKeys(stay.lotId);
  const value =
    stay.leftAt == null
      ? { at: 'INSIDE', stayId: stay.id, enteredAt: stay.enteredAt.getTime() }
      : { at: 'LEFT', stayId: stay.id, leftAt: stay.leftAt.getTime() };
  const plan = { presence: keys.presence(reservationId), known, value: JSON.stringify(value) };
  await PRESENCE.run(platform.redis, keys.ready, [JSON.stringify(plan)]);
}

async function tellWalkIn(platform: Platform, stay: Stay, spot: Spot | null): Promise<void> {
  const keys = lotKeys(stay.lotId);
  const record = stayRecord(stay, spot);
  const leftAt = stay.leftAt?.getTime();
  const plan = {
    ...{ id: stay.id, stay: keys.stay(stay.id), ttl: LEFT_TTL_SECONDS, leftAt },
    code: record.code === '' ? '' : keys.code(record.code),
    inside: record.plateIndex === null ? '' : keys.inside(record.plateIndex),
    plate: record.plateSkeletonIndex === null ? '' : keys.plate(record.plateSkeletonIndex),
  };
  const value = JSON.stringify(leftAt === undefined ? record : { ...record, leftAt });
  await WALK_IN.run(platform.redis, keys.ready, [JSON.stringify(plan), value]);
}

/** Entries whose merge stands in the rows and was not told to the gates: they are merged again, which changes nothing but that. */
export async function untoldAgain(platform: Platform, before: Date): Promise<void> {
  const untold = { mergedAt: { $lt: before }, toldAt: null, opened: true, problem: null };
  await platform.orm.em.fork().nativeUpdate(LaneScanRow, untold, { mergedAt: null });
}

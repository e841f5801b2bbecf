import { Spot } from '../entities/spot.ts';
import { Stay } from '../entities/stay.ts';
import type { Platform } from '../platform/platform.ts';
import { lotKeys } from './index-keys.ts';
import type { IndexedStay } from './index-records.ts';
import { redisScript } from './redis-script.ts';

/** Adds a walk-in that is inside. A stay that the index knows it knows better, also when it has left; only what was paid, what makes it cheaper and a spot that was found later is news.
 * Two copies that were read at different moments may come in any order: the one that knows less of either is dropped. */
const PROJECT = redisScript(`
local p = cjson.decode(ARGV[1])
local known = redis.call('GET', p.stay)
if known then
  local stay = cjson.decode(known)
  local given = stay.concessions and stay.concessions.validations and #stay.concessions.validations or 0
  local isBehind = stay.paidMinor > p.paidMinor or given > p.validations
  local isSettled = stay.spotLabel == cjson.null and p.hasSpot
  local isNews = stay.paidMinor < p.paidMinor or given < p.validations or isSettled
  if not stay.leftAt and isNews and not isBehind then redis.call('SET', p.stay, ARGV[2]) end
  return 0
end
redis.call('SET', p.stay, ARGV[2])
if p.code ~= '' then redis.call('SET', p.code, p.ref) end
if p.plate ~= '' then
  redis.call('SADD', p.plate, p.ref)
  redis.call('SET', p.inside, p.id)
end
return 1
`);

/** Copies a walk-in that is inside from PostgreSQL into the gates' index if it is not there, and what it has paid. Other stays are left alone. */
export async function projectStay(platform: Platform, key: { lotId: string; stayId: string }): Promise<void> {
  const { lotId, stayId } = key;
  const em = platform.orm.em.fork();
  const stay = await em.findOne(Stay, { lotId, id: stayId, state: 'INSIDE', reservationId: null });
  if (!stay) return;
  const spot = stay.spotId == null ? null : await em.findOne(Spot, { lotId, id: stay.spotId });
  await writeStay(platform, { stay, spot });
}

/** As `projectStay`, of rows that were just read. */
export async function writeStay(platform: Platform, { stay, spot }: { stay: Stay; spot: Spot | null }): Promise<void> {
  const keys = lotKeys(stay.lotId);
  const record = stayRecord(stay, spot);
  const { plateIndex, plateSkeletonIndex } = record;
  const plan = {
    id: stay.id,
    paidMinor: stay.paidMinor,
    validations: stay.concessions?.validations?.length ?? 0,
    hasSpot: spot !== null,
    ref: `s:${stay.id}`,
    stay: keys.stay(stay.id),
    code: record.code === '' ? '' : keys.code(record.code),
    plate: plateSkeletonIndex === null ? '' : keys.plate(plateSkeletonIndex),
    inside: plateIndex === null ? '' : keys.inside(plateIndex),
  };
  await PROJECT.run(platform.redis, keys.ready, [JSON.stringify(plan), JSON.stringify(record)]);
}

/** A walk-in as the gates know it, of rows that were just read. */
export function stayRecord(stay: Stay, spot: Pick<Spot, 'label'> | null): IndexedStay {
  return {
    stayId: stay.id,
    enteredAt: stay.enteredAt.getTime(),
    spotType: stay.spotType,
    vehicleClass: stay.vehicleClass,
    spotLabel: spot?.label ?? null,
    tariffId: stay.tariffId,
    multiplierPercent: stay.multiplierPercent,
    currency: stay.currency,
    code: stay.code ?? '',
    plateIndex: stay.plateIndex ?? null,
    plateSkeletonIndex: stay.plateSkeletonIndex ?? null,
    plateCipher: stay.plateCipher ?? null,
    paidMinor: stay.paidMinor,
    paidUntil: stay.paidUntil?.getTime() ?? null,
    ...(stay.payPoint == null ? {} : { payPoint: stay.payPoint }),
    ...(stay.concessions == null ? {} : { concessions: stay.concessions }),
  };
}

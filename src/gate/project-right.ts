import { graceEndsAt, isTerminal } from '../domain/reservation.ts';
import { Reservation } from '../entities/reservation.ts';
import { Spot } from '../entities/spot.ts';
import { Stay } from '../entities/stay.ts';
import type { Platform } from '../platform/platform.ts';
import { lotKeys } from './index-keys.ts';
import { paidForStay, reinstatementOf } from './reinstatement.ts';
import { encodeRight, type IndexedRight } from './index-records.ts';
import { redisScript } from './redis-script.ts';

/** What is over is kept for an hour: long enough that no older copy comes after it, and that a cancelled pass is told why. */
export const OVER_TTL_SECONDS = 3600;

/** Writes a right unless the same or a newer revision stands there, and no longer under the plate that it had before. Where the vehicle is belongs to the gate: only a gap is filled. One
 * that is over is kept under its plate as long as its vehicle is inside: it has to be known at the exit, and must not come in again. */
const PROJECT = redisScript(`
local p = cjson.decode(ARGV[1])
local known = redis.call('GET', p.right)
if known and tonumber(string.match(known, '^%d+')) >= p.revision then return 0 end
local before = known and string.match(known, '"plateSkeletonIndex":"([^"]*)"')
if before and p.plates .. before ~= p.plate then redis.call('SREM', p.plates .. before, p.ref) end
if p.presenceValue ~= '' then redis.call('SET', p.presence, p.presenceValue, 'NX') end
local isInside = string.find(redis.call('GET', p.presence) or '', '"at":"INSIDE"', 1, true)
if p.ttl > 0 and not isInside then
  redis.call('SET', p.right, ARGV[2], 'EX', p.ttl)
  local named = redis.call('GET', p.code)
  if not named or named == p.ref then redis.call('SET', p.code, p.ref, 'EX', p.ttl) end
  redis.call('EXPIRE', p.presence, p.ttl)
  redis.call('SREM', p.plate, p.ref)
else
  redis.call('SET', p.right, ARGV[2])
  redis.call('SET', p.code, p.ref)
  redis.call('SADD', p.plate, p.ref)
end
return 1
`);

/**
 * Copies a reservation from PostgreSQL into the gates' index unless its revision or a newer one is there. Call it after every change of a
 * reservation; twice or late does no harm. One that does not exist is left alone.
 */
export async function projectRight(platform: Platform, key: { lotId: string; reservationId: string }): Promise<void> {
  const { lotId, reservationId } = key;
  const em = platform.orm.em.fork();
  const reservation = await em.findOne(Reservation, { lotId, id: reservationId });
  if (!reservation) return;
  const [spot, stay] = await Promise.all([
    em.findOne(Spot, { lotId, id: reservation.spotId }),
    em.findOne(Stay, { lotId, reservationId, state: 'INSIDE' }),
  ]);
  await writeRight(platform, { reservation, spot, stay });
}

/** As `projectRight`, of rows that were just read. */
export async function writeRight(
  platform: Platform,
  rows: { reservation: Reservation; spot: Spot | null; stay: Pick<Stay, 'id' | 'enteredAt'> | null },
): Promise<void> {
  const right = rightOf(rows.reservation, rows.spot);
  const { lotId, reservationId } = right;
  const keys = lotKeys(lotId);
  const plan = {
    right: keys.right(reservationId),
    presence: keys.presence(reservationId),
    presenceValue: presenceIn(rows),
    code: keys.code(right.code),
    plate: keys.plate(right.plateSkeletonIndex),
    plates: keys.plate(''),
    ref: `r:${reservationId}`,
    revision: right.revision,
    ttl: isTerminal(right.state) ? OVER_TTL_SECONDS : 0,
  };
  await PROJECT.run(platform.redis, keys.ready, [JSON.stringify(plan), encodeRight(right)]);
}

function presenceIn({ reservation, stay }: Parameters<typeof writeRight>[1]): string {
  if (stay) return JSON.stringify({ at: 'INSIDE', stayId: stay.id, enteredAt: stay.enteredAt.getTime() });
  if (reservation.state !== 'NO_SHOW') return '';
  return JSON.stringify({ at: 'RELEASED', releasedAt: (reservation.endedAt ?? reservation.graceEndsAt).getTime() });
}

/** A right as the gates know it, of rows that were just read. */
export function rightOf(reservation: Reservation, spot: Pick<Spot, 'label' | 'directions'> | null): IndexedRight {
  const reinstatement = reinstatementOf(reservation);
  return {
    lotId: reservation.lotId,
    reservationId: reservation.id,
    revision: reservation.revision,
    state: reservation.state,
    startsAt: reservation.startsAt.getTime(),
    endsAt: reservation.endsAt.getTime(),
    ...(isWaitedFor(reservation) ? { graceEndsAt: reservation.graceEndsAt.getTime() } : {}),
    spotId: reservation.spotId,
    spotLabel: spot?.label ?? '',
    directions: spot?.directions ?? null,
    code: reservation.code,
    paidMinor: paidForStay(reservation),
    currency: reservation.currency,
    spotType: reservation.spotType,
    pricedSpotType: reservation.pricedSpotType,
    vehicleClass: reservation.vehicleClass,
    tariffId: reservation.tariffId,
    multiplierPercent: reservation.multiplierPercent,
    exitGraceMinutes: reservation.policy.exitGraceMinutes,
    plateIndex: reservation.plateIndex,
    plateSkeletonIndex: reservation.plateSkeletonIndex,
    plateCipher: reservation.plateCipher,
    ...(reservation.plateCountry == null ? {} : { plateCountry: reservation.plateCountry }),
    ...(reinstatement === undefined ? {} : { reinstatement }),
    ...(reservation.displacedAt == null ? {} : { displaced: true }),
    ...(reservation.concessions == null ? {} : { concessions: reservation.concessions }),
  };
}

/** Whether its spot waits longer than its policy's grace. */
function isWaitedFor(reservation: Reservation): boolean {
  return reservation.graceEndsAt > graceEndsAt(reservation, reservation.policy.graceMinutes);
}

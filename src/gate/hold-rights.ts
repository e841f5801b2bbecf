import { setTimeout as sleep } from 'node:timers/promises';
import { mayMove } from '../domain/may-move.ts';
import type { Period } from '../domain/period.ts';
import { Allocation } from '../entities/allocation.ts';
import { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import type { Platform } from '../platform/platform.ts';
import { lotKeys } from './index-keys.ts';
import { projectRight } from './project-right.ts';
import type { ReadRight } from './read-index.ts';
import { redisScript } from './redis-script.ts';

const MARK = '{"moving":true,';

/** Marks a right whose vehicle has not come. Its text changes, so a gate that has read it already must read it again. */
const HOLD = redisScript(`
local right, presence = redis.call('GET', KEYS[1]), redis.call('GET', ARGV[1])
if not right then return 'NO_RIGHT' end
if presence then return 'CAME' end
local bar = string.find(right, '|', 1, true)
if string.sub(right, bar + 1, bar + #ARGV[2]) == ARGV[2] then return 'HELD' end
redis.call('SET', KEYS[1], string.sub(right, 1, bar) .. ARGV[2] .. string.sub(right, bar + 2), 'KEEPTTL')
return 'HELD'
`);

const LET_GO = redisScript(`
local right = redis.call('GET', KEYS[1])
if not right then return 0 end
local bar = string.find(right, '|', 1, true)
if string.sub(right, bar + 1, bar + #ARGV[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], string.sub(right, 1, bar) .. '{' .. string.sub(right, bar + #ARGV[1] + 1), 'KEEPTTL')
return 1
`);

export interface SpotInTime {
  readonly lotId: string;
  readonly spotId: string;
  readonly period: Period;
}

/**
 * Runs `work` while no gate lets in on the old label whoever has the spot in the period and may come at any moment: for a gate that asks,
 * the right is as if it were being written, for some tenths of a second. `work` gets the reservations whose vehicles have come already: they are not
 * to be moved. Afterwards the gates know what `work` has written. Without Redis no gate opens on a right, and nothing needs to be held.
 */
export async function whileHeld<T>(
  platform: Platform,
  spot: SpotInTime,
  work: (came: readonly string[]) => Promise<T>,
): Promise<T> {
  const due = await dueOn(platform, spot);
  const came: string[] = [];
  for (const reservationId of due) {
    const outcome = await hold(platform, { lotId: spot.lotId, reservationId }).catch((error: unknown) => {
      platform.log.warn({ err: error, reservationId }, 'a right could not be held at the gates');
      return 'AWAY';
    });
    if (outcome === 'CAME') came.push(reservationId);
  }
  try {
    return await work(came);
  } finally {
    for (const reservationId of due) await letGo(platform, { lotId: spot.lotId, reservationId });
  }
}

/** Those who have a claim there and may be at a gate. */
async function dueOn(platform: Platform, { lotId, spotId, period }: SpotInTime): Promise<string[]> {
  const em = platform.orm.em.fork();
  const meeting = { lotId, spotId, startsAt: { $lt: period.endsAt }, endsAt: { $gt: period.startsAt } };
  const claims = await em.find(Allocation, { ...meeting, reservationId: { $ne: null } });
  const ids = claims.flatMap(({ reservationId }) => reservationId ?? []);
  if (ids.length === 0) return [];
  const { policy } = await em.findOneOrFail(Lot, { id: lotId });
  const coming = await em.find(Reservation, { lotId, id: { $in: ids }, state: 'CONFIRMED' });
  const at = { now: platform.clock.now(), earlyEntryMinutes: policy.earlyEntryMinutes };
  return coming.filter((reservation) => !mayMove(reservation, at)).map(({ id }) => id);
}

type RightKey = { readonly lotId: string; readonly reservationId: string };

async function hold(platform: Platform, key: RightKey): Promise<string> {
  const keys = lotKeys(key.lotId);
  const run = () =>
    HOLD.run(platform.redis, keys.right(key.reservationId), [
      keys.presence(key.reservationId),
      MARK,
    ]) as Promise<string>;
  const outcome = await run();
  if (outcome !== 'NO_RIGHT') return outcome;
  await projectRight(platform, key);
  return run();
}

async function letGo(platform: Platform, key: RightKey): Promise<void> {
  try {
    await projectRight(platform, key);
    await LET_GO.run(platform.redis, lotKeys(key.lotId).right(key.reservationId), [MARK]);
  } catch (error) {
    platform.log.warn({ err: error, ...key }, 'a held right was not let go; the gate that finds it held does so');
  }
}

const WAIT_MS = 60;
/** From then on whoever held it is taken for dead. */
const PATIENT_ATTEMPTS = 5;

/** At a gate that meets a held right: a moment later it says where the vehicle's spot is now. */
export async function waitWhileHeld(
  platform: Platform,
  { right }: Pick<ReadRight, 'right'>,
  attempt: number,
): Promise<{ readonly verdict: 'AGAIN' }> {
  await sleep(WAIT_MS);
  if (attempt > PATIENT_ATTEMPTS)
    await LET_GO.run(platform.redis, lotKeys(right.lotId).right(right.reservationId), [MARK]);
  return { verdict: 'AGAIN' };
}

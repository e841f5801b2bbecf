import { chooseSpot, type ChosenSpot } from '../allocation/choose-spot.ts';
import { makeRoom } from '../allocation/make-room.ts';
import { reseatConflicts } from '../allocation/reseat.ts';
import { fittingSpotTypes } from '../domain/fit.ts';
import type { Lot } from '../entities/lot.ts';
import type { Reservation } from '../entities/reservation.ts';
import type { Transaction } from '../platform/db.ts';
import { projectRight } from './project-right.ts';
import { strand } from './strand.ts';

/**
 * A spot, from now until the end of its period, for a vehicle that is inside and whose claim was given back: its own, because it stands there.
 * Whoever has bought that meanwhile is moved; where they can't be, the vehicle gets another that is free or comes free by moving others,
 * and only if there is none they are stranded. Undefined: there is none. The caller has locked the pools of its spot's type and of those
 * that fit, and claims the spot. `keep`: who is not moved, because they come in with it. Publishes reservation and alerts.
 */
export async function seatInside(
  tx: Transaction,
  inside: { lot: Lot; reservation: Reservation; keep: readonly string[] },
): Promise<ChosenSpot | undefined> {
  const { lot, reservation, keep } = inside;
  const { lotId, spotId, spotType, endsAt, vehicleClass } = reservation;
  const { allocationStrategy: strategy, earlyEntryMinutes } = lot.policy;
  const period = { startsAt: tx.now, endsAt };
  const own = { lotId, period, strategy, spotTypes: [spotType], spotId };
  const free = await chooseSpot(tx, own);
  if (free) return free;
  const pools = [...new Set([spotType, ...fittingSpotTypes(vehicleClass)])];
  const taken = await reseatConflicts(tx, { lotId, spotId, period, reason: 'LATE_ENTRY', pools, keep });
  for (const moved of taken.movedReservationIds)
    tx.afterCommit((platform) => projectRight(platform, { lotId, reservationId: moved }));
  const another = { lotId, period, strategy, spotTypes: pools };
  const found = (await chooseSpot(tx, own)) ?? (await chooseSpot(tx, another));
  if (found) return found;
  const room = await makeRoom(tx, {
    ...another,
    pools,
    beyondPools: 'LEAVE',
    earlyEntryMinutes,
    keep,
    reason: 'LATE_ENTRY',
  });
  if (room.outcome === 'FITS') return room.spot;
  const note = 'A vehicle that had come before its no-show was fired stands there.';
  for (const reservationId of taken.stranded) await strand(tx, { lot, reservationId, spotId, note, told: 'NOW' });
  return undefined;
}

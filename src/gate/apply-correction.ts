import { releaseAllocation } from '../allocation/claim.ts';
import { moveReservation } from '../domain/reservation.ts';
import { MonthlyPassUse } from '../entities/monthly-pass-use.ts';
import type { Reservation } from '../entities/reservation.ts';
import type { Stay } from '../entities/stay.ts';
import type { Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';
import { PoisonEntry, tellOfMove, type Applied } from './apply-context.ts';
import { arrive } from './apply-entry.ts';
import type { CorrectedEntry, WalkInEntry } from './journal-entry.ts';
import { settleWalkIn } from './settle-walk-in.ts';

/**
 * A vehicle that is inside was read better: the same stay gets the right plate, or moves to the reservation or the walk-in that it is of.
 * A reservation for which it had been taken is CONFIRMED again and keeps its spot. A stay that has ended meanwhile keeps its end. The
 * pools, reservations and stays are locked by the batch.
 */
export async function applyCorrection(tx: Transaction, applied: Applied, corrected: CorrectedEntry): Promise<void> {
  const { rows, lot } = applied;
  const { stayId, fromReservationId, reservationId, plate, walkIn } = corrected;
  const stay = rows.stays.get(stayId);
  if (!stay) throw new PoisonEntry('the journal corrects a stay that never began');
  if (stay.state === 'LEFT') return;
  if (fromReservationId !== null) setFree(tx, applied, rows.reservations.get(fromReservationId));
  if (reservationId !== null) {
    const reservation = rows.reservations.get(reservationId);
    if (!reservation) throw new PoisonEntry('the journal names a reservation that does not exist');
    await moveTo(tx, applied, { stay, reservation });
  } else if (walkIn) {
    await becomeWalkIn(tx, applied, { stay, walkIn });
  } else if (plate) {
    const { plateCipher, plateIndex, plateSkeletonIndex, concessions = stay.concessions ?? null } = plate;
    Object.assign(stay, { plateCipher, plateIndex, plateSkeletonIndex, concessions });
  }
  tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
}

/** Its vehicle has not come after all. */
function setFree(tx: Transaction, { lot }: Applied, reservation: Reservation | undefined): void {
  if (reservation === undefined) return;
  const move = moveReservation(reservation.state, 'BACK_OUT');
  // It had ended otherwise; an end is not changed.
  if (!('state' in move)) return;
  Object.assign(reservation, { state: move.state, checkedInAt: null, revision: reservation.revision + 1 });
  tellOfMove(tx, lot, reservation);
}

async function moveTo(
  tx: Transaction,
  applied: Applied,
  { stay, reservation }: { stay: Stay; reservation: Reservation },
): Promise<void> {
  const { lotId, id: stayId } = stay;
  if (stay.kind === 'WALK_IN') {
    await releaseAllocation(tx, { lotId, stayId });
    await tx.em.nativeDelete(MonthlyPassUse, { lotId, causeId: stayId });
  }
  const { id: reservationId, spotId, spotType, vehicleClass, tariffId, multiplierPercent, currency } = reservation;
  const { plateCipher, plateIndex, plateSkeletonIndex } = reservation;
  Object.assign(stay, {
    ...{ kind: 'RESERVED', reservationId, spotId, spotType, vehicleClass, tariffId, multiplierPercent, currency },
    ...{ plateCipher, plateIndex, plateSkeletonIndex, concessions: null },
  });
  await arrive(tx, applied, { reservation, at: stay.enteredAt.getTime() });
}

async function becomeWalkIn(
  tx: Transaction,
  applied: Applied,
  { stay, walkIn }: { stay: Stay; walkIn: WalkInEntry },
): Promise<void> {
  const { spotId, concessions = null } = await settleWalkIn(tx, applied, walkIn);
  const { spotType, vehicleClass, tariffId, multiplierPercent, currency, code } = walkIn;
  const { plateCipher, plateIndex, plateSkeletonIndex } = walkIn;
  Object.assign(stay, {
    ...{ kind: 'WALK_IN', reservationId: null, spotId, code, concessions },
    ...{ spotType, vehicleClass, tariffId, multiplierPercent, currency },
    ...{ plateCipher, plateIndex, plateSkeletonIndex },
  });
}

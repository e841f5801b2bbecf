import { LockMode } from '@mikro-orm/postgresql';
import { lockPools, type PoolsToLock } from '../allocation/pools.ts';
import { Refusal } from '../domain/refusal.ts';
import { moveReservation, type ReservationEvent, type ReservationState } from '../domain/reservation.ts';
import { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { TryAgain, type Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';

/** Names one reservation; both parts are in its public id. */
export interface ReservationKey {
  readonly lotId: string;
  readonly reservationId: string;
}

/**
 * Locks a reservation for change: its pool (or those that `toLock` says) first, then its row, which is read after the lock. With it comes
 * its lot. Refuses with RESERVATION_NOT_FOUND.
 */
export async function lockReservation(
  tx: Transaction,
  key: ReservationKey,
  toLock: PoolsToLock = (own) => own,
): Promise<{ reservation: Reservation; lot: Lot }> {
  const row = { lotId: key.lotId, id: key.reservationId };
  const [before, lot] = await Promise.all([
    tx.em.findOne(Reservation, row, { fields: ['spotType'], disableIdentityMap: true }),
    tx.em.findOne(Lot, { id: key.lotId }),
  ]);
  if (!before || !lot) throw reservationNotFound();
  await lockPools(tx, key.lotId, toLock([before.spotType]));
  const reservation = await tx.em.findOneOrFail(Reservation, row, { lockMode: LockMode.PESSIMISTIC_WRITE });
  // Moved to a spot of another type meanwhile: the pool that counts is not the one that is locked.
  if (reservation.spotType !== before.spotType) throw new TryAgain();
  return { reservation, lot };
}

export function reservationNotFound(): Refusal {
  return new Refusal('RESERVATION_NOT_FOUND', 'There is no such reservation, or it is not yours.', {
    field: ['reservationId'],
  });
}

/**
 * Moves a locked reservation along its life, raises its revision, and tells whoever watches it, its lot's board and the outside.
 * Refuses with RESERVATION_STATE when its life has no such move.
 */
export function applyMove(
  tx: Transaction,
  moved: { reservation: Reservation; lot: Lot; event: ReservationEvent },
): void {
  const { reservation, lot } = moved;
  const move = moveReservation(reservation.state, moved.event);
  if (!('state' in move)) throw illegalMove(move.from);
  reservation.state = move.state;
  reservation.revision += 1;
  tellOfChange(tx, { reservation, lot });
}

/** Tells whoever watches a reservation that it changed: its own topic, its lot's board and the outbox. */
export function tellOfChange(
  tx: Transaction,
  changed: { reservation: Reservation; lot: Pick<Lot, 'id' | 'partition'> },
): void {
  const { reservation, lot } = changed;
  const { id: reservationId, revision, state } = reservation;
  tx.publish(topic.reservation(reservationId), { lotId: lot.id, reservationId });
  tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
  tx.announce({
    lotId: lot.id,
    type: `reservation.${state.toLowerCase()}`,
    aggregateId: reservationId,
    payload: { reservationId, revision },
  });
}

const STATE_SENTENCES: Readonly<Record<ReservationState, string>> = {
  HELD: 'This reservation has not been paid yet.',
  CONFIRMED: 'This reservation is confirmed already.',
  CHECKED_IN: 'The vehicle is inside: leaving early gives money back by the lot’s policy.',
  COMPLETED: 'This stay is over.',
  EXPIRED: 'The hold ran out before it was paid. Reserve again.',
  CANCELLED: 'This reservation was cancelled.',
  NO_SHOW: 'The spot was released because nobody came in time.',
};

function illegalMove(from: ReservationState): Refusal {
  return new Refusal('RESERVATION_STATE', STATE_SENTENCES[from], {
    field: ['reservationId'],
    details: { state: from },
  });
}

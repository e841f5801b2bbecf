import { releaseAllocation } from '../allocation/claim.ts';
import { holdLapsed } from '../domain/reservation.ts';
import { Reservation } from '../entities/reservation.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { applyMove, lockReservation, type ReservationKey } from './move.ts';

/**
 * Ends a hold whose minute has passed and gives its spot back. False when there is nothing to end (paid, cancelled, or not yet).
 * Bookings of the same pool do the same on their way, so this only makes the boards right sooner. Locks the pool, then the row;
 * publishes that the lot and the reservation changed.
 */
export async function expireHold(platform: Platform, key: ReservationKey): Promise<boolean> {
  return inTransaction(platform, async (tx) => {
    const { reservation, lot } = await lockReservation(tx, key);
    if (!holdLapsed(reservation, tx.now)) return false;
    await releaseAllocation(tx, { lotId: lot.id, reservationId: reservation.id });
    applyMove(tx, { reservation, lot, event: 'EXPIRE' });
    reservation.endedAt = tx.now;
    return true;
  });
}

/** Holds that have lapsed and not been ended, oldest first. */
export async function lapsedHolds(platform: Platform, limit: number): Promise<ReservationKey[]> {
  const due = await platform.orm.em
    .fork()
    .find(
      Reservation,
      { state: 'HELD', holdExpiresAt: { $lte: platform.clock.now() } },
      { fields: ['lotId', 'id'], orderBy: { holdExpiresAt: 'asc' }, limit },
    );
  return due.map(({ lotId, id }) => ({ lotId, reservationId: id }));
}

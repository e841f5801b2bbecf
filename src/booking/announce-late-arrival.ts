import { Refusal } from '../domain/refusal.ts';
import { keptForLate } from '../domain/reservation.ts';
import type { Reservation } from '../entities/reservation.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { lockReservation, reservationNotFound, tellOfChange, type ReservationKey } from './move.ts';

/**
 * A driver says before the end of the grace that they are late: the spot waits `lateNoticeMinutes` of the promised policy longer, never past
 * the end of the period, which is theirs in any case. Gives the reservation, whose `graceEndsAt` says until when; a lot that waits for
 * nobody leaves it as it was, and so does saying it again.
 *
 * Locks the pool, then the row. Refuses with RESERVATION_NOT_FOUND (also somebody else's) and RESERVATION_STATE (not confirmed, the
 * vehicle is inside, or the grace is over). Publishes that the lot and the reservation changed.
 */
export async function announceLateArrival(
  platform: Platform,
  key: ReservationKey,
  driver: { driverId: string },
): Promise<Reservation> {
  return inTransaction(platform, async (tx) => {
    const { reservation, lot } = await lockReservation(tx, key);
    if (reservation.driverId !== driver.driverId) throw reservationNotFound();
    if (reservation.state !== 'CONFIRMED' || reservation.graceEndsAt <= tx.now)
      throw new Refusal('RESERVATION_STATE', 'Only a spot that still waits for its driver can wait longer.', {
        field: ['reservationId'],
        details: { state: reservation.state },
      });
    const until = keptForLate(reservation, reservation.policy);
    if (until <= reservation.graceEndsAt) return reservation;
    reservation.graceEndsAt = until;
    reservation.revision += 1;
    tellOfChange(tx, { reservation, lot });
    return reservation;
  });
}

import { releaseAllocation } from '../allocation/claim.ts';
import { cancellationRefund, type CancellationRefund } from '../domain/refunds.ts';
import { actorKey, mayServeLot, type Viewer } from '../domain/viewer.ts';
import type { Lot } from '../entities/lot.ts';
import type { Reservation } from '../entities/reservation.ts';
import { refundReservation } from '../payments/refund-reservation.ts';
import { inTransaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { applyMove, lockReservation, reservationNotFound, type ReservationKey } from './move.ts';

/**
 * What comes back if the reservation were cancelled at `now`, by the policy it was made under. Pure; it is what `cancelReservation`
 * would promise.
 */
export function refundIfCancelled(reservation: Reservation, now: Date): CancellationRefund {
  const paidMinor = reservation.paidMinor - reservation.refundedMinor;
  return cancellationRefund({ policy: reservation.policy, paidMinor, period: reservation, now });
}

/**
 * Cancels a held or confirmed reservation, gives its spot back at once and promises the refund of its policy. A repeated key gives
 * the first answer again.
 *
 * Open to its driver and to the staff of its lot. Locks its pool, then its row. Refuses with RESERVATION_NOT_FOUND,
 * IDEMPOTENCY_KEY_REUSED and RESERVATION_STATE. Publishes that the lot and the reservation changed.
 */
export async function cancelReservation(
  platform: Platform,
  input: ReservationKey & { idempotencyKey: string },
  viewer: Viewer,
): Promise<{ reservation: Reservation; refundMinor: number; replayed: boolean }> {
  const { lotId, reservationId } = input;
  return inTransaction(platform, async (tx) => {
    const key = await claimKey(tx, {
      actor: actorKey(viewer),
      key: input.idempotencyKey,
      operation: 'cancelReservation',
      input: { lotId, reservationId },
      result: { lotId, reservationId },
    });
    const { reservation, lot } = await lockReservation(tx, input);
    refuseStranger(reservation, lot, viewer);
    if (key.replayed) return { reservation, refundMinor: reservation.refundedMinor, replayed: true };
    const { refundMinor, feeMinor, rule } = refundIfCancelled(reservation, tx.now);
    const paid = reservation.confirmedAt != null;
    applyMove(tx, { reservation, lot, event: 'CANCEL' });
    await releaseAllocation(tx, { lotId, reservationId });
    const promisedMinor = await refundReservation(tx, {
      lotId,
      reservationId,
      amountMinor: refundMinor,
      reason: 'CANCELLED',
    });
    Object.assign(reservation, {
      endedAt: tx.now,
      refundedMinor: reservation.refundedMinor + promisedMinor,
      feeMinor,
      outcomeRule: paid ? rule : null,
    });
    return { reservation, refundMinor: promisedMinor, replayed: false };
  });
}

/** Whoever may not act on a reservation is told that there is none. */
export function refuseStranger(reservation: Reservation, lot: Lot, viewer: Viewer): void {
  const owner = viewer.kind === 'DRIVER' && viewer.driverId === reservation.driverId;
  if (!owner && !(viewer.kind === 'STAFF' && mayServeLot(viewer, lot))) throw reservationNotFound();
}

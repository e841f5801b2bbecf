import { releaseAllocation } from '../allocation/claim.ts';
import { concededTerms, promisedConcessions } from '../domain/concessions.ts';
import { cancellationRefund, noShowFee } from '../domain/refunds.ts';
import { actorKey, mayServeLot, type Viewer } from '../domain/viewer.ts';
import type { Lot } from '../entities/lot.ts';
import type { Reservation } from '../entities/reservation.ts';
import { Tariff } from '../entities/tariff.ts';
import { takeNoShowFee } from '../payments/no-show-fee.ts';
import { promisedMinor, refundReservation } from '../payments/refund-reservation.ts';
import { recordAct } from '../incidents/audit.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { applyMove, lockReservation, reservationNotFound, type ReservationKey } from './move.ts';

/** What cancelling depends on: the reservation, and the tariff it was promised with. */
export interface Cancellable {
  readonly reservation: Reservation;
  readonly tariff: Pick<Tariff, 'document'>;
  readonly lot: Pick<Lot, 'timeZone'>;
}

/** `refundMinor` plus `feeMinor` is what was paid; `chargeMinor` is charged to the card on top, and only where nothing comes back. */
export interface CancellationMoney {
  readonly refundMinor: number;
  readonly feeMinor: number;
  readonly chargeMinor: number;
  readonly rule: string;
}

/**
 * What comes back if the reservation were cancelled at `now`, by the policy it was made under, and what is charged: pure, and what
 * `cancelReservation` would do. From the end of the grace on it is what a no-show gets back and pays, whether or not the spot has been
 * released yet: nobody escapes a fee by being faster than the clock. For whom there was no spot nothing is kept.
 */
export function refundIfCancelled(cancelled: Cancellable, now: Date): CancellationMoney {
  const { reservation, tariff, lot } = cancelled;
  const { policy, pricedSpotType: spotType, vehicleClass, multiplierPercent, concessions } = reservation;
  const paidMinor = reservation.paidMinor - reservation.refundedMinor - reservation.feeMinor;
  if (reservation.compensatedAt != null)
    return { refundMinor: paidMinor, feeMinor: 0, chargeMinor: 0, rule: 'NO_SPOT' };
  const inTime = { ...cancellationRefund({ policy, paidMinor, period: reservation, now }), chargeMinor: 0 };
  if (now < reservation.graceEndsAt || reservation.state !== 'CONFIRMED') return inTime;
  const terms = { policy, tariff: tariff.document, timeZone: lot.timeZone, spotType, vehicleClass, multiplierPercent };
  const cheaper = concededTerms(promisedConcessions(concessions), { period: reservation, timeZone: lot.timeZone });
  const missed = noShowFee({ ...terms, ...cheaper, period: reservation, paidMinor });
  const { refundMinor } = missed;
  const chargeMinor = Math.min(missed.chargeMinor, reservation.consent?.noShowMaxMinor ?? missed.chargeMinor);
  if (refundMinor >= inTime.refundMinor && chargeMinor === 0) return inTime;
  const feeMinor = paidMinor - refundMinor;
  return { refundMinor, feeMinor, chargeMinor, rule: `NO_SHOW_${policy.noShow.fee}` };
}

/**
 * Cancels a held or confirmed reservation, gives its spot back at once and promises the refund of its policy; after the
 * grace it costs what not coming costs, and what that is above what was paid is charged to the card. A repeated key gives the first answer again.
 * The reason that a member of staff gives is kept with their name.
 *
 * Open to its driver and to the staff of its lot. Locks its pool, then its row. Refuses with RESERVATION_NOT_FOUND,
 * IDEMPOTENCY_KEY_REUSED and RESERVATION_STATE. Publishes that the lot and the reservation changed.
 */
export async function cancelReservation(
  platform: Platform,
  input: ReservationKey & { idempotencyKey: string; reason?: string | undefined },
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
    if (key.replayed) {
      const refundMinor = await promisedMinor(tx.em, { lotId, reservationId, reason: 'CANCELLED' });
      return { reservation, refundMinor, replayed: true };
    }
    const tariff = await tx.em.findOneOrFail(Tariff, { lotId, id: reservation.tariffId });
    const { refundMinor, feeMinor, chargeMinor, rule } = refundIfCancelled({ reservation, tariff, lot }, tx.now);
    const paid = reservation.confirmedAt != null;
    applyMove(tx, { reservation, lot, event: 'CANCEL' });
    await releaseAllocation(tx, { lotId, reservationId });
    const refunded = await refundReservation(tx, {
      lotId,
      reservationId,
      amountMinor: refundMinor,
      reason: 'CANCELLED',
    });
    await takeNoShowFee(tx, reservation, { keptMinor: 0, chargeMinor });
    Object.assign(reservation, {
      endedAt: tx.now,
      refundedMinor: reservation.refundedMinor + refunded,
      feeMinor: reservation.feeMinor + feeMinor,
      outcomeRule: paid ? rule : null,
    });
    noteCancelling(tx, input, viewer);
    return { reservation, refundMinor: refunded, replayed: false };
  });
}

/** What staff do for a driver they answer for, where they say why. */
function noteCancelling(
  tx: Transaction,
  { lotId, reservationId, reason }: ReservationKey & { reason?: string | undefined },
  viewer: Viewer,
): void {
  const said = reason?.trim() ?? '';
  if (viewer.kind !== 'STAFF' || said === '') return;
  recordAct(tx, {
    lotId,
    staffId: viewer.staffId,
    act: 'RESERVATION_CANCELLED',
    subjectId: reservationId,
    reason: said,
  });
}

/** Whoever may not act on a reservation is told that there is none. */
export function refuseStranger(reservation: Reservation, lot: Lot, viewer: Viewer): void {
  const owner = viewer.kind === 'DRIVER' && viewer.driverId === reservation.driverId;
  if (!owner && !(viewer.kind === 'STAFF' && mayServeLot(viewer, lot))) throw reservationNotFound();
}

import { releaseAllocation } from '../allocation/claim.ts';
import { concededTerms, promisedConcessions } from '../domain/concessions.ts';
import { noShowFee, type NoShowFee } from '../domain/refunds.ts';
import { Reservation } from '../entities/reservation.ts';
import { Tariff } from '../entities/tariff.ts';
import { takeNoShowFee } from '../payments/no-show-fee.ts';
import { refundReservation } from '../payments/refund-reservation.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { applyMove, lockReservation, type ReservationKey } from './move.ts';

/** RELEASED: the spot is free again. ARRIVED: somebody checked in. NOT_DUE: too early, or the reservation ended otherwise. */
export type NoShowOutcome = 'RELEASED' | 'ARRIVED' | 'NOT_DUE';

/**
 * Gives back the spot of a confirmed reservation whose driver did not come within the grace, keeps the fee of its policy (none where there
 * was no spot) and promises the rest back; what the fee is above what was paid is charged to the saved card after the commit. Decides from the row, after the
 * lock: repeating it, or running late, does no harm.
 *
 * The caller has taken the pass at the gates first and has seen the lot's journal applied past the deadline, so that a vehicle that
 * is inside stands in the row. Locks the pool, then the row; publishes that the lot and the reservation changed.
 */
export async function releaseNoShow(platform: Platform, key: ReservationKey): Promise<NoShowOutcome> {
  return inTransaction(platform, async (tx) => {
    const { reservation, lot } = await lockReservation(tx, key);
    if (reservation.checkedInAt != null) return 'ARRIVED';
    if (reservation.state !== 'CONFIRMED' || reservation.graceEndsAt > tx.now) return 'NOT_DUE';
    const { feeMinor, refundMinor, chargeMinor } =
      reservation.compensatedAt == null ? await feeOf(tx, reservation, lot.timeZone) : noFee(reservation);
    const keptMinor = feeMinor - chargeMinor;
    await releaseAllocation(tx, { lotId: lot.id, reservationId: reservation.id });
    applyMove(tx, { reservation, lot, event: 'RELEASE_NO_SHOW' });
    const promisedMinor = await refundReservation(tx, { ...key, amountMinor: refundMinor, reason: 'NO_SHOW' });
    await takeNoShowFee(tx, reservation, { keptMinor, chargeMinor });
    Object.assign(reservation, {
      endedAt: tx.now,
      feeMinor: reservation.feeMinor + keptMinor,
      refundedMinor: reservation.refundedMinor + promisedMinor,
      outcomeRule: `NO_SHOW_${reservation.policy.noShow.fee}`,
    });
    return 'RELEASED';
  });
}

/** Confirmed reservations whose grace has passed, oldest first. */
export async function dueNoShows(platform: Platform, limit: number): Promise<ReservationKey[]> {
  const due = await platform.orm.em
    .fork()
    .find(
      Reservation,
      { state: 'CONFIRMED', graceEndsAt: { $lte: platform.clock.now() } },
      { fields: ['lotId', 'id'], orderBy: { graceEndsAt: 'asc' }, limit },
    );
  return due.map(({ lotId, id }) => ({ lotId, reservationId: id }));
}

/** There was no spot to come to. */
function noFee({ paidMinor, refundedMinor, feeMinor }: Reservation): NoShowFee {
  return { feeMinor: 0, refundMinor: paidMinor - refundedMinor - feeMinor, chargeMinor: 0 };
}

async function feeOf(tx: Transaction, reservation: Reservation, timeZone: string): Promise<NoShowFee> {
  const tariff = await tx.em.findOneOrFail(Tariff, { lotId: reservation.lotId, id: reservation.tariffId });
  return noShowFee({
    ...concededTerms(promisedConcessions(reservation.concessions), { period: reservation, timeZone }),
    policy: reservation.policy,
    tariff: tariff.document,
    timeZone,
    spotType: reservation.pricedSpotType,
    vehicleClass: reservation.vehicleClass,
    multiplierPercent: reservation.multiplierPercent,
    period: reservation,
    paidMinor: reservation.paidMinor - reservation.refundedMinor - reservation.feeMinor,
  });
}

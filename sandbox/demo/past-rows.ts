// The rows that past visits have left: reservations, stays, payments, refunds and balanced books.

import { reservationCode } from '../../src/domain/code.ts';
import { addMinutes, DAY_MS, type Period } from '../../src/domain/period.ts';
import type { RefundReason } from '../../src/domain/payment.ts';
import {
  cancellationRefund,
  earlyDepartureRefund,
  noShowFee,
  type PricedReservation,
} from '../../src/domain/refunds.ts';
import { graceEndsAt, type ReservationState } from '../../src/domain/reservation.ts';
import type { Price } from '../../src/domain/tariff/document.ts';
import { priceStay } from '../../src/domain/tariff/engine.ts';
import type { Platform } from '../../src/platform/platform.ts';
import type { Chance } from './chance.ts';
import type { PastVisit } from './history.ts';
import type { DemoLot } from './lots.ts';
import { PastBooks, type PastPayment } from './past-books.ts';

const NO_SHOW_SHARE = 0.06;
const CANCELLED_SHARE = 0.08;
const EXPIRED_SHARE = 0.02;
const EARLY_SHARE = 0.25;

/** How a past reservation ended. */
interface Outcome {
  readonly state: Extract<ReservationState, 'COMPLETED' | 'CANCELLED' | 'NO_SHOW' | 'EXPIRED'>;
  readonly refundMinor: number;
  readonly feeMinor: number;
  readonly outcomeRule: string | null;
  readonly refundReason: RefundReason;
  readonly endedAt: Date;
  readonly stay?: Period;
}

/** Collects the rows of one lot. */
export class PastRows {
  readonly reservations: ReturnType<PastRows['reservationRow']>[] = [];
  readonly stays: ReturnType<PastRows['stayRow']>[] = [];
  readonly books: PastBooks;
  private readonly codes = new Set<string>();
  private readonly platform: Platform;
  private readonly chance: Chance;
  private readonly lot: DemoLot;

  constructor(demo: { platform: Platform; chance: Chance }, lot: DemoLot) {
    this.platform = demo.platform;
    this.chance = demo.chance;
    this.lot = lot;
    const taxPercent = lot.tariff.document.tax?.percent ?? 0;
    this.books = new PastBooks(demo.chance, { lotId: lot.lot.id, currency: lot.lot.currency, taxPercent });
  }

  addReserved(visit: PastVisit): void {
    const price = this.priceOf(visit, visit.period);
    const createdAt = new Date(visit.period.startsAt.getTime() - this.chance.int(1, 8 * 24) * (DAY_MS / 24));
    const outcome = this.outcomeOf(visit, price, createdAt);
    const id = this.chance.id(createdAt);
    this.reservations.push(this.reservationRow(visit, { id, price, createdAt, outcome }));
    const { driverId } = visit.vehicle;
    const isPaid = outcome.state !== 'EXPIRED' && price.totalMinor > 0;
    const payment: PastPayment = {
      kind: 'RESERVATION',
      reservationId: id,
      stayId: null,
      driverId,
      amountMinor: price.totalMinor,
    };
    if (isPaid) {
      const paymentId = this.books.capture(payment, addMinutes(createdAt, 2));
      this.books.refund(paymentId, {
        amountMinor: outcome.refundMinor,
        reason: outcome.refundReason,
        at: outcome.endedAt,
      });
      if (outcome.state === 'NO_SHOW') this.books.keepFee(id, { keptMinor: outcome.feeMinor, at: outcome.endedAt });
    }
    if (!outcome.stay) return;
    const costMinor = price.totalMinor - outcome.refundMinor;
    this.stays.push(this.stayRow(visit, { kind: 'RESERVED', reservationId: id, period: outcome.stay, costMinor }));
  }

  addWalkIn(visit: PastVisit): void {
    const costMinor = this.priceOf(visit, visit.period).totalMinor;
    const stay = this.stayRow(visit, { kind: 'WALK_IN', reservationId: null, period: visit.period, costMinor });
    this.stays.push(stay);
    const payment: PastPayment = {
      kind: 'STAY',
      reservationId: null,
      stayId: stay.id,
      driverId: null,
      amountMinor: costMinor,
    };
    if (costMinor > 0) this.books.capture(payment, addMinutes(visit.period.endsAt, -2));
  }

  private priceOf({ spot, multiplierPercent }: PastVisit, period: Period): Price {
    const { tariff, city } = this.lot;
    return priceStay({
      tariff: tariff.document,
      timeZone: city.timeZone,
      period,
      spotType: spot.spotType,
      multiplierPercent,
    });
  }

  private outcomeOf(visit: PastVisit, price: Price, createdAt: Date): Outcome {
    const { chance } = this;
    const { policy } = this.lot.lot;
    const { period } = visit;
    const { tariff, city } = this.lot;
    const paidMinor = price.totalMinor;
    const { spot, multiplierPercent } = visit;
    const terms = { tariff: tariff.document, timeZone: city.timeZone, spotType: spot.spotType };
    const priced: PricedReservation = { policy, period, paidMinor, multiplierPercent, ...terms };
    if (chance.happens(EXPIRED_SHARE)) return ended('EXPIRED', addMinutes(createdAt, policy.holdMinutes));
    if (chance.happens(CANCELLED_SHARE)) {
      const leadMinutes = (period.startsAt.getTime() - createdAt.getTime()) / 60_000;
      const now = addMinutes(createdAt, chance.int(5, Math.max(5, leadMinutes - 1)));
      const { refundMinor, feeMinor, rule } = cancellationRefund({ policy, paidMinor, period, now });
      return { ...ended('CANCELLED', now), refundMinor, feeMinor, outcomeRule: rule };
    }
    if (chance.happens(NO_SHOW_SHARE)) {
      const { refundMinor } = noShowFee(priced);
      const feeMinor = paidMinor - refundMinor;
      const endedAt = graceEndsAt(period, policy.graceMinutes);
      return {
        ...ended('NO_SHOW', endedAt),
        refundMinor,
        feeMinor,
        outcomeRule: `NO_SHOW_${policy.noShow.fee}`,
        refundReason: 'NO_SHOW',
      };
    }
    return this.visited(visit, priced);
  }

  private visited({ period }: PastVisit, priced: PricedReservation): Outcome {
    const { chance } = this;
    const lateMinutes = chance.int(-10, 20);
    const minutes = (period.endsAt.getTime() - period.startsAt.getTime()) / 60_000;
    const usedPercent = chance.happens(EARLY_SHARE) ? chance.int(50, 90) : 100;
    const leftAt =
      usedPercent === 100
        ? addMinutes(period.endsAt, chance.int(-8, 10))
        : addMinutes(period.startsAt, Math.floor((minutes * usedPercent) / 100));
    const { refundMinor, rule } = earlyDepartureRefund({ ...priced, leftAt });
    const stay = { startsAt: addMinutes(period.startsAt, lateMinutes), endsAt: leftAt };
    const outcomeRule = refundMinor > 0 ? rule : null;
    return { ...ended('COMPLETED', leftAt), refundMinor, outcomeRule, refundReason: 'EARLY_DEPARTURE', stay };
  }

  private reservationRow(
    { vehicle, spot, period, multiplierPercent }: PastVisit,
    past: { id: string; price: Price; createdAt: Date; outcome: Outcome },
  ) {
    const { lot, tariff } = this.lot;
    const { price, createdAt, outcome } = past;
    const { state, stay } = outcome;
    return {
      ...this.platform.plates.seal(lot.id, vehicle.plate),
      ...period,
      lotId: lot.id,
      id: past.id,
      code: this.code(),
      driverId: vehicle.driverId,
      state,
      spotType: spot.spotType,
      pricedSpotType: spot.spotType,
      spotId: spot.id,
      pinned: false,
      vehicleId: vehicle.id,
      vehicleClass: vehicle.vehicleClass,
      plateCountry: vehicle.country,
      holdExpiresAt: addMinutes(createdAt, lot.policy.holdMinutes),
      graceEndsAt: graceEndsAt(period, lot.policy.graceMinutes),
      price,
      totalMinor: price.totalMinor,
      currency: price.currency,
      tariffId: tariff.id,
      multiplierPercent,
      policy: lot.policy,
      revision: stay ? 4 : 3,
      paidMinor: state === 'EXPIRED' ? 0 : price.totalMinor,
      refundedMinor: outcome.refundMinor,
      feeMinor: outcome.feeMinor,
      noShowKeptMinor: state === 'NO_SHOW' && outcome.feeMinor > 0 ? outcome.feeMinor : null,
      outcomeRule: outcome.outcomeRule,
      createdAt,
      confirmedAt: state === 'EXPIRED' ? null : addMinutes(createdAt, 2),
      checkedInAt: stay?.startsAt ?? null,
      completedAt: stay?.endsAt ?? null,
      endedAt: stay ? null : outcome.endedAt,
    };
  }

  private stayRow(
    { vehicle, spot, multiplierPercent }: PastVisit,
    past: { kind: 'RESERVED' | 'WALK_IN'; reservationId: string | null; period: Period; costMinor: number },
  ) {
    const { lot, tariff, gates } = this.lot;
    const { kind, reservationId, period, costMinor } = past;
    const gateOf = (direction: string) => gates.filter((gate) => gate.direction === direction).map((gate) => gate.id);
    return {
      ...this.platform.plates.seal(lot.id, vehicle.plate),
      lotId: lot.id,
      id: this.chance.id(period.startsAt),
      kind,
      state: 'LEFT' as const,
      reservationId,
      spotId: spot.id,
      spotType: spot.spotType,
      vehicleClass: vehicle.vehicleClass,
      code: kind === 'WALK_IN' ? this.code() : null,
      tariffId: tariff.id,
      multiplierPercent,
      currency: lot.currency,
      enteredAt: period.startsAt,
      leftAt: period.endsAt,
      entryGateId: this.chance.pick(gateOf('ENTRY')),
      exitGateId: this.chance.pick(gateOf('EXIT')),
      entryScanId: this.chance.id(period.startsAt),
      exitScanId: this.chance.id(period.endsAt),
      totalMinor: costMinor,
      paidMinor: costMinor,
      paidUntil: null,
    };
  }

  /** A code that the lot has not used. */
  private code(): string {
    for (;;) {
      const code = reservationCode(this.chance.bytes(5));
      if (this.codes.has(code)) continue;
      this.codes.add(code);
      return code;
    }
  }
}

function ended(state: Outcome['state'], endedAt: Date): Outcome {
  return { state, refundMinor: 0, feeMinor: 0, outcomeRule: null, refundReason: 'CANCELLED', endedAt };
}

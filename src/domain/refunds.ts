import { percentOf } from './money.ts';
import { addMinutes, earlierOf, laterOf } from './period.ts';
import type { Period } from './period.ts';
import type { LotPolicy } from './policies.ts';
import type { Price } from './tariff/document.ts';
import { priceStay, priceStayTotal } from './tariff/engine.ts';
import type { StayToPrice } from './tariff/engine.ts';

/** What a reservation was priced by, with what made it cheaper, and what has been paid for it (minor units of the tariff's currency). */
export interface PricedReservation extends StayToPrice {
  readonly policy: LotPolicy;
  readonly paidMinor: number;
}

/** `refundMinor` plus `feeMinor` is what was paid; `rule` names the sentence of the policy that decided. */
export interface CancellationRefund {
  readonly refundMinor: number;
  readonly feeMinor: number;
  readonly rule: 'FREE_CANCELLATION' | 'LATE_CANCELLATION' | 'PERIOD_OVER';
}

/**
 * What comes back when a reservation is cancelled at `now`: everything until `freeUntilMinutesBefore` the start (that minute
 * included), then `refundPercentAfter` per cent until the period ends, then nothing.
 */
export function cancellationRefund(
  cancelled: Pick<PricedReservation, 'policy' | 'paidMinor' | 'period'> & { readonly now: Date },
): CancellationRefund {
  const { policy, paidMinor, period, now } = cancelled;
  const { freeUntilMinutesBefore, refundPercentAfter } = policy.cancellation;
  if (now >= period.endsAt) return { refundMinor: 0, feeMinor: paidMinor, rule: 'PERIOD_OVER' };
  const freeUntil = addMinutes(period.startsAt, -freeUntilMinutesBefore);
  if (now <= freeUntil) return { refundMinor: paidMinor, feeMinor: 0, rule: 'FREE_CANCELLATION' };
  const refundMinor = upTo(percentOf(paidMinor, refundPercentAfter), paidMinor);
  return { refundMinor, feeMinor: paidMinor - refundMinor, rule: 'LATE_CANCELLATION' };
}

/** `refundMinor` plus `chargedMinor` is what was paid; `usedPrice` explains what the used part would have cost by itself. */
export interface EarlyDepartureRefund {
  readonly refundMinor: number;
  readonly chargedMinor: number;
  readonly usedPeriod: Period;
  readonly usedPrice: Price;
  readonly rule: 'EARLY_DEPARTURE' | 'NOT_EARLY';
}

/**
 * What comes back to a driver who leaves at `leftAt`: `refundPercent` per cent of what was paid beyond the price of the used part
 * (from the period's start until they left, at least `minimumChargeMinutes`), by the tariff and multiplier of the promise.
 * Never below zero and never above what was paid; nothing from the period's end on. Leaving earlier never gives less.
 */
export function earlyDepartureRefund(
  left: Omit<PricedReservation, 'policy'> & {
    readonly policy: Pick<LotPolicy, 'earlyDeparture'>;
    readonly leftAt: Date;
  },
): EarlyDepartureRefund {
  const { policy, period, paidMinor, leftAt } = left;
  const { refundPercent, minimumChargeMinutes } = policy.earlyDeparture;
  const chargedUntil = laterOf(leftAt, addMinutes(period.startsAt, minimumChargeMinutes));
  const usedPeriod = { startsAt: period.startsAt, endsAt: earlierOf(chargedUntil, period.endsAt) };
  const usedPrice = priceStay({ ...left, period: usedPeriod });
  if (leftAt >= period.endsAt) {
    return { refundMinor: 0, chargedMinor: paidMinor, usedPeriod, usedPrice, rule: 'NOT_EARLY' };
  }
  const refundMinor = upTo(percentOf(paidMinor - usedPrice.totalMinor, refundPercent), paidMinor);
  return { refundMinor, chargedMinor: paidMinor - refundMinor, usedPeriod, usedPrice, rule: 'EARLY_DEPARTURE' };
}

/**
 * `feeMinor` is what not coming costs: what is kept of what was paid, plus `chargeMinor`, which is charged afterwards.
 * What is kept plus `refundMinor` is what was paid, so of refund and charge at most one is above zero.
 */
export interface NoShowFee {
  readonly feeMinor: number;
  readonly refundMinor: number;
  readonly chargeMinor: number;
}

/**
 * What a no-show costs by the lot's policy, and what comes back: NONE nothing, FIXED an amount, PERCENT of what was paid,
 * FIRST_HOURS the tariff's price of the period's first hours, FULL everything. Only a FIXED fee may exceed what was paid, and the
 * rest of it is charged; under the others nobody is charged again for a spot that others could use.
 */
export function noShowFee(missed: PricedReservation): NoShowFee {
  const { paidMinor, policy } = missed;
  const wantedMinor = Math.max(0, wantedNoShowFee(missed));
  const keptMinor = upTo(wantedMinor, paidMinor);
  const chargeMinor = policy.noShow.fee === 'FIXED' ? wantedMinor - keptMinor : 0;
  return { feeMinor: keptMinor + chargeMinor, refundMinor: paidMinor - keptMinor, chargeMinor };
}

function wantedNoShowFee(missed: PricedReservation): number {
  const { paidMinor, period } = missed;
  const { fee, fixedMinor = 0, percent = 0, hours = 0 } = missed.policy.noShow;
  switch (fee) {
    case 'NONE':
      return 0;
    case 'FIXED':
      return fixedMinor;
    case 'PERCENT':
      return percentOf(paidMinor, percent);
    case 'FIRST_HOURS': {
      const endsAt = earlierOf(addMinutes(period.startsAt, hours * 60), period.endsAt);
      return priceStayTotal({ ...missed, period: { startsAt: period.startsAt, endsAt } });
    }
    case 'FULL':
      return paidMinor;
  }
}

function upTo(amountMinor: number, limitMinor: number): number {
  return Math.min(Math.max(0, amountMinor), limitMinor);
}

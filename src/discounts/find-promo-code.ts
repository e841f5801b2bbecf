import type { EntityManager } from '@mikro-orm/postgresql';
import { discountOf, valueOf } from '../domain/discount-value.ts';
import {
  normalizePromoCode,
  promoCodeProblem,
  promoPriceProblem,
  type PromoCodeProblem,
  type PromoCodeWish,
} from '../domain/promo-code.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Discount } from '../domain/tariff/discount.ts';
import { PromoCode } from '../entities/promo-code.ts';
import { promoUsesLeft } from './promo-limits.ts';

/** A code as somebody typed it, and what for. */
export interface TypedPromoCode extends PromoCodeWish {
  readonly operatorId: string;
  readonly code: string;
  /** Undefined for somebody who has not signed in: what only a driver can have used up is not looked at. */
  readonly driverId: string | undefined;
}

/** A code that holds for a wish, and what it takes off. */
export interface FoundPromoCode {
  readonly promoCode: PromoCode;
  readonly discount: Discount;
}

/**
 * The promo code that was typed. One statement, and one more for a code whose uses are limited. Claims nothing: `claimPromoCode` does, in
 * the booking's own transaction. Refuses with PROMO_CODE_UNKNOWN, _EXPIRED, _NOT_APPLICABLE and _USED_UP.
 */
export async function findPromoCode(em: EntityManager, typed: TypedPromoCode): Promise<FoundPromoCode> {
  const code = normalizePromoCode(typed.code);
  const promoCode =
    code === undefined ? null : await em.findOne(PromoCode, { operatorId: typed.operatorId, code: code });
  if (!promoCode) throw refusalOf({ code: 'PROMO_CODE_UNKNOWN', message: 'There is no such promo code.' });
  refuseIf(promoCodeProblem(promoCode, typed));
  refuseIf(await promoUsesLeft(em, promoCode, { driverId: typed.driverId, now: typed.now }));
  return { promoCode, discount: promoDiscount(promoCode) };
}

/** Refuses a code for a price that is too small for it; the price is what the parking costs without it. */
export function refusePrice(promoCode: PromoCode, priceMinor: number): void {
  refuseIf(promoPriceProblem(promoCode, priceMinor));
}

/** What a code takes off, as prices and quotes carry it. */
export function promoDiscount(promoCode: PromoCode): Discount {
  return discountOf({ source: 'PROMO', id: promoCode.id, name: promoCode.code }, valueOf(promoCode));
}

/** Throws what is wrong with a code, if anything is. */
export function refuseIf(problem: PromoCodeProblem | undefined): void {
  if (problem) throw refusalOf(problem);
}

function refusalOf({ code, message }: PromoCodeProblem): Refusal {
  return new Refusal(code, message, { field: ['promoCode'] });
}

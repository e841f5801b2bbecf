import type { EntityManager } from '@mikro-orm/postgresql';
import { occupancyPercent } from '../availability/occupancy.ts';
import { priceSpot } from '../availability/price-spot.ts';
import { readQuote, type QuoteTerms } from '../availability/quote-token.ts';
import { priceWithoutPromo, type QuoteRequest } from '../availability/quote.ts';
import { findConcessions, isSameBrought, type BroughtAlong } from '../discounts/find-concessions.ts';
import { refusePrice } from '../discounts/find-promo-code.ts';
import type { QuotedConcessions } from '../domain/concession-text.ts';
import type { Concessions } from '../domain/concessions.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Period } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Price } from '../domain/tariff/document.ts';
import { multiplierPercent } from '../domain/tariff/multiplier.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import type { Lot } from '../entities/lot.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import { Tariff } from '../entities/tariff.ts';
import type { Platform } from '../platform/platform.ts';

/** What a reservation will cost, and by which rules: stored with it and never computed again. */
export interface Terms {
  readonly tariffId: string;
  readonly pricedSpotType: SpotType;
  readonly multiplierPercent: number;
  readonly price: Price;
  readonly concessions: Concessions | null;
}

/** The request a price is needed for. */
export interface PricedRequest extends BroughtAlong {
  readonly lot: Lot;
  /** The one in force. */
  readonly tariff: Tariff;
  readonly period: Period;
  /** The types that would do, best fit first; the first one's rate is the price. */
  readonly spotTypes: readonly SpotType[];
  readonly vehicleClass: VehicleClass;
  readonly quoteId?: string;
  readonly driverId: string;
  readonly now: Date;
}

/**
 * The terms of a request: those of its quote while that holds, otherwise today's tariff and the occupancy of this moment.
 * Refuses with QUOTE_INVALID (not ours, or for another lot, period, vehicle, promo code or monthly pass), QUOTE_EXPIRED, and the
 * PROMO_CODE_ and MONTHLY_PASS_ reasons. Claims nothing.
 */
export async function termsOf(platform: Platform, em: EntityManager, request: PricedRequest): Promise<Terms> {
  if (request.quoteId !== undefined) return quotedTerms(platform, em, { ...request, quoteId: request.quoteId });
  const { lot, tariff, period, now } = request;
  const pricedSpotType = firstOf(request.spotTypes);
  const percent = tariff.document.multiplier
    ? multiplierPercent(
        tariff.document,
        await occupancyPercent(em, { lotId: lot.id, spotType: pricedSpotType, period, now }),
      )
    : 100;
  const { promoCode, concessions } = await findConcessions(em, request);
  const spot = { spotType: pricedSpotType, vehicleClass: request.vehicleClass };
  const priced = { lot, tariff, ...spot, period, multiplierPercent: percent, concessions };
  if (promoCode) refusePrice(promoCode, priceWithoutPromo(priced));
  return terms(priced);
}

async function quotedTerms(
  platform: Platform,
  em: EntityManager,
  request: PricedRequest & { quoteId: string },
): Promise<Terms> {
  const { lot, period } = request;
  const quoted = readQuote(platform, request.quoteId);
  if (quoted === 'INVALID' || !isQuoteOf(quoted, { ...request, lotId: lot.id })) throw quoteInvalid();
  if (!isSameBrought(request, quoted.concessions)) throw quoteInvalid();
  if (quoted.expiresAt <= request.now) throw expired(quoted);
  const inForce = request.tariff.id === quoted.tariffId;
  const tariff = inForce ? request.tariff : await em.findOneOrFail(Tariff, { lotId: lot.id, id: quoted.tariffId });
  const concessions = await quotedConcessions(em, { lotId: lot.id, quoted: quoted.concessions });
  const { spotType, vehicleClass, multiplierPercent: percent } = quoted;
  return terms({ lot, tariff, spotType, vehicleClass, period, multiplierPercent: percent, concessions });
}

/** What a quote's id does not say of a monthly pass stands with the pass and never changes. */
async function quotedConcessions(
  em: EntityManager,
  { lotId, quoted }: { lotId: string; quoted: QuotedConcessions | null },
): Promise<Concessions | null> {
  if (quoted === null) return null;
  const { monthlyPass, ...others } = quoted;
  if (monthlyPass === undefined) return others;
  const { name, hours } = await em.findOneOrFail(MonthlyPass, { lotId, id: monthlyPass.id });
  return { ...others, monthlyPass: { ...monthlyPass, name, hours } };
}

/** Whether a quote is for this lot, period and vehicle. */
export function isQuoteOf(
  quoted: QuoteTerms,
  request: { lotId: string; period: Period; spotTypes: readonly SpotType[]; vehicleClass: VehicleClass },
): boolean {
  const { lotId, period, spotTypes, vehicleClass } = request;
  return (
    quoted.lotId === lotId &&
    quoted.period.startsAt.getTime() === period.startsAt.getTime() &&
    quoted.period.endsAt.getTime() === period.endsAt.getTime() &&
    spotTypes.includes(quoted.spotType) &&
    quoted.vehicleClass === vehicleClass
  );
}

function quoteInvalid(): Refusal {
  return new Refusal('QUOTE_INVALID', 'This quote is not for this lot, period and vehicle. Ask for a new one.', {
    field: ['quoteId'],
  });
}

function expired({ lotId, period, spotType, vehicleClass, concessions }: QuoteTerms): Refusal {
  const promoCode = concessions?.promo?.name;
  const monthlyPassId = concessions?.monthlyPass?.id;
  const request: QuoteRequest = {
    ...{ lotId, period, spotType, vehicleClass },
    ...(promoCode === undefined ? {} : { promoCode }),
    ...(monthlyPassId === undefined ? {} : { monthlyPassId }),
  };
  return new Refusal('QUOTE_EXPIRED', 'This quote has expired. Ask for a new one.', {
    field: ['quoteId'],
    details: { request },
  });
}

function terms(priced: Parameters<typeof priceSpot>[0] & { tariff: Tariff }): Terms {
  return {
    tariffId: priced.tariff.id,
    pricedSpotType: priced.spotType,
    multiplierPercent: priced.multiplierPercent,
    price: priceSpot(priced),
    concessions: priced.concessions ?? null,
  };
}

function firstOf(spotTypes: readonly SpotType[]): SpotType {
  const [first] = spotTypes;
  if (first === undefined) throw new Error('a request asks for at least one spot type');
  return first;
}

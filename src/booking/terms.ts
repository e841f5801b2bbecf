import type { EntityManager } from '@mikro-orm/postgresql';
import { occupancyPercent } from '../availability/occupancy.ts';
import { priceSpot } from '../availability/price-spot.ts';
import { readQuote, type QuoteTerms } from '../availability/quote-token.ts';
import type { QuoteRequest } from '../availability/quote.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Period } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Price } from '../domain/tariff/document.ts';
import { multiplierPercent } from '../domain/tariff/multiplier.ts';
import type { Lot } from '../entities/lot.ts';
import { Tariff } from '../entities/tariff.ts';
import type { Platform } from '../platform/platform.ts';

/** What a reservation will cost, and by which rules: stored with it and never computed again. */
export interface Terms {
  readonly tariffId: string;
  readonly pricedSpotType: SpotType;
  readonly multiplierPercent: number;
  readonly price: Price;
}

/** The request a price is needed for. */
export interface PricedRequest {
  readonly lot: Lot;
  /** The one in force. */
  readonly tariff: Tariff;
  readonly period: Period;
  /** The types that would do, best fit first; the first one's rate is the price. */
  readonly spotTypes: readonly SpotType[];
  readonly quoteId?: string;
  readonly now: Date;
}

/**
 * The terms of a request: those of its quote while that holds, otherwise today's tariff and the occupancy of this moment.
 * Refuses with QUOTE_INVALID (not ours, or for another lot, period or vehicle) and QUOTE_EXPIRED.
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
  return terms({ lot, tariff, spotType: pricedSpotType, period, multiplierPercent: percent });
}

async function quotedTerms(
  platform: Platform,
  em: EntityManager,
  request: PricedRequest & { quoteId: string },
): Promise<Terms> {
  const { lot, period } = request;
  const quoted = readQuote(platform, request.quoteId);
  if (quoted === 'INVALID' || !isQuoteOf(quoted, { ...request, lotId: lot.id })) throw quoteInvalid();
  if (quoted.expiresAt <= request.now) throw expired(quoted);
  const inForce = request.tariff.id === quoted.tariffId;
  const tariff = inForce ? request.tariff : await em.findOneOrFail(Tariff, { lotId: lot.id, id: quoted.tariffId });
  return terms({ lot, tariff, spotType: quoted.spotType, period, multiplierPercent: quoted.multiplierPercent });
}

/** Whether a quote is for this lot, period and vehicle. */
export function isQuoteOf(
  quoted: QuoteTerms,
  request: { lotId: string; period: Period; spotTypes: readonly SpotType[] },
): boolean {
  const { lotId, period, spotTypes } = request;
  return (
    quoted.lotId === lotId &&
    quoted.period.startsAt.getTime() === period.startsAt.getTime() &&
    quoted.period.endsAt.getTime() === period.endsAt.getTime() &&
    spotTypes.includes(quoted.spotType)
  );
}

function quoteInvalid(): Refusal {
  return new Refusal('QUOTE_INVALID', 'This quote is not for this lot, period and vehicle. Ask for a new one.', {
    field: ['quoteId'],
  });
}

function expired({ lotId, period, spotType, vehicleClass }: QuoteTerms): Refusal {
  const request: QuoteRequest = { lotId, period, spotType, vehicleClass };
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
  };
}

function firstOf(spotTypes: readonly SpotType[]): SpotType {
  const [first] = spotTypes;
  if (first === undefined) throw new Error('a request asks for at least one spot type');
  return first;
}

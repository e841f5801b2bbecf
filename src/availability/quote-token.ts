import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Config } from '../config.ts';
import {
  longConcessions,
  shortConcessions,
  type QuotedConcessions,
  type ShortConcessions,
} from '../domain/concession-text.ts';
import type { Period } from '../domain/period.ts';
import { isSpotType, type SpotType } from '../domain/spot-type.ts';
import { isVehicleClass, type VehicleClass } from '../domain/vehicle.ts';

/** How long a quoted price is kept. */
export const QUOTE_MINUTES = 10;

/** Everything a price follows from. Nothing of it is stored: it travels in the quote's id. */
export interface QuoteTerms {
  readonly lotId: string;
  readonly period: Period;
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly tariffId: string;
  readonly multiplierPercent: number;
  readonly expiresAt: Date;
  /** What the driver brought along that makes it cheaper; null for nothing. */
  readonly concessions: QuotedConcessions | null;
}

type Body = readonly [string, number, number, string, string, string, number, number, ShortConcessions?];

const PREFIX = 'qte_';
const SIGNATURE_BYTES = 16;
/** Longer texts are no quotes of ours and are not even decoded. */
const MAX_LENGTH = 1024;

/**
 * The id of a quote: its terms in base64url and a signature under a key derived from the installation's data key. Whoever holds it
 * can prove what was offered; nobody can change it.
 */
export function issueQuote(platform: { readonly config: Config }, terms: QuoteTerms): string {
  const { lotId, period, spotType, vehicleClass, tariffId, multiplierPercent, expiresAt } = terms;
  const quoted = [
    lotId,
    period.startsAt.getTime(),
    period.endsAt.getTime(),
    spotType,
    vehicleClass,
    tariffId,
    multiplierPercent,
    expiresAt.getTime(),
  ] as const;
  const body: Body = terms.concessions === null ? quoted : [...quoted, shortConcessions(terms.concessions)];
  const bytes = Buffer.from(JSON.stringify(body));
  return PREFIX + Buffer.concat([signature(platform.config.dataKey, bytes), bytes]).toString('base64url');
}

/**
 * Reads a quote's id back. INVALID for any text that `issueQuote` of this installation did not make. Whether it has expired is the
 * caller's question (`expiresAt`), because the answer to it is a new quote.
 */
export function readQuote(platform: { readonly config: Config }, quoteId: string): QuoteTerms | 'INVALID' {
  if (!quoteId.startsWith(PREFIX) || quoteId.length > MAX_LENGTH) return 'INVALID';
  const text = quoteId.slice(PREFIX.length);
  const signed = Buffer.from(text, 'base64url');
  if (signed.length <= SIGNATURE_BYTES || signed.toString('base64url') !== text) return 'INVALID';
  const bytes = signed.subarray(SIGNATURE_BYTES);
  if (!timingSafeEqual(signed.subarray(0, SIGNATURE_BYTES), signature(platform.config.dataKey, bytes)))
    return 'INVALID';
  const body = JSON.parse(bytes.toString()) as Body;
  const [lotId, startsAt, endsAt, spotType, vehicleClass, tariffId, multiplierPercent, expiresAt, short] = body;
  const concessions = short === undefined ? null : longConcessions(short);
  // Signed, so ours; a release may still have dropped a type since.
  if (!isSpotType(spotType) || !isVehicleClass(vehicleClass) || concessions === undefined) return 'INVALID';
  return {
    lotId,
    period: { startsAt: new Date(startsAt), endsAt: new Date(endsAt) },
    spotType,
    vehicleClass,
    tariffId,
    multiplierPercent,
    expiresAt: new Date(expiresAt),
    concessions,
  };
}

function signature(dataKey: Buffer, bytes: Buffer): Buffer {
  const key = Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), 'quote/signature', 32));
  return createHmac('sha256', key).update(bytes).digest().subarray(0, SIGNATURE_BYTES);
}

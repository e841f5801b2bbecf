/** An amount in integer minor units (cents, öre, yen) of one ISO 4217 currency. */
export interface Money {
  readonly amountMinor: number;
  readonly currency: string;
}

/** An exact fraction; the denominator is not zero. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
/** Percentages may have up to four decimals (25.5 % tax, 8.1 %): counted in ten-thousandths they are whole. */
const PERCENT_SCALE = 10_000;

const digitsByCurrency = new Map<string, number>();

/** True for an ISO 4217 code in capitals that the runtime's currency data knows. */
export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** How many decimals the currency has: 2 for EUR, 0 for JPY, 3 for BHD. Throws RangeError for text that is no currency code. */
export function minorUnitDigits(currency: string): number {
  const known = digitsByCurrency.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  digitsByCurrency.set(currency, digits);
  return digits;
}

/** From the provider's list (docs.stripe.com/currencies#minimum-and-maximum-charge-amounts), in minor units. */
const SMALLEST_CHARGES: ReadonlyMap<string, number> = new Map(
  Object.entries({
    ...{ USD: 50, EUR: 50, CHF: 50, CAD: 50, AUD: 50, NZD: 50, SGD: 50, BRL: 50, INR: 50, JPY: 50, GBP: 30 },
    ...{ DKK: 250, SEK: 300, NOK: 300, PLN: 200, CZK: 1500, HUF: 17_500, RON: 200, BGN: 100 },
    ...{ AED: 200, HKD: 400, MXN: 1000, MYR: 200, THB: 1000 },
  }),
);

/** The smallest amount of a currency that cards can be charged, in minor units; 1 where none is known. */
export function smallestChargeMinor(currency: string): number {
  return SMALLEST_CHARGES.get(currency) ?? 1;
}

/** Writes an amount the way people of that locale do ("12,50 €"). Exact for every safe integer; a locale that is none reads as English. */
export function formatMoney(money: Money, locale: string): string {
  const digits = minorUnitDigits(money.currency);
  const format = new Intl.NumberFormat(localeOrEnglish(locale), { style: 'currency', currency: money.currency });
  return format.format(decimalText(money.amountMinor, digits));
}

/**
 * `percent` per cent of an amount, exact, rounded half up (−0.5 becomes 0).
 * The percentage has at most four decimals. Throws RangeError when an argument or the result is not exact.
 */
export function percentOf(amountMinor: number, percent: number): number {
  const scaled = Math.round(percent * PERCENT_SCALE);
  if (Math.abs(scaled / PERCENT_SCALE - percent) > Number.EPSILON * Math.max(1, Math.abs(percent))) {
    throw new RangeError('a percentage has at most four decimals');
  }
  return multiply(amountMinor, { numerator: scaled, denominator: 100 * PERCENT_SCALE });
}

/** The amount times an exact fraction, rounded half up. Throws RangeError when an argument or the result is not a safe integer. */
export function multiply(amountMinor: number, ratio: Ratio): number {
  if (ratio.denominator === 0) throw new RangeError('the denominator is zero');
  let numerator = exact(amountMinor) * exact(ratio.numerator);
  let denominator = exact(ratio.denominator);
  if (denominator < 0n) [numerator, denominator] = [-numerator, -denominator];
  const doubled = 2n * numerator + denominator;
  return safe(floorDivide(doubled, 2n * denominator));
}

function exact(value: number): bigint {
  if (!Number.isSafeInteger(value)) throw new RangeError('not a safe integer');
  return BigInt(value);
}

function safe(value: bigint): number {
  const result = Number(value);
  if (!Number.isSafeInteger(result)) throw new RangeError('the result is not a safe integer');
  return result;
}

/** BigInt division truncates towards zero; rounding half up needs the floor. */
function floorDivide(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  return numerator % denominator < 0n ? quotient - 1n : quotient;
}

/** "-12.05" from (-1205, 2): Intl formats decimal text exactly, a division by 100 would not be exact. */
function decimalText(amountMinor: number, digits: number): Intl.StringNumericLiteral {
  const text = exact(amountMinor).toString();
  return `${text}E-${digits}` as Intl.StringNumericLiteral;
}

function localeOrEnglish(locale: string): string {
  try {
    return Intl.getCanonicalLocales(locale)[0] ?? 'en';
  } catch {
    return 'en';
  }
}

import { multiply } from './money.ts';

/** Tax rates have at most two decimals. */
const PERCENT_SCALE = 100;

/** How much of an amount that contains its tax is tax, rounded half up; minor units. */
export function includedTax(amountMinor: number, percent: number): number {
  const scaled = Math.round(percent * PERCENT_SCALE);
  return multiply(amountMinor, { numerator: scaled, denominator: 100 * PERCENT_SCALE + scaled });
}

/**
 * How much of a tax goes back with the next part of an amount: `taxMinor` stands in `wholeMinor`, of which `beforeMinor`
 * has gone back. The parts of the whole sum to its tax exactly.
 */
export function taxOfPart(
  whole: { readonly wholeMinor: number; readonly taxMinor: number },
  part: { readonly beforeMinor: number; readonly amountMinor: number },
): number {
  const { wholeMinor: denominator, taxMinor } = whole;
  const until = (minor: number) => (denominator === 0 ? 0 : multiply(taxMinor, { numerator: minor, denominator }));
  return until(part.beforeMinor + part.amountMinor) - until(part.beforeMinor);
}

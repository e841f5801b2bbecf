// Amounts inside the engine are whole numbers of a part of the minor unit, so that "1.00 an hour, by the minute" stays exact however
// long it is summed: `scale` says how many parts a minor unit has. Rounding happens once, where a line shows a sum.

/** The amount in whole minor units, rounded half up. Neither argument is negative. */
export function wholeMinor(parts: bigint, scale: bigint): bigint {
  return scale === 1n ? parts : (2n * parts + scale) / (2n * scale);
}

/** As a number. Throws RangeError for an amount that is not a safe integer. */
export function minorNumber(minor: bigint): number {
  const amount = Number(minor);
  if (!Number.isSafeInteger(amount)) throw new RangeError('the price is not a safe integer');
  return amount;
}

/** The smallest number that both divide. */
export function leastCommonMultiple(a: bigint, b: bigint): bigint {
  return (a / greatestCommonDivisor(a, b)) * b;
}

/** The largest number that divides both; one of them is above zero. */
export function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : greatestCommonDivisor(b, a % b);
}

/** The lesser of two amounts. */
export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

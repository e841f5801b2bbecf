import type { AmountRounding } from './document.ts';

/** Question 13: an amount that is not negative, as a multiple of `toMinor`; NEAREST takes the higher of two that are as near. */
export function roundAmount(amountMinor: number, { toMinor, mode }: AmountRounding): number {
  const over = amountMinor % toMinor;
  if (over === 0) return amountMinor;
  const isUp = mode === 'UP' || (mode === 'NEAREST' && 2 * over >= toMinor);
  return amountMinor - over + (isUp ? toMinor : 0);
}

import type { Amount } from '../../format/money.ts';

const decimalsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;

/** What stands in a field for an amount: "12.50", or "1250" where the currency has no decimals. */
export function amountText({ amountMinor, currency }: Amount): string {
  const decimals = decimalsOf(currency);
  return (amountMinor / 10 ** decimals).toFixed(decimals);
}

/** The amount that a person typed, with a comma or a point, in minor units; undefined when it is none, or has too many decimals. */
export function amountFrom(text: string, currency: string): number | undefined {
  const match = /^(\d{1,9})(?:[.,](\d*))?$/.exec(text.trim());
  const decimals = decimalsOf(currency);
  if (!match || (match[2] ?? '').length > decimals) return undefined;
  return Number((match[1] ?? '') + (match[2] ?? '').padEnd(decimals, '0'));
}

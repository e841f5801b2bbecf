/** An amount as the interface gives it: whole minor units. */
export interface Amount {
  readonly amountMinor: number;
  readonly currency: string;
}

/** An amount as a reader of `locale` writes it, in its own currency, with as many decimals as that has. */
export function formatAmount({ amountMinor, currency }: Amount, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const decimals = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** decimals);
}

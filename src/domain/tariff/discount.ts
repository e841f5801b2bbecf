/** Something that makes one stay cheaper than its tariff says. `id` names it in the rows, `name` on the line. */
export type Discount = { readonly source: 'PROMO' | 'VALIDATION'; readonly id: string; readonly name: string } & (
  | { readonly kind: 'MONEY'; readonly minor: number }
  | { readonly kind: 'PERCENT'; readonly percent: number }
  | {
      readonly kind: 'TIME';
      readonly minutes: number;
      readonly meaning: 'LOWEST_PRICE' | 'LATER_ARRIVAL' | 'EARLIER_DEPARTURE';
    }
);

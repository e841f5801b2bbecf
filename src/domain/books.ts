/** What can be wrong with books. */
export const BOOKS_FAULT_KINDS = ['UNBALANCED', 'NOT_POSTED', 'REFUNDS_ABOVE_CAPTURE', 'DEBTS_DIFFER'] as const;
export type BooksFaultKind = (typeof BOOKS_FAULT_KINDS)[number];

/** One thing that is wrong with the books of a lot. `about` is the id of the posting, the payment, the refund or the lot. */
export interface BooksFault {
  readonly kind: BooksFaultKind;
  readonly lotId: string;
  readonly about: string;
  /** By how much, in minor units of the currency; 0 where nothing stands at all. */
  readonly offByMinor: number;
  readonly currency: string;
}

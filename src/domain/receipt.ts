/** What the law wants on a receipt beside the money, as its operator wrote it. */
export interface ReceiptDetails {
  readonly legalName?: string;
  readonly legalAddress?: string;
  readonly taxId?: string;
  readonly footer?: string;
}

/** An amount with its words. */
export interface ReceiptLine {
  readonly text: string;
  readonly amountMinor: number;
}

/** What a receipt says, as it was when it was issued. Amounts are minor units of `currency`; a refund's are what goes back. */
export interface ReceiptContent {
  readonly kind: 'PAYMENT' | 'REFUND';
  readonly legalName: string;
  readonly legalAddress: string;
  readonly taxId: string | null;
  readonly footer: string | null;
  readonly lotName: string;
  readonly timeZone: string;
  readonly currency: string;
  /** What it is for ("Reservation PK-7Q3M-2F"). */
  readonly subject: string;
  readonly period: { readonly startsAt: string; readonly endsAt: string } | null;
  /** All but the last two signs hidden; null where no vehicle is known. */
  readonly maskedPlate: string | null;
  readonly lines: readonly ReceiptLine[];
  readonly totalMinor: number;
  readonly tax: {
    readonly name: string;
    readonly percent: number;
    readonly netMinor: number;
    readonly taxMinor: number;
  } | null;
  /** How it was paid or given back. */
  readonly payments: readonly ReceiptLine[];
  readonly paidAt: string;
  /** The receipt that this one takes back from. */
  readonly ofNumber: number | null;
}

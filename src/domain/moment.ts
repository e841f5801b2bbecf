/** What happens in the life of a reservation, as its staff are told. */
export const MOMENT_KINDS = [
  'MADE',
  'CONFIRMED',
  'SCANNED',
  'CHECKED_IN',
  'COMPLETED',
  'CANCELLED',
  'EXPIRED',
  'NO_SHOW',
  'DISPLACED',
  'PAID',
  'REFUND_PROMISED',
  'REFUNDED',
  'INCIDENT',
  'ACT_OF_STAFF',
] as const;
export type MomentKind = (typeof MOMENT_KINDS)[number];

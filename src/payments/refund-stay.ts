import type { RefundReason } from '../domain/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { refundLatestFirst } from './refund-latest-first.ts';

/** Promises back a part of what was paid at a till or by card for a walk-in's stay, as `refundLatestFirst` does. */
export async function refundStay(
  tx: Transaction,
  { lotId, stayId, ...wish }: { lotId: string; stayId: string; amountMinor: number; reason: RefundReason },
): Promise<number> {
  return refundLatestFirst(tx, { lotId, stayId, kinds: ['STAY'] }, wish);
}

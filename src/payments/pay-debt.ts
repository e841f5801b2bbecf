import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { readIntent } from './intent.ts';
import { recordCapture } from './record-capture.ts';

/**
 * Asks the provider what became of a debt's payment and, once it is captured, settles the debt with it. For whoever comes
 * first, the payer, the webhook or a sweep. Locks the payment, then the debt. Refuses with NOT_FOUND, PAYMENT_UNAVAILABLE.
 */
export async function settleDebtPayment(
  platform: Platform,
  { lotId, paymentId }: { lotId: string; paymentId: string },
): Promise<void> {
  const { status, capturedMinor, ref: providerRef } = await readIntent(platform, { lotId, id: paymentId });
  if (status !== 'SUCCEEDED') return;
  await inTransaction(platform, (tx) => recordCapture(tx, { lotId, paymentId, capturedMinor, providerRef }));
}

import type { Platform } from '../platform/platform.ts';
import { readPayment, type PaymentKey } from './payment-row.ts';
import { startPayment } from './start-payment.ts';

/**
 * With what the payer's own device pays at the provider. Starts the payment when that was not done yet. Null once there
 * is nothing to pay, and while the provider does not answer: ask again. Give it to nobody but the payer. Talks to the
 * provider.
 * Refuses with NOT_FOUND.
 */
export async function clientSecretOf(platform: Platform, key: PaymentKey): Promise<string | null> {
  await startPayment(platform, { lotId: key.lotId, paymentId: key.id });
  const { state, clientSecret } = await readPayment(platform, key);
  const payable = state === 'UNKNOWN' || state === 'REQUIRES_PAYMENT' || state === 'REQUIRES_ACTION';
  return payable ? (clientSecret ?? null) : null;
}

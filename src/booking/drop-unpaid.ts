import { cancelIntent } from '../payments/intent.ts';
import { paymentOfReservation } from '../payments/payment-of-reservation.ts';
import { readPayment } from '../payments/payment-row.ts';
import type { Platform } from '../platform/platform.ts';
import type { ReservationKey } from './move.ts';
import { settleReservation } from './settle-reservation.ts';

/**
 * Makes sure that nobody pays any more for a reservation that ended before it was paid. What was paid in the last moment is settled,
 * which sends it back. Talks to the provider; when that is away, the sweep of abandoned payments calls again.
 */
export async function dropUnpaid(platform: Platform, key: ReservationKey): Promise<void> {
  const payment = await paymentOfReservation(platform.orm.em.fork(), key);
  if (payment) await dropPayment(platform, { lotId: payment.lotId, paymentId: payment.id });
}

/** The same for the payment itself. */
export async function dropPayment(platform: Platform, key: { lotId: string; paymentId: string }): Promise<void> {
  const payment = await readPayment(platform, { lotId: key.lotId, id: key.paymentId });
  if (payment.capturedAt != null || payment.state === 'CANCELED') return;
  if ((await cancelIntent(platform, payment)) === 'CAPTURED') await settleReservation(platform, key);
}

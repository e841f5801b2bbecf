import { settleExtension } from '../booking/extension.ts';
import { settleMonthlyPass } from '../booking/settle-monthly-pass.ts';
import { settleReservation } from '../booking/settle-reservation.ts';
import type { PaymentKind } from '../domain/payment.ts';
import { settleStay } from '../gate/settle-stay.ts';
import { chargeSavedCard } from '../payments/charge-saved-card.ts';
import { settleDebtPayment } from '../payments/pay-debt.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * Asks the provider what became of a payment and lets whatever it pays for take the step that follows, once. For the
 * webhook and for the sweep that makes up for a lost one. Refuses with PAYMENT_UNAVAILABLE when the provider can't be
 * asked.
 */
export async function settlePayment(
  platform: Platform,
  payment: { lotId: string; paymentId: string; kind: PaymentKind },
): Promise<void> {
  const { lotId, paymentId } = payment;
  const key = { lotId, paymentId };
  switch (payment.kind) {
    case 'RESERVATION':
      await settleReservation(platform, key);
      break;
    case 'CHANGE':
      await settleExtension(platform, key);
      break;
    case 'STAY':
      await settleStay(platform, key);
      break;
    case 'NO_SHOW_FEE':
    case 'OVERSTAY':
      await chargeSavedCard(platform, key);
      break;
    case 'DEBT':
      await settleDebtPayment(platform, key);
      break;
    case 'MONTHLY_PASS':
      await settleMonthlyPass(platform, key);
  }
}

import { dropPayment } from '../booking/drop-unpaid.ts';
import { isChargedLater } from '../domain/payment.ts';
import { chargeSavedCard } from '../payments/charge-saved-card.ts';
import { sendRefund } from '../payments/send-refund.ts';
import { startPayment } from '../payments/start-payment.ts';
import { abandonedPayments, owedPayments, owedRefunds, unknownPayments } from '../payments/sweeps.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Sweep } from './job.ts';
import { settlePayment } from './settle-payment.ts';

/** Payments whose start was cut off, and charges that nobody has tried yet. */
export const SWEEP_OWED_PAYMENTS: Sweep = {
  name: 'owed-payments',
  everySeconds: 60,
  run: async (platform) =>
    eachFound(platform, await owedPayments(platform), async (payment) => {
      await (isChargedLater(payment.kind) ? chargeSavedCard : startPayment)(platform, payment);
      return true;
    }),
};

/** Payments whose outcome no webhook has told us. */
export const SWEEP_UNKNOWN_PAYMENTS: Sweep = {
  name: 'unknown-payments',
  everySeconds: 60,
  run: async (platform) =>
    eachFound(platform, await unknownPayments(platform), async (payment) => {
      await settlePayment(platform, payment);
      return true;
    }),
};

/** Payments that could still be made for reservations that have ended. */
export const SWEEP_ABANDONED_PAYMENTS: Sweep = {
  name: 'abandoned-payments',
  everySeconds: 60,
  run: async (platform) =>
    eachFound(platform, await abandonedPayments(platform), async (payment) => {
      await dropPayment(platform, payment);
      return true;
    }),
};

/** Refunds that were promised and have not reached their end. */
export const SWEEP_REFUNDS: Sweep = {
  name: 'owed-refunds',
  everySeconds: 60,
  run: async (platform) =>
    eachFound(platform, await owedRefunds(platform), async (refund) => {
      await sendRefund(platform, refund);
      return true;
    }),
};

import { Refusal } from '../domain/refusal.ts';
import { automaticPayerOf, type AutomaticPayer } from '../payments/automatic-payment.ts';
import { confirmAway } from '../payments/intent.ts';
import { startPayment } from '../payments/start-payment.ts';
import type { Platform } from '../platform/platform.ts';
import { withinMs } from '../platform/within-ms.ts';
import { owedPayment } from './pay-stay.ts';
import { settleStay } from './settle-stay.ts';

/** Of the three seconds after which an exit has to open. */
const CHARGE_WITHIN_MS = 2000;

/** A walk-in at the exit, and what it owes. */
interface Leaving {
  readonly lotId: string;
  readonly stayId: string;
  /** The scan by which it wants out: the same one again charges nothing again. */
  readonly scanId: string;
  readonly plateCipher: string | null;
  readonly dueMinor: number;
  readonly currency: string;
  /** When the exit saw it: what it owed then is what is charged. */
  readonly observedAt: Date;
}

/**
 * Charges what a walk-in owes at the exit to the saved card of the driver in whose account its plate stands, if they have agreed to that and
 * the amount is within their limit. PAID: it may leave. NO: nobody agreed, or the card was refused; it is asked as others are. LATER: the
 * provider did not answer within two seconds; nobody is kept for that: what comes of it pays the debt that the exit writes.
 * Talks to PostgreSQL and the provider; locks the stay.
 */
export async function payAtExit(platform: Platform, leaving: Leaving): Promise<'PAID' | 'NO' | 'LATER'> {
  const { plateCipher, dueMinor, currency } = leaving;
  if (plateCipher === null || dueMinor <= 0) return 'NO';
  const plate = platform.plates.open(plateCipher);
  const payer = await automaticPayerOf(platform, { plate, dueMinor, currency });
  if (payer === undefined) return 'NO';
  try {
    await withinMs(CHARGE_WITHIN_MS, charge(platform, leaving, payer));
    return 'PAID';
  } catch (error) {
    if (error instanceof Refusal && error.code !== 'PAYMENT_UNAVAILABLE')
      return error.code === 'NOTHING_DUE' ? 'PAID' : 'NO';
    platform.log.warn(
      { err: error, stayId: leaving.stayId },
      'a visit could not be charged at the exit in time; it is billed later',
    );
    return 'LATER';
  }
}

async function charge(platform: Platform, leaving: Leaving, payer: AutomaticPayer): Promise<void> {
  const { lotId, stayId, scanId, observedAt: pricedAt } = leaving;
  const { driverId, paymentMethodId } = payer;
  const wish = { idempotencyKey: scanId, stay: { lotId, stayId }, paymentMethodId, pricedAt };
  const { paymentId } = await owedPayment(platform, wish, { kind: 'DRIVER', driverId });
  await startPayment(platform, { lotId, paymentId });
  await confirmAway(platform, { lotId, id: paymentId }, paymentMethodId);
  await settleStay(platform, { lotId, paymentId });
}

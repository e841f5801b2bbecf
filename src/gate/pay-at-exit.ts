import { Refusal } from '../domain/refusal.ts';
import { automaticPayerOf, type AutomaticPayer } from '../payments/automatic-payment.ts';
import { confirmAway } from '../payments/intent.ts';
import { startPayment } from '../payments/start-payment.ts';
import type { Platform } from '../platform/platform.ts';
import { withinMs } from '../platform/within-ms.ts';
import type { WithinRung } from './exit-bounds.ts';
import { owedPayment } from './pay-stay.ts';
import { settleStay } from './settle-stay.ts';

/** Of the time that a charge at the exit has: who would pay is found out within this. */
const PAYER_WITHIN_MS = 500;

/** What became of the money, as the exit ladder hears of it, and who is asked for it later. */
export interface AtExit {
  readonly event: 'PAID' | 'REFUSED' | 'FAILED';
  readonly payerDriverId?: string;
}

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
 * the amount is within their limit. PAID: it may leave. REFUSED: nobody agreed, or the card was refused. FAILED: the provider is away or
 * did not answer within the rung's time; nobody is kept for that: the exit writes a debt of that driver, and what comes of the charge,
 * or of another once the provider is back, pays it.
 * Talks to PostgreSQL and the provider; locks the stay.
 */
export async function payAtExit(
  platform: Platform,
  leaving: Leaving,
  { within, isProviderUp }: { within: WithinRung; isProviderUp: boolean },
): Promise<AtExit> {
  let payer: AutomaticPayer | undefined;
  try {
    payer = await within('CHARGE_CARD', () => withinMs(PAYER_WITHIN_MS, payerOf(platform, leaving)));
    if (payer === undefined) return { event: 'REFUSED' };
    if (!isProviderUp) return { event: 'FAILED', payerDriverId: payer.driverId };
    const { driverId, paymentMethodId } = payer;
    await within('CHARGE_CARD', () => charge(platform, leaving, { driverId, paymentMethodId }));
    return { event: 'PAID' };
  } catch (error) {
    if (error instanceof Refusal && error.code !== 'PAYMENT_UNAVAILABLE')
      return { event: error.code === 'NOTHING_DUE' ? 'PAID' : 'REFUSED' };
    const { stayId } = leaving;
    platform.log.warn({ err: error, stayId }, 'a visit could not be charged at the exit in time; it is billed later');
    return payer === undefined ? { event: 'FAILED' } : { event: 'FAILED', payerDriverId: payer.driverId };
  }
}

async function payerOf(platform: Platform, leaving: Leaving): Promise<AutomaticPayer | undefined> {
  const { plateCipher, dueMinor, currency } = leaving;
  if (plateCipher === null || dueMinor <= 0) return undefined;
  return automaticPayerOf(platform, { plate: platform.plates.open(plateCipher), dueMinor, currency });
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

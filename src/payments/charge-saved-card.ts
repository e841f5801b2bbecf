import { Driver } from '../entities/driver.ts';
import type { Payment } from '../entities/payment.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { Refusal } from '../domain/refusal.ts';
import { cancelIntent, enterConfirmation, keepEvidence, readIntent } from './intent.ts';
import { oweCharge } from './owe-charge.ts';
import { lockPayment, readPayment, type PaymentKey } from './payment-row.ts';
import type { CommandHandler } from './provider-commands.ts';
import { CardRefused, ProviderRefusal, ProviderTrouble, type IntentView } from './provider-answers.ts';
import { promiseRefund } from './promise-refund.ts';
import { recordCapture } from './record-capture.ts';
import { gatewayOf } from './stripe.ts';
import { isVoid, voidReason } from './void-mark.ts';

/** How long whoever was asked by their bank may take. */
const LONGEST_CONFIRMATION_MS = 24 * 3_600_000;

export type ChargeOutcome = 'CAPTURED' | 'REFUSED' | 'LATER' | 'NOTHING_DUE';

/**
 * Charges an opened payment (a no-show's fee, an overstay) to the driver's saved card, its owner away. CAPTURED: it is
 * in the books. REFUSED: the card was refused, there is none, or the amount is one that no card is charged; the payment
 * is FAILED, and one debt row says so, once: no further try. LATER: the provider's trouble or an answer still to come; its command
 * (CHARGE) calls again. NOTHING_DUE: it had ended before, and no money came nevertheless: whoever had it open on their own device may still
 * have paid it, which is booked, and goes back if it was called off.
 * Talks to the provider; locks the payment's row before and after, not during the call. Announces `payment.captured` or
 * `payment.charge_refused`. Refuses with NOT_FOUND.
 */
export async function chargeSavedCard(
  platform: Platform,
  { lotId, paymentId }: { lotId: string; paymentId: string },
): Promise<ChargeOutcome> {
  const key = { lotId, id: paymentId };
  const payment = await readPayment(platform, key);
  const hasEnded = payment.state === 'FAILED' || payment.state === 'CANCELED';
  // A dispute may have been heard of before the money. What the provider never made, nobody pays.
  if (payment.capturedAt != null || (hasEnded && payment.providerRef == null)) return 'NOTHING_DUE';
  const card = await savedCard(platform, payment);
  try {
    if (isVoid(payment)) return await drop(platform, key);
    if (hasEnded) return await takeLate(platform, key);
    // Evidence first: an earlier call may have taken the money, or been refused, without our hearing of it.
    const before = payment.providerRef != null || card !== undefined ? await readIntent(platform, key) : undefined;
    if (before === undefined || card === undefined) return await owe(platform, key, 'no_saved_card');
    return await conclude(
      platform,
      key,
      before.status === 'REQUIRES_PAYMENT' ? await charge(platform, { key, card, before }) : before,
    );
  } catch (error) {
    if (error instanceof CardRefused || error instanceof ProviderRefusal) return owe(platform, key, error.code);
    if (error instanceof ProviderTrouble) return 'LATER';
    if (!(error instanceof Refusal)) throw error;
    // What the provider would not even start stands as a debt already.
    if (error.code === 'PAYMENT_IMPOSSIBLE') return 'REFUSED';
    if (error.code === 'PAYMENT_UNAVAILABLE') return 'LATER';
    throw error;
  }
}

/** The command CHARGE: `chargeSavedCard` until there is an answer. */
export const chargeCommand: CommandHandler = async (platform, { lotId, subjectId }) => {
  const outcome = await chargeSavedCard(platform, { lotId, paymentId: subjectId });
  return outcome === 'LATER' ? 'TROUBLE' : 'DONE';
};

/** A charge that was called off: nobody pays it any more, and what was paid goes back. */
async function drop(platform: Platform, key: PaymentKey): Promise<ChargeOutcome> {
  const outcome = await cancelIntent(platform, key);
  if (outcome === 'CAPTURED') return conclude(platform, key, await readIntent(platform, key));
  return outcome === 'CANCELED' ? 'NOTHING_DUE' : 'LATER';
}

/** A charge that had ended: only money that came nevertheless changes anything. */
async function takeLate(platform: Platform, key: PaymentKey): Promise<ChargeOutcome> {
  const intent = await readIntent(platform, key);
  const came = intent.status === 'SUCCEEDED' || intent.status === 'PROCESSING';
  return came ? conclude(platform, key, intent) : 'NOTHING_DUE';
}

async function savedCard(platform: Platform, { driverId }: Payment): Promise<string | undefined> {
  if (driverId == null) return undefined;
  const driver = await platform.orm.em.fork().findOne(Driver, { id: driverId });
  return driver?.savedPaymentMethodId ?? undefined;
}

async function charge(
  platform: Platform,
  of: { key: PaymentKey; card: string; before: IntentView },
): Promise<IntentView> {
  const { key, card, before } = of;
  if (before.failureCode !== null) throw new CardRefused(before.failureCode);
  const attempt = await enterConfirmation(platform, key);
  if (attempt === undefined) return readIntent(platform, key);
  const confirmation = { paymentMethodId: card, owner: 'AWAY' } as const;
  try {
    const intent = await gatewayOf(platform).confirmIntent(before.ref, confirmation, `cf:${key.id}:${attempt}`);
    await keepEvidence(platform, key, intent);
    return intent;
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    const intent = await readIntent(platform, key);
    // Refused because another call was faster: that one counts.
    if (intent.status === 'REQUIRES_PAYMENT') throw error;
    return intent;
  }
}

async function conclude(platform: Platform, key: PaymentKey, intent: IntentView): Promise<ChargeOutcome> {
  const { capturedMinor, ref: providerRef } = intent;
  if (intent.status === 'CANCELED') return 'NOTHING_DUE';
  if (intent.status === 'REQUIRES_ACTION' && (await hasWaitedLong(platform, key)))
    return owe(platform, key, 'authentication_required');
  if (intent.status !== 'SUCCEEDED') return 'LATER';
  await inTransaction(platform, async (tx) => {
    const capture = { lotId: key.lotId, paymentId: key.id };
    const first = await recordCapture(tx, { ...capture, capturedMinor, providerRef });
    if (first !== 'FIRST') return;
    const payment = await lockPayment(tx, key);
    tx.afterCommit(({ metrics }) => metrics.savedCardCharges.inc({ kind: payment.kind, outcome: 'captured' }));
    // Called off while the card was being charged.
    if (isVoid(payment))
      await promiseRefund(tx, { ...capture, amountMinor: capturedMinor, reason: voidReason(payment) });
  });
  return 'CAPTURED';
}

/** Its driver began to pay it by themselves and never came back from their bank's page. */
async function hasWaitedLong(platform: Platform, key: PaymentKey): Promise<boolean> {
  const { createdAt } = await readPayment(platform, key);
  return platform.clock.now().getTime() - createdAt.getTime() > LONGEST_CONFIRMATION_MS;
}

/** The row's lock makes it one debt, however many callers are refused. */
async function owe(platform: Platform, key: PaymentKey, failureCode: string): Promise<ChargeOutcome> {
  return inTransaction(platform, async (tx) => {
    const payment = await lockPayment(tx, key);
    if (payment.capturedAt != null) return 'NOTHING_DUE';
    // Called off while the card was being asked: its command comes back and ends it at the provider.
    if (isVoid(payment)) return payment.state === 'CANCELED' ? 'NOTHING_DUE' : 'LATER';
    await oweCharge(tx, payment, failureCode);
    return 'REFUSED';
  });
}

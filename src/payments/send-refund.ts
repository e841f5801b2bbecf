import { LockMode } from '@mikro-orm/postgresql';
import { refundAfter } from '../domain/payment.ts';
import { Payment } from '../entities/payment.ts';
import { Refund } from '../entities/refund.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { moveDispute } from './dispute-state.ts';
import { transfer } from './ledger.ts';
import { ProviderRefusal, ProviderTrouble, type RefundView } from './provider-answers.ts';
import type { CommandHandler } from './provider-commands.ts';
import { gatewayOf } from './stripe.ts';

interface RefundKey {
  readonly lotId: string;
  readonly refundId: string;
}

/** LATER: the provider could not be asked; its command calls again, and so should whoever has heard of news. */
export type RefundProgress = 'AS_FAR_AS_IT_GOES' | 'LATER';

interface Sending {
  /** Whether an earlier call may have reached the provider. */
  readonly mayBeThere: boolean;
  readonly refund: Refund;
  readonly intentRef: string;
}

/**
 * Brings a promised refund as far as the provider lets it, once: before a second try it looks whether the first one
 * arrived, and the key is derived (`re:<refundId>`). The row is UNKNOWN during the call. Never throws for the
 * provider's troubles but says LATER: the row says what is owed and its command (REFUND) calls again. One that had succeeded
 * is read again when there is news of it: banks send money back days later. What the provider refuses for good is FAILED, still owed in the books,
 * and announced for a person. Nothing is sent while the payment is disputed; what was sent is read all the same.
 * Locks payment, then refund, not during the call. Announces `payment.refunded`, `payment.refund_failed` and, when the
 * provider refuses because of a dispute that we have not heard of, `payment.disputed`.
 */
export async function sendRefund(platform: Platform, key: RefundKey): Promise<RefundProgress> {
  const sending = await enterUnknown(platform, key);
  if (!sending) return 'AS_FAR_AS_IT_GOES';
  try {
    await keepEvidence(platform, key, await deliver(platform, sending));
    return 'AS_FAR_AS_IT_GOES';
  } catch (error) {
    return noteFailure(platform, key, error);
  }
}

const LEAST_BETWEEN_LOOKS_MS = 60_000;
const LONGEST_BETWEEN_LOOKS_MS = 600_000;

/** The command REFUND: `sendRefund` until it has come to an end. One that waits for a dispute or for the bank is looked at now and then. */
export const refundCommand: CommandHandler = async (platform, { lotId, subjectId }) => {
  if ((await sendRefund(platform, { lotId, refundId: subjectId })) === 'LATER') return 'TROUBLE';
  const { state, createdAt } = await platform.orm.em.fork().findOneOrFail(Refund, { lotId, id: subjectId });
  if (state === 'SUCCEEDED' || state === 'FAILED') return 'DONE';
  const ageMs = platform.clock.now().getTime() - createdAt.getTime();
  return { againInMs: Math.min(Math.max(ageMs, LEAST_BETWEEN_LOOKS_MS), LONGEST_BETWEEN_LOOKS_MS) };
};

async function deliver(platform: Platform, { refund, intentRef, mayBeThere }: Sending): Promise<RefundView> {
  const gateway = gatewayOf(platform);
  if (refund.providerRef != null) return gateway.readRefund(refund.providerRef);
  const known = mayBeThere ? await gateway.findRefund(intentRef, refund.id) : undefined;
  if (known) return known;
  const { lotId, id, paymentId, amountMinor, attempts } = refund;
  const metadata = { lotId, refundId: id, paymentId };
  return gateway.createRefund(
    { intentRef, amountMinor, metadata },
    attempts === 0 ? `re:${id}` : `re:${id}:${attempts}`,
  );
}

async function enterUnknown(platform: Platform, key: RefundKey): Promise<Sending | undefined> {
  return inTransaction(platform, async (tx) => {
    const { payment, refund } = await lockBoth(tx, key);
    // One that succeeded is read again when a webhook says so: banks send money back days later.
    const waits = refund.providerRef == null && payment.state === 'DISPUTED';
    if (refund.state === 'FAILED' || waits || payment.providerRef == null) return undefined;
    const mayBeThere = refund.state === 'UNKNOWN';
    if (refund.state === 'OWED') refund.state = 'UNKNOWN';
    refund.updatedAt = tx.now;
    return { refund, mayBeThere, intentRef: payment.providerRef };
  });
}

async function keepEvidence(platform: Platform, key: RefundKey, view: RefundView): Promise<void> {
  await inTransaction(platform, async (tx) => {
    const { refund } = await lockBoth(tx, key);
    const before = refund.state;
    refund.providerRef = view.ref;
    refund.updatedAt = tx.now;
    refund.state = refundAfter(before, view.status);
    const ended = refund.state !== before && refund.state !== 'SENT';
    if (ended) refund.settledAt = tx.now;
    await tx.em.flush();
    await book(tx, refund);
    if (ended) announceEnd(tx, refund);
  });
}

/** What has left is taken from the provider's account; what came back stands there again and is owed as before. */
async function book(tx: Transaction, refund: Refund): Promise<void> {
  const { lotId, id: causeId, currency, amountMinor } = refund;
  const cause = { lotId, causeId, currency, amountMinor };
  await transfer(tx, { ...cause, causeKind: 'REFUND_SENT', debit: 'refunds:owed', credit: 'provider:clearing' });
  if (refund.state !== 'FAILED') return;
  await transfer(tx, { ...cause, causeKind: 'REFUND_FAILED', debit: 'provider:clearing', credit: 'refunds:owed' });
}

async function noteFailure(platform: Platform, key: RefundKey, error: unknown): Promise<RefundProgress> {
  const refused = error instanceof ProviderRefusal;
  if (!refused && !(error instanceof ProviderTrouble)) throw error;
  platform.log.warn({ err: error, refundId: key.refundId }, 'a refund could not be sent');
  if (refused || error.keptUnderKey)
    await inTransaction(platform, (tx) => giveUpKey(tx, key, refused ? error : undefined));
  return refused ? 'AS_FAR_AS_IT_GOES' : 'LATER';
}

/** The provider has kept its refusal or failure under this key. Nothing was made under it (a later try looks first). */
async function giveUpKey(tx: Transaction, key: RefundKey, refusal: ProviderRefusal | undefined): Promise<void> {
  const { payment, refund } = await lockBoth(tx, key);
  if (refund.state !== 'UNKNOWN') return;
  refund.updatedAt = tx.now;
  refund.attempts += 1;
  if (!refusal) return;
  if (refusal.code === 'charge_disputed') {
    refund.state = 'OWED';
    moveDispute(tx, payment, 'DISPUTED');
    return;
  }
  refund.state = 'FAILED';
  refund.settledAt = tx.now;
  announceEnd(tx, refund);
}

function announceEnd(tx: Transaction, { lotId, id, paymentId, state }: Refund): void {
  const type = state === 'SUCCEEDED' ? 'payment.refunded' : 'payment.refund_failed';
  tx.announce({ lotId, type, aggregateId: paymentId, payload: { refundId: id, paymentId } });
}

async function lockBoth(
  tx: Transaction,
  { lotId, refundId }: RefundKey,
): Promise<{ payment: Payment; refund: Refund }> {
  const { paymentId } = await tx.em.findOneOrFail(Refund, { lotId, id: refundId });
  const locked = { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } as const;
  const payment = await tx.em.findOneOrFail(Payment, { lotId, id: paymentId }, locked);
  const refund = await tx.em.findOneOrFail(Refund, { lotId, id: refundId }, locked);
  return { payment, refund };
}

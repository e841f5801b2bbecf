import { Refusal } from '../domain/refusal.ts';
import { Debt } from '../entities/debt.ts';
import { Payment } from '../entities/payment.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey, findKeyed, type KeyedCall } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { lockOpenDebt } from './debt-row.ts';
import { confirmIntent, readIntent } from './intent.ts';
import { openPayment } from './open-payment.ts';
import { recordCapture } from './record-capture.ts';
import { startPayment } from './start-payment.ts';

export interface PayDebtInput {
  readonly idempotencyKey: string;
  readonly lotId: string;
  readonly debtId: string;
  /** The card, as the provider's library gave it to the client; absent when the client confirms the payment by itself. */
  readonly paymentMethodId?: string | undefined;
}

/** Whoever pays: its driver, or whoever holds the link that was sent to them. */
export interface DebtPayer {
  /** In whose name the key is kept. */
  readonly actor: string;
  /** Whose debt it has to be; undefined with the link, which says so by itself. */
  readonly driverId: string | undefined;
}

type Owed = Readonly<{ paymentId: string }>;

/**
 * Pays what is left of a debt with a card: at once with `paymentMethodId`, else by the client with the payment's secret. The server says
 * how much. A charge of this debt that is still being tried is the one that is paid, so that nobody pays twice; and should a second
 * payment come all the same, it goes back. The same key goes on where the first call stopped.
 * Refuses with DEBT_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, PAYMENT_DECLINED, PAYMENT_ACTION_REQUIRED, PAYMENT_UNAVAILABLE,
 * PAYMENT_IMPOSSIBLE. Locks what is under way to pay it, then the debt. The provider is called outside of the transaction.
 */
export async function payDebt(
  platform: Platform,
  input: PayDebtInput,
  payer: DebtPayer,
): Promise<{ debt: Debt; payment: Payment; replayed: boolean }> {
  const { lotId, debtId, paymentMethodId } = input;
  const { paymentId, replayed } = await owedPayment(platform, input, payer);
  const key = { lotId, id: paymentId };
  const before = await platform.orm.em.fork().findOneOrFail(Payment, key);
  if (before.capturedAt == null) {
    await startPayment(platform, { lotId, paymentId });
    if (paymentMethodId !== undefined) {
      await confirmIntent(platform, key, paymentMethodId);
      await settleDebtPayment(platform, { lotId, paymentId });
    }
  }
  const em = platform.orm.em.fork();
  const [debt, payment] = await Promise.all([
    em.findOneOrFail(Debt, { lotId, id: debtId }),
    em.findOneOrFail(Payment, key),
  ]);
  return { debt, payment, replayed };
}

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

async function owedPayment(
  platform: Platform,
  { lotId, debtId, paymentMethodId, idempotencyKey: key }: PayDebtInput,
  payer: DebtPayer,
): Promise<Owed & { replayed: boolean }> {
  const input = { lotId, debtId, card: paymentMethodId };
  const keyed = { actor: payer.actor, key, operation: 'payDebt', input };
  const first = await findKeyed<Owed>(platform.orm.em.fork(), keyed);
  if (first) return { ...first, replayed: true };
  return inTransaction(platform, (tx) => owe(tx, { keyed, lotId, debtId, payer }));
}

async function owe(
  tx: Transaction,
  asked: { keyed: Omit<KeyedCall<Owed>, 'result'>; lotId: string; debtId: string; payer: DebtPayer },
): Promise<Owed & { replayed: boolean }> {
  const { keyed, lotId, debtId, payer } = asked;
  const debt = await lockOpenDebt(tx, { lotId, id: debtId });
  if (payer.driverId !== undefined && debt.driverId !== payer.driverId)
    throw new Refusal('DEBT_NOT_FOUND', 'You have no such debt.', { field: ['debtId'] });
  const open = await openPaymentOf(tx, debt);
  const { result, replayed } = await claimKey(tx, { ...keyed, result: { paymentId: open?.id ?? newId(tx.now) } });
  if (!replayed && !open) openPaymentFor(tx, debt, result.paymentId);
  return { ...result, replayed };
}

/** Opens a payment of what is left of a locked debt; gives nothing to the provider. */
export function openPaymentFor(tx: Transaction, debt: Debt, id: string): void {
  const { lotId, id: debtId, currency, driverId } = debt;
  const amountMinor = debt.amountMinor - debt.paidMinor;
  const whose = driverId == null ? {} : { driverId };
  openPayment(tx, { id, lotId, kind: 'DEBT', debtId, amountMinor, currency, ...whose });
}

/** What of a debt's payments may still be paid: its own charge, or one that was begun for it. */
export async function openPaymentOf(tx: Transaction, debt: Debt): Promise<Payment | null> {
  const { lotId, id: debtId, paymentId } = debt;
  const its = paymentId == null ? [{ debtId }] : [{ debtId }, { id: paymentId }];
  const over = { state: { $in: ['FAILED', 'CANCELED'] as const } };
  return tx.em.findOne(Payment, { lotId, capturedAt: null, $or: its, $not: over });
}

import { Refusal } from '../../domain/refusal.ts';
import type { TariffDocument } from '../../domain/tariff/document.ts';
import { cashAmountMinor } from '../../domain/tariff/engine.ts';
import { actorKey } from '../../domain/viewer.ts';
import { Payment } from '../../entities/payment.ts';
import { Refund } from '../../entities/refund.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import { claimKey } from '../../platform/idempotency.ts';
import type { Platform } from '../../platform/platform.ts';
import { post, withoutZero } from '../ledger.ts';
import { lockPayment } from '../payment-row.ts';
import { promiseRefund } from '../promise-refund.ts';
import { tariffOfCoins } from './coins.ts';
import { servedLot, type StaffViewer } from './served-lot.ts';
import { drawerMinor, lockOwnShift } from './shift-row.ts';

export interface RefundInCashInput {
  readonly idempotencyKey: string;
  readonly lotId: string;
  readonly shiftId: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  /** For whoever reads the books. */
  readonly reason: string;
}

/**
 * An attendant gives money back out of their drawer, for what was paid in coins or on a terminal: first what was promised before (a
 * merchant took it over, it was paid twice), each promise whole, then what is promised and done at once; at most what is left of the
 * payment and what lies in the drawer. Coins are rounded by the tariff. What came by card goes back to the card, not here.
 * Refuses with LOT_NOT_FOUND, REASON_REQUIRED, IDEMPOTENCY_KEY_REUSED, NOT_FOUND, INVALID_INPUT, SHIFT_NOT_FOUND. Locks the payment, then
 * the shift. Announces `payment.refund_promised` and `payment.refunded`.
 */
export async function refundInCash(
  platform: Platform,
  input: RefundInCashInput,
  staff: StaffViewer,
): Promise<{ payment: Payment; replayed: boolean }> {
  const { lotId, paymentId } = input;
  const { idempotencyKey: key, ...asked } = input;
  if (input.reason.trim() === '')
    throw new Refusal('REASON_REQUIRED', 'Say why money is given back.', { field: ['reason'] });
  const keyed = { actor: actorKey(staff), key, operation: 'refundInCash', input: asked };
  const replayed = await inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const claimed = await claimKey(tx, { ...keyed, result: { paymentId } });
    if (!claimed.replayed) await giveBack(tx, input, staff);
    return claimed.replayed;
  });
  return { payment: await platform.orm.em.fork().findOneOrFail(Payment, { lotId, id: paymentId }), replayed };
}

async function giveBack(tx: Transaction, input: RefundInCashInput, staff: StaffViewer): Promise<void> {
  const { lotId, paymentId, shiftId, amountMinor } = input;
  const payment = await lockPayment(tx, { lotId, id: paymentId });
  if (payment.method === 'CARD')
    throw new Refusal('INVALID_INPUT', 'It was paid with a card: it goes back there.', { field: ['paymentId'] });
  const promised = await tx.em.find(Refund, { lotId, paymentId, state: 'OWED' }, { orderBy: { id: 'asc' } });
  const promisedMinor = promised.reduce((sum, refund) => sum + refund.amountMinor, 0);
  const leftMinor = payment.capturedMinor - payment.refundedMinor + promisedMinor;
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0 || amountMinor > leftMinor)
    throw new Refusal('INVALID_INPUT', 'Give back more than nothing, and not more than is left of what was paid.', {
      field: ['amountMinor'],
      details: { leftMinor },
    });
  const shift = await lockOwnShift(tx, { lotId, shiftId }, staff);
  const tariff = await tariffOfCoins(tx, lotId);
  const parts = [...kept(promised, amountMinor)];
  const newMinor = amountMinor - parts.reduce((sum, refund) => sum + refund.amountMinor, 0);
  const coinsMinor = [...parts.map((refund) => refund.amountMinor), newMinor]
    .map((minor) => cashAmountMinor(tariff, minor))
    .reduce((sum, minor) => sum + minor, 0);
  if ((await drawerMinor(tx, shift)) < coinsMinor)
    throw new Refusal('INVALID_INPUT', 'There is not as much in your drawer.', { field: ['amountMinor'] });
  for (const refund of parts) await handOver(tx, { refund, tariff, input }, staff);
  if (newMinor === 0) return;
  const id = await promiseRefund(tx, { lotId, paymentId, amountMinor: newMinor, reason: 'STAFF' });
  if (id === undefined) throw new Error('what is left of a locked payment was given back by somebody else');
  const refund = await tx.em.findOneOrFail(Refund, { lotId, id });
  await handOver(tx, { refund, tariff, input }, staff);
}

/** The promises that an amount keeps: a receipt says how much each is, so none is kept by halves, nor passed over. */
function* kept(promised: readonly Refund[], amountMinor: number): Generator<Refund> {
  let left = amountMinor;
  for (const refund of promised) {
    if (left === 0) return;
    if (refund.amountMinor > left)
      throw new Refusal('INVALID_INPUT', 'Something was promised back before: hand that over whole, and first.', {
        field: ['amountMinor'],
        details: { promisedMinor: refund.amountMinor },
      });
    left -= refund.amountMinor;
    yield refund;
  }
}

async function handOver(
  tx: Transaction,
  { refund, tariff, input }: { refund: Refund; tariff: TariffDocument; input: RefundInCashInput },
  { staffId }: StaffViewer,
): Promise<void> {
  const { lotId, id: refundId, paymentId, currency, amountMinor } = refund;
  const cashMinor = cashAmountMinor(tariff, amountMinor);
  const done = { state: 'SUCCEEDED' as const, cashMinor, settledAt: tx.now, updatedAt: tx.now };
  Object.assign(refund, { ...done, shiftId: input.shiftId, staffId, note: input.reason.trim() });
  await tx.em.flush();
  await post(tx, {
    ...{ lotId, causeKind: 'REFUND_SENT', causeId: refundId, currency },
    lines: withoutZero([
      { account: 'refunds:owed', amountMinor },
      { account: 'cash:drawer', amountMinor: -cashMinor },
      { account: 'cash:rounding', amountMinor: cashMinor - amountMinor },
    ]),
  });
  tx.announce({ lotId, type: 'payment.refunded', aggregateId: paymentId, payload: { refundId, paymentId } });
}

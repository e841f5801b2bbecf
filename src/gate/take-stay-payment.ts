import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { actorKey } from '../domain/viewer.ts';
import type { Payment } from '../entities/payment.ts';
import { Stay } from '../entities/stay.ts';
import { recordManualPayment, type TakenBy } from '../payments/till/record-manual-payment.ts';
import { servedLot, type StaffViewer } from '../payments/till/served-lot.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey, findKeyed, type KeyedCall } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { dueNow, findWalkIn, stayNotFound, type StayRef } from './find-stay.ts';
import { callOff, notCalledOff, openPaymentOf, rowsOf, type Owed } from './pay-stay.ts';
import { projectPaid } from './settle-stay.ts';
import { walkInTariff } from './tariff-versions.ts';

export interface TakeStayPaymentInput {
  readonly idempotencyKey: string;
  readonly shiftId: string;
  readonly stay: StayRef;
  readonly takenBy: TakenBy;
}

/** Each time round one card payment that must not be paid any more is called off. */
const MAX_ATTEMPTS = 4;

/**
 * An attendant takes what a walk-in owes now, in coins or on the lot's own terminal: it is paid, and may leave until the exit grace of that
 * pay point is over. A card payment that was begun is called off first. The server says how much; the same key gets the same answer.
 * Refuses with LOT_NOT_FOUND, STAY_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, NOTHING_DUE, SHIFT_NOT_FOUND, INVALID_INPUT,
 * PAYMENT_UNAVAILABLE (whether the card paid can't be found out now). Locks the stay, then the shift.
 */
export async function takeStayPayment(
  platform: Platform,
  input: TakeStayPaymentInput,
  staff: StaffViewer,
): Promise<{ stay: Stay; payment: Payment; replayed: boolean }> {
  const { lotId } = input.stay;
  const { idempotencyKey: key, ...asked } = input;
  const keyed = { actor: actorKey(staff), key, operation: 'takeStayPayment', input: asked };
  const em = platform.orm.em.fork();
  await servedLot(em, lotId, staff);
  const first = await findKeyed<Owed>(em, keyed);
  if (first) return { ...(await rowsOf(platform, { lotId, ...first })), replayed: true };
  const { id: stayId } = await findWalkIn(em, input.stay);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const step = await inTransaction(platform, (tx) => take(tx, { keyed, input, stayId, staff }));
    if ('stale' in step) {
      await callOff(platform, { lotId, paymentId: step.stale });
      continue;
    }
    await projectPaid(platform, { lotId, stayId });
    return { ...(await rowsOf(platform, { lotId, ...step })), replayed: step.replayed };
  }
  throw notCalledOff();
}

async function take(
  tx: Transaction,
  asked: { keyed: Omit<KeyedCall<Owed>, 'result'>; input: TakeStayPaymentInput; stayId: string; staff: StaffViewer },
): Promise<(Owed & { replayed: boolean }) | { stale: string }> {
  const { keyed, input, stayId, staff } = asked;
  const { shiftId, takenBy } = input;
  const { lotId } = input.stay;
  const stay = await tx.em.findOne(Stay, { lotId, id: stayId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (stay?.state !== 'INSIDE') throw stayNotFound();
  const open = await openPaymentOf(tx, { lotId, stayId });
  if (open) return { stale: open.id };
  const claimed = await claimKey(tx, { ...keyed, result: { stayId, paymentId: newId(tx.now) } });
  if (claimed.replayed) return { ...claimed.result, replayed: true };
  const amountMinor = await dueNow(tx.em, stay, tx.now);
  if (amountMinor === 0)
    throw new Refusal('NOTHING_DUE', 'There is nothing to pay: the exit opens.', { field: ['stay'] });
  const { document: tariff } = await walkInTariff(tx.em, stay, tx.now);
  const taken = {
    lotId,
    shiftId,
    kind: 'STAY',
    stayId,
    amountMinor,
    currency: stay.currency,
    tariff,
    takenBy,
  } as const;
  await recordManualPayment(tx, { ...taken, id: claimed.result.paymentId }, staff);
  Object.assign(stay, { paidMinor: stay.paidMinor + amountMinor, paidUntil: tx.now, payPoint: takenBy.method });
  return { ...claimed.result, replayed: false };
}

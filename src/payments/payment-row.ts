import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';

/** Which payment. A {@link Payment} row is one, too. */
export interface PaymentKey {
  readonly lotId: string;
  readonly id: string;
}

/** Locks the payment's row until the transaction ends and reads it as it is after the lock. Refuses with NOT_FOUND. */
export async function lockPayment(tx: Transaction, key: PaymentKey): Promise<Payment> {
  const where = { lotId: key.lotId, id: key.id };
  const payment = await tx.em.findOne(Payment, where, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  return payment ?? notFound();
}

/** The payment's row as it is now. Refuses with NOT_FOUND. */
export async function readPayment(platform: Platform, key: PaymentKey): Promise<Payment> {
  const payment = await platform.orm.em.fork().findOne(Payment, { lotId: key.lotId, id: key.id });
  return payment ?? notFound();
}

function notFound(): never {
  throw new Refusal('NOT_FOUND', 'There is no such payment.');
}

import type { EntityManager } from '@mikro-orm/postgresql';
import { Payment } from '../entities/payment.ts';
import { Refund } from '../entities/refund.ts';
import type { PaymentKey } from './payment-row.ts';

interface ReservationKey {
  readonly lotId: string;
  readonly reservationId: string;
}

/**
 * The payment by which a reservation was or is to be confirmed; null for one that cost nothing. Its later charges are
 * not meant.
 */
export async function paymentOfReservation(em: EntityManager, key: ReservationKey): Promise<Payment | null> {
  const [payment] = await paymentsOfReservations(em, [key]);
  return payment ?? null;
}

/** The same for many reservations at once, in their order. */
export async function paymentsOfReservations(
  em: EntityManager,
  keys: readonly ReservationKey[],
): Promise<(Payment | null)[]> {
  const wanted = keys.map(({ lotId, reservationId }) => ({ lotId, reservationId }));
  const payments = await em.find(
    Payment,
    { kind: 'RESERVATION', $or: wanted },
    { orderBy: { createdAt: 'asc', id: 'asc' } },
  );
  const latest = new Map(payments.map((payment) => [`${payment.lotId}/${payment.reservationId ?? ''}`, payment]));
  return keys.map(({ lotId, reservationId }) => latest.get(`${lotId}/${reservationId}`) ?? null);
}

/** Whether a payment of each of these reservations, whatever for, is disputed; in their order. */
export async function disputedReservations(em: EntityManager, keys: readonly ReservationKey[]): Promise<boolean[]> {
  const wanted = keys.map(({ lotId, reservationId }) => ({ lotId, reservationId }));
  const disputed = await em.find(Payment, { state: 'DISPUTED', $or: wanted }, { fields: ['lotId', 'reservationId'] });
  const named = new Set(disputed.map(({ lotId, reservationId }) => `${lotId}/${reservationId ?? ''}`));
  return keys.map(({ lotId, reservationId }) => named.has(`${lotId}/${reservationId}`));
}

/** What was charged beside the price of each reservation, oldest first: fees, overstays, later ends; also what was refused. */
export async function chargesOfReservations(em: EntityManager, keys: readonly ReservationKey[]): Promise<Payment[][]> {
  const wanted = keys.map(({ lotId, reservationId }) => ({ lotId, reservationId }));
  const which = { kind: { $in: ['NO_SHOW_FEE', 'OVERSTAY', 'CHANGE'] as const }, $or: wanted };
  const charges = await em.find(Payment, which, { orderBy: { createdAt: 'asc', id: 'asc' } });
  return keys.map(({ lotId, reservationId }) =>
    charges.filter((charge) => charge.lotId === lotId && charge.reservationId === reservationId),
  );
}

/** The refunds of payments, oldest first, in the order of the payments. */
export async function refundsOfPayments(em: EntityManager, keys: readonly PaymentKey[]): Promise<Refund[][]> {
  const wanted = keys.map(({ lotId, id }) => ({ lotId, paymentId: id }));
  const refunds = await em.find(Refund, { $or: wanted }, { orderBy: { createdAt: 'asc', id: 'asc' } });
  return keys.map(({ lotId, id }) => refunds.filter((refund) => refund.lotId === lotId && refund.paymentId === id));
}

import { Refusal } from '../domain/refusal.ts';
import { actorKey, type Viewer } from '../domain/viewer.ts';
import { Lot } from '../entities/lot.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import { Payment } from '../entities/payment.ts';
import { confirmIntent } from '../payments/intent.ts';
import { openPayment } from '../payments/open-payment.ts';
import { startPayment } from '../payments/start-payment.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
import { inTurn } from '../platform/in-turn.ts';
import type { Platform } from '../platform/platform.ts';
import {
  firstMonth,
  insertPlates,
  passOfProduct,
  platesOfDriver,
  productOnSale,
  tellOfPass,
  type MonthlyPassWish,
} from './new-monthly-pass.ts';
import { settleMonthlyPass, type MonthDetail } from './settle-monthly-pass.ts';

export interface BuyMonthlyPassInput extends MonthlyPassWish {
  readonly idempotencyKey: string;
  /** Whether the months to come are charged to the saved card. */
  readonly renews?: boolean | undefined;
  /** The card, as the provider's library gave it; absent when the client confirms the payment by itself. */
  readonly paymentMethodId?: string | undefined;
}

type Driver = Extract<Viewer, { kind: 'DRIVER' }>;

/** What buying led to; `clientSecret` while it has still to be paid. */
export interface BoughtPass {
  readonly monthlyPass: MonthlyPass;
  readonly clientSecret: string | null;
  readonly replayed: boolean;
}

/**
 * Buys a monthly pass: pays its first month with the card, or gives the secret with which the client pays. It covers from its first day
 * on, but not before it is paid; then a whole month. The pass holds no spot. A repeated key goes on where the first call stopped.
 *
 * Refuses with IDEMPOTENCY_KEY_REUSED, LOT_NOT_FOUND, NOT_FOUND (not on sale), INVALID_INPUT, PLATE_INVALID, PAYMENT_DECLINED,
 * PAYMENT_ACTION_REQUIRED and PAYMENT_UNAVAILABLE. The provider is called outside of transactions. Announces `monthly_pass.changed`.
 */
export async function buyMonthlyPass(
  platform: Platform,
  input: BuyMonthlyPassInput,
  driver: Driver,
): Promise<BoughtPass> {
  return inTurn(platform, `monthly-pass/${driver.driverId}`, () => buyOnce(platform, input, driver));
}

async function buyOnce(platform: Platform, input: BuyMonthlyPassInput, driver: Driver): Promise<BoughtPass> {
  const { lotId } = input;
  const { ids, replayed } = await inTransaction(platform, (tx) => orderPass(tx, platform, { input, driver }));
  const read = () => platform.orm.em.fork().findOneOrFail(MonthlyPass, { lotId, id: ids.monthlyPassId });
  const payment = { lotId, id: ids.paymentId };
  const isOpen = (await read()).state === 'PENDING';
  if (isOpen) {
    await startPayment(platform, { lotId, paymentId: payment.id });
    if (input.paymentMethodId !== undefined) {
      await confirmIntent(platform, payment, input.paymentMethodId);
      await settleMonthlyPass(platform, { lotId, paymentId: payment.id });
    }
  }
  const monthlyPass = await read();
  const open = monthlyPass.state === 'PENDING' ? await platform.orm.em.fork().findOne(Payment, payment) : null;
  return { monthlyPass, clientSecret: open?.clientSecret ?? null, replayed };
}

interface Ordered {
  readonly ids: Readonly<{ monthlyPassId: string; paymentId: string }>;
  readonly replayed: boolean;
}

async function orderPass(
  tx: Transaction,
  platform: Platform,
  { input, driver }: { input: BuyMonthlyPassInput; driver: Driver },
): Promise<Ordered> {
  const { idempotencyKey: key, paymentMethodId: _card, ...wish } = input;
  const result = { monthlyPassId: newId(tx.now), paymentId: newId(tx.now) };
  const call = { actor: actorKey(driver), key, operation: 'buyMonthlyPass', input: wish, result };
  const claimed = await claimKey(tx, call);
  if (claimed.replayed) return { ids: claimed.result, replayed: true };
  const lot = await tx.em.findOne(Lot, { id: input.lotId });
  if (!lot) throw new Refusal('LOT_NOT_FOUND', 'There is no such lot.', { field: ['lotId'] });
  const product = await productOnSale(tx, input);
  const { driverId } = driver;
  const { monthlyPassId: id, paymentId } = result;
  const plates = input.plates ?? (await platesOfDriver(tx, platform, driverId));
  insertPlates(tx, platform, { lotId: lot.id, id, plates, mostPlates: product.mostPlates });
  const month = firstMonth(input, lot, tx.now);
  const isFree = product.priceMinor === 0;
  const terms = passOfProduct(product);
  tx.insert(MonthlyPass, {
    ...{ ...terms, ...month, id, driverId, revision: 1, createdAt: tx.now },
    state: isFree ? 'ACTIVE' : 'PENDING',
    renews: !isFree && (input.renews ?? false),
    paymentId: isFree ? null : paymentId,
  });
  tellOfPass(tx, { lotId: lot.id, id });
  if (!isFree) askForMonth(tx, { paymentId, driverId, terms, detail: { monthlyPassId: id, ...month } });
  return { ids: result, replayed: false };
}

/** Opens the payment of a month of a pass. */
export function askForMonth(
  tx: Transaction,
  asked: {
    paymentId: string;
    driverId: string;
    terms: { lotId: string; priceMinor: number; currency: string };
    detail: { monthlyPassId: string; startsAt: Date; endsAt: Date };
  },
): void {
  const { paymentId: id, driverId, terms, detail } = asked;
  const { lotId, priceMinor: amountMinor, currency } = terms;
  const { monthlyPassId, startsAt, endsAt } = detail;
  const month: MonthDetail = { monthlyPassId, startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() };
  openPayment(tx, { id, lotId, kind: 'MONTHLY_PASS', driverId, amountMinor, currency, detail: { ...month } });
}

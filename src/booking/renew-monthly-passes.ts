import { monthLater } from '../domain/monthly-pass.ts';
import { DAY_MS } from '../domain/period.ts';
import { Lot } from '../entities/lot.ts';
import { MonthlyPassProduct } from '../entities/monthly-pass-product.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import { Payment } from '../entities/payment.ts';
import { chargeSavedCard } from '../payments/charge-saved-card.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { eachFound } from '../platform/each-found.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { askForMonth } from './buy-monthly-pass.ts';
import { lockPass } from './end-monthly-pass.ts';
import { tellOfPass } from './new-monthly-pass.ts';
import { settleMonthlyPass } from './settle-monthly-pass.ts';

interface FoundPass {
  readonly lotId: string;
  readonly monthlyPassId: string;
}

/** The next month is charged on the last day of the one before, so that there is no gap. */
const AHEAD_MS = DAY_MS;
/** A bank that has not answered by then will not. */
const PATIENCE_MS = 3 * DAY_MS;

/**
 * Charges the next month of passes that renew and are about to end, and closes those that are over. A refused card is no debt: the pass
 * ends with the month that is paid. Gives for how many there was something to do; at most `limit` of each at a time.
 * Talks to the provider outside of transactions.
 */
export async function renewMonthlyPasses(platform: Platform, limit: number): Promise<number> {
  const now = platform.clock.now().getTime();
  const ending = await find(platform, { renews: true, endsAt: { $lte: new Date(now + AHEAD_MS) } }, limit);
  const renewed = await eachFound(platform, ending, (pass) => renew(platform, pass));
  const over = await find(platform, { renews: false, endsAt: { $lte: new Date(now) } }, limit);
  return renewed + (await eachFound(platform, over, (pass) => close(platform, pass)));
}

async function find(
  platform: Platform,
  which: { renews: boolean; endsAt: { $lte: Date } },
  limit: number,
): Promise<FoundPass[]> {
  const passes = await platform.orm.em
    .fork()
    .find(MonthlyPass, { ...which, state: 'ACTIVE' }, { fields: ['lotId', 'id'], orderBy: { endsAt: 'asc' }, limit });
  return passes.map(({ lotId, id }) => ({ lotId, monthlyPassId: id }));
}

async function renew(platform: Platform, key: FoundPass): Promise<boolean> {
  const { lotId } = key;
  const paymentId = await inTransaction(platform, (tx) => nextMonth(tx, key));
  if (paymentId === undefined) return true;
  const outcome = await chargeSavedCard(platform, { lotId, paymentId });
  if (outcome === 'LATER') return true;
  const payment = await platform.orm.em.fork().findOneOrFail(Payment, { lotId, id: paymentId });
  if (payment.capturedAt != null) await settleMonthlyPass(platform, { lotId, paymentId });
  else await inTransaction(platform, (tx) => endsWithItsMonth(tx, key));
  return true;
}

/** The payment of the month to come, the one that is under way if there is one; undefined when there will be none. */
async function nextMonth(tx: Transaction, key: FoundPass): Promise<string | undefined> {
  const pass = await lockPass(tx, key);
  if (pass?.state !== 'ACTIVE' || !pass.renews || pass.driverId == null) return undefined;
  if (pass.endsAt.getTime() + PATIENCE_MS < tx.now.getTime()) {
    pass.renews = false;
    return undefined;
  }
  const { lotId, driverId, endsAt: startsAt, productId } = pass;
  const last = pass.paymentId == null ? null : await tx.em.findOne(Payment, { lotId, id: pass.paymentId });
  if (last && isForNextMonth(last, pass)) return last.id;
  if (!(await tx.em.findOne(MonthlyPassProduct, { lotId, id: productId, endedAt: null }))) {
    pass.renews = false;
    return undefined;
  }
  const { timeZone } = await tx.em.findOneOrFail(Lot, { id: lotId });
  const paymentId = newId(tx.now);
  const detail = { monthlyPassId: pass.id, startsAt, endsAt: monthLater(startsAt, timeZone) };
  askForMonth(tx, { paymentId, driverId, terms: pass, detail });
  pass.paymentId = paymentId;
  return paymentId;
}

/** It may still be paid; or it is, and its month has not been added yet. */
function isForNextMonth({ state, capturedAt, detail }: Payment, { endsAt }: MonthlyPass): boolean {
  if (capturedAt == null) return state !== 'FAILED' && state !== 'CANCELED';
  return new Date(String(detail?.['endsAt'])) > endsAt;
}

async function endsWithItsMonth(tx: Transaction, key: FoundPass): Promise<void> {
  const pass = await lockPass(tx, key);
  if (!pass) return;
  pass.renews = false;
  const { lotId, id } = pass;
  tx.announce({ lotId, type: 'monthly_pass.not_renewed', aggregateId: id, payload: { monthlyPassId: id } });
}

async function close(platform: Platform, key: FoundPass): Promise<boolean> {
  return inTransaction(platform, async (tx) => {
    const pass = await lockPass(tx, key);
    if (pass?.state !== 'ACTIVE' || pass.renews || pass.endsAt > tx.now) return false;
    Object.assign(pass, { state: 'ENDED', endedAt: pass.endsAt, revision: pass.revision + 1 });
    tellOfPass(tx, pass);
    return true;
  });
}

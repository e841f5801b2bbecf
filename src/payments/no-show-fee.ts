import type { Reservation } from '../entities/reservation.ts';
import { Payment } from '../entities/payment.ts';
import { LedgerEntry } from '../entities/ledger-entry.ts';
import type { Transaction } from '../platform/db.ts';
import { inBackground } from './background.ts';
import { chargeSavedCard } from './charge-saved-card.ts';
import { transfer } from './ledger.ts';
import { openPayment } from './open-payment.ts';
import { lockPayment } from './payment-row.ts';
import { voidCharge } from './void-charge.ts';

type Missed = Pick<Reservation, 'lotId' | 'id' | 'driverId' | 'currency'>;

/**
 * Takes the fee of a driver who did not come: `keptMinor` of what they paid is earned as a fee from now on, and
 * `chargeMinor` is charged to their saved card after the commit; what the card does not pay becomes a debt. Once for a
 * reservation: the caller has locked its row and moves it to NO_SHOW. A sweep charges what could not be tried.
 * Announces, later, `payment.captured` or `payment.charge_refused`.
 */
export async function takeNoShowFee(
  tx: Transaction,
  missed: Missed,
  fee: { keptMinor: number; chargeMinor: number },
): Promise<void> {
  const { lotId, id: reservationId, driverId, currency } = missed;
  if (fee.keptMinor > 0)
    await transfer(tx, {
      lotId,
      causeKind: 'NO_SHOW_KEPT',
      causeId: reservationId,
      currency,
      debit: 'revenue:parking',
      credit: 'revenue:no_show',
      amountMinor: fee.keptMinor,
    });
  if (fee.chargeMinor === 0) return;
  const owed = { lotId, reservationId, driverId, amountMinor: fee.chargeMinor, currency };
  const paymentId = openPayment(tx, { ...owed, kind: 'NO_SHOW_FEE' });
  tx.afterCommit((platform) => inBackground(platform, () => chargeSavedCard(platform, { lotId, paymentId })));
}

/**
 * Undoes `takeNoShowFee` for a driver who came after all: what was kept is a part of the price again, and what was
 * charged goes back, also when its capture is heard of only later. Gives what was kept and is not a fee any more; 0 when
 * there was none, or it was undone before. The caller has locked the reservation; locks its payments.
 */
export async function voidNoShowFee(tx: Transaction, came: Missed): Promise<{ keptMinor: number }> {
  const { lotId, id: reservationId } = came;
  const charged = await tx.em.find(Payment, { lotId, reservationId, kind: 'NO_SHOW_FEE' }, { orderBy: { id: 'asc' } });
  for (const { id: paymentId } of charged) {
    await voidCharge(tx, await lockPayment(tx, { lotId, id: paymentId }));
    tx.afterCommit((platform) => inBackground(platform, () => chargeSavedCard(platform, { lotId, paymentId })));
  }
  return { keptMinor: await voidKept(tx, came) };
}

async function voidKept(tx: Transaction, { lotId, id: causeId, currency }: Missed): Promise<number> {
  const of = { lotId, causeKind: 'NO_SHOW_KEPT', causeId, account: 'revenue:parking' };
  const kept = await tx.em.findOne(LedgerEntry, of);
  if (!kept) return 0;
  const { amountMinor } = kept;
  const outcome = await transfer(tx, {
    ...{ lotId, causeKind: 'NO_SHOW_VOIDED', causeId, currency, amountMinor },
    debit: 'revenue:no_show',
    credit: 'revenue:parking',
  });
  return outcome === 'FIRST' ? amountMinor : 0;
}

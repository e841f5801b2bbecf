import { includedTax } from '../domain/tax.ts';
import { Reservation } from '../entities/reservation.ts';
import { Payment } from '../entities/payment.ts';
import { LedgerEntry } from '../entities/ledger-entry.ts';
import type { Transaction } from '../platform/db.ts';
import { chargeCommand } from './charge-saved-card.ts';
import { transfer } from './ledger.ts';
import { openPayment } from './open-payment.ts';
import { lockPayment } from './payment-row.ts';
import { commandAgain } from './provider-commands.ts';
import { taxPercentOf } from './tax-percent.ts';
import { voidCharge } from './void-charge.ts';

type Missed = Pick<Reservation, 'lotId' | 'id' | 'driverId' | 'currency' | 'consent'>;

/**
 * Takes the fee of a driver who did not come: `keptMinor` of what they paid is earned as a fee from now on, and
 * `chargeMinor`, at most what they have consented to, is charged to their saved card after the commit; what the card does not
 * pay becomes a debt. Once for a
 * reservation: the caller has locked its row and ends it.
 * Announces, later, `payment.captured` or `payment.charge_refused`.
 */
export async function takeNoShowFee(
  tx: Transaction,
  missed: Missed,
  fee: { keptMinor: number; chargeMinor: number },
): Promise<void> {
  const { lotId, id: reservationId, driverId, currency } = missed;
  if (fee.keptMinor > 0) await keep(tx, missed, fee.keptMinor);
  // Never more than its driver agreed to, whatever the row's policy says by now.
  const amountMinor = Math.min(fee.chargeMinor, missed.consent?.noShowMaxMinor ?? fee.chargeMinor);
  if (amountMinor === 0) return;
  const owed = { lotId, reservationId, driverId, amountMinor, currency };
  openPayment(tx, { ...owed, kind: 'NO_SHOW_FEE' });
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
    await commandAgain(tx, { kind: 'CHARGE', lotId, subjectId: paymentId }, { handle: chargeCommand });
  }
  return { keptMinor: await voidKept(tx, came) };
}

/** The tax in it was posted when it was paid, and stays. */
async function keep(tx: Transaction, { lotId, id, currency }: Missed, keptMinor: number): Promise<void> {
  const taxMinor = includedTax(keptMinor, await taxPercentOf(tx, { lotId, reservationId: id }));
  await transfer(tx, {
    ...{ lotId, causeKind: 'NO_SHOW_KEPT', causeId: id, currency, amountMinor: keptMinor - taxMinor },
    debit: 'revenue:parking',
    credit: 'revenue:no_show',
  });
  await tx.em.nativeUpdate(Reservation, { lotId, id }, { noShowKeptMinor: keptMinor });
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
  if (outcome === 'AGAIN') return 0;
  const row = await tx.em.findOneOrFail(Reservation, { lotId, id: causeId }, { disableIdentityMap: true });
  await tx.em.nativeUpdate(Reservation, { lotId, id: causeId }, { noShowKeptMinor: null });
  // A fee from before tax was posted apart was posted whole.
  return row.noShowKeptMinor ?? amountMinor;
}

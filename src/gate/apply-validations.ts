import { settleValidations } from '../discounts/settle-validations.ts';
import { validationShares } from '../domain/concessions.ts';
import type { Discount } from '../domain/tariff/discount.ts';
import type { TariffDocument } from '../domain/tariff/document.ts';
import { includedTaxMinor } from '../domain/tariff/engine.ts';
import { atMost } from '../domain/validated-settlement.ts';
import type { Stay } from '../entities/stay.ts';
import { postMerchantValidation } from '../payments/ledger.ts';
import { refundStay } from '../payments/refund-stay.ts';
import type { Transaction } from '../platform/db.ts';
import { walkInPrice } from './stay-due.ts';

/** A walk-in that has left with validations; `billedMinor` is what the gate let it leave with unpaid. */
export interface ValidatedWalkIn {
  readonly stay: Stay;
  readonly validations: readonly Discount[];
  readonly tariff: TariffDocument;
  readonly timeZone: string;
  readonly billedMinor: number;
}

/**
 * Burns the validations of a stay that is over and puts what merchants pay into the books. `worthMinor` is what each took off, by its id.
 */
export async function burnValidations(
  tx: Transaction,
  burnt: { lotId: string; currency: string; tariff: TariffDocument; worthMinor: ReadonlyMap<string, number> },
): Promise<void> {
  const { lotId, currency, tariff } = burnt;
  for (const { validationId: causeId, costMinor: amountMinor } of await settleValidations(tx, burnt)) {
    const taxMinor = includedTaxMinor(tariff, amountMinor);
    await postMerchantValidation(tx, { lotId, causeId, currency, amountMinor, taxMinor });
  }
}

/**
 * Settles a walk-in with validations: by its price at the minute in which it was paid, or else at the exit. What it had paid beyond that,
 * because it was validated afterwards, goes back. Gives what is still owed.
 */
export async function settleValidatedWalkIn(tx: Transaction, left: ValidatedWalkIn): Promise<{ owedMinor: number }> {
  const { stay, validations, tariff, timeZone, billedMinor } = left;
  const { lotId, id: stayId, currency, paidMinor } = stay;
  const leftAt = stay.leftAt ?? tx.now;
  const now = billedMinor > 0 ? leftAt : (stay.paidUntil ?? leftAt);
  const priceWith = (some: readonly Discount[]) =>
    walkInPrice({ ...stay, concessions: { ...stay.concessions, validations: some } }, { now, tariff, timeZone });
  const { totalMinor } = priceWith(validations);
  const shares = validationShares(validations, priceWith);
  // A visit that goes on is priced whole: of what earlier visits were charged for nobody takes anything over.
  const isPartOfMore = stay.concessions?.earlier !== undefined;
  const worthMinor = isPartOfMore ? atMost(shares, Math.max(0, priceWith([]).totalMinor - totalMinor)) : shares;
  await burnValidations(tx, { lotId, currency, tariff, worthMinor });
  await refundStay(tx, { lotId, stayId, amountMinor: paidMinor - totalMinor, reason: 'VALIDATED' });
  stay.totalMinor = totalMinor;
  return { owedMinor: Math.min(billedMinor, Math.max(0, totalMinor - paidMinor)) };
}

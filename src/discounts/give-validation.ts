import { LockMode } from '@mikro-orm/postgresql';
import type { Concessions } from '../domain/concessions.ts';
import { columnsOf, discountOf, discountValueProblem, type DiscountValue } from '../domain/discount-value.ts';
import { heldMinor, validationProblem, type ValidationsOfStay } from '../domain/merchant-limits.ts';
import { localMonth } from '../domain/monthly-pass.ts';
import { Refusal } from '../domain/refusal.ts';
import { Merchant } from '../entities/merchant.ts';
import { Validation } from '../entities/validation.ts';
import type { Transaction } from '../platform/db.ts';
import { merchantMonth, type MerchantKey } from './merchant-month.ts';

/** The walk-in or the reservation that is validated; its row is locked. */
export interface ValidatedRow {
  readonly stayId: string | null;
  readonly reservationId: string | null;
  readonly concessions?: Concessions | null | undefined;
}

export interface NewValidation extends MerchantKey {
  readonly id: string;
  readonly value: DiscountValue;
  readonly row: ValidatedRow;
  readonly currency: string;
  readonly timeZone: string;
  /** Who gives it, as idempotency keys name them. */
  readonly givenBy: string;
}

/**
 * Takes over a part of the price of a stay, within the budget of the merchant's month: writes the validation and gives what the stay is to
 * keep of it. The merchant's row is locked before its month is counted, so that however many tills validate at once it is never overdrawn.
 *
 * The caller has locked the stay or the reservation. Refuses with INVALID_INPUT, MERCHANT_NOT_FOUND, VALIDATION_LIMIT and BUDGET_USED_UP.
 */
export async function giveValidation(tx: Transaction, given: NewValidation): Promise<Concessions> {
  const { lotId, merchantId, value, row, currency, timeZone } = given;
  const fault = discountValueProblem(value);
  if (fault) throw new Refusal('INVALID_INPUT', `This must be ${fault.message}.`, { field: ['discount', fault.field] });
  const merchant = await tx.em.findOne(
    Merchant,
    { lotId, id: merchantId, endedAt: null },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!merchant) throw new Refusal('MERCHANT_NOT_FOUND', 'This merchant validates no stays here.', {});
  const month = localMonth(tx.now, timeZone);
  const problem = validationProblem(merchant, {
    value,
    stay: await validationsOf(tx, row, given),
    month: await merchantMonth(tx.em, given, month),
  });
  if (problem) throw new Refusal(problem.code, problem.message, { field: ['discount'] });
  tx.insert(Validation, {
    ...columnsOf(value),
    ...{ lotId, id: given.id, merchantId, month, currency },
    ...{ stayId: row.stayId, reservationId: row.reservationId },
    ...{ state: 'GIVEN', heldMinor: heldMinor(merchant, value), givenAt: tx.now, givenBy: given.givenBy },
  });
  const discount = discountOf({ source: 'VALIDATION', id: given.id, name: merchant.name }, value);
  return { ...row.concessions, validations: [...(row.concessions?.validations ?? []), discount] };
}

async function validationsOf(
  tx: Transaction,
  row: ValidatedRow,
  { lotId, merchantId }: MerchantKey,
): Promise<ValidationsOfStay> {
  const before = row.concessions?.validations ?? [];
  if (before.length === 0) return { own: 0, others: 0, hasLone: false };
  const rows = await tx.em.find(Validation, { lotId, id: { $in: before.map(({ id }) => id) } });
  const others = rows.filter((validation) => validation.merchantId !== merchantId);
  const givers = [...new Set(others.map((validation) => validation.merchantId))];
  const lone = givers.length === 0 ? 0 : await tx.em.count(Merchant, { lotId, id: { $in: givers }, stackable: false });
  return { own: rows.length - others.length, others: others.length, hasLone: lone > 0 };
}

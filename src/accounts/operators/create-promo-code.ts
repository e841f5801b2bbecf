import { UniqueConstraintViolationException, type EntityManager } from '@mikro-orm/postgresql';
import { columnsOf, discountValueProblem, type DiscountValue } from '../../domain/discount-value.ts';
import { isCurrency } from '../../domain/money.ts';
import { normalizePromoCode } from '../../domain/promo-code.ts';
import { Refusal } from '../../domain/refusal.ts';
import { mayServeLot, type Viewer } from '../../domain/viewer.ts';
import { Lot } from '../../entities/lot.ts';
import { PromoCode } from '../../entities/promo-code.ts';
import { inTransaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { operatorToServe } from './lot-access.ts';

export interface CreatePromoCodeInput {
  /** Only an admin names it; staff make codes for their own operator. */
  readonly operatorId?: string | undefined;
  readonly code: string;
  readonly value: DiscountValue;
  /** Of an amount that the code names. */
  readonly currency?: string | undefined;
  /** Every lot of the operator unless told; at least one. */
  readonly lotIds?: readonly string[] | undefined;
  /** From now on unless told. */
  readonly validFrom?: Date | undefined;
  readonly validUntil?: Date | undefined;
  readonly periodsFrom?: Date | undefined;
  readonly periodsUntil?: Date | undefined;
  readonly maxUses?: number | undefined;
  readonly usesPerDriver?: number | undefined;
  readonly firstVisitOnly?: boolean | undefined;
  readonly smallestPriceMinor?: number | undefined;
}

const MOST_USES = 1_000_000;
const MOST_LOTS = 500;

/**
 * Makes a promo code. Nothing of it can be changed later but its end, so that what was promised with it stays what it was.
 * Refuses with NOT_ALLOWED, INVALID_INPUT, LOT_NOT_FOUND and CODE_TAKEN (the operator has such a code, or had one).
 */
export async function createPromoCode(
  platform: Platform,
  input: CreatePromoCodeInput,
  viewer: Viewer | undefined,
): Promise<PromoCode> {
  const code = normalizePromoCode(input.code);
  if (code === undefined) refuse('code', 'A promo code is 3 to 24 letters, digits and hyphens.');
  refuseUnsound(input);
  const operatorId = operatorToServe(viewer, input.operatorId);
  try {
    return await inTransaction(platform, async (tx) => {
      await refuseForeignLots(tx.em, { operatorId, lotIds: input.lotIds ?? [] }, viewer);
      const bounds = boundsOf(input, tx.now);
      return tx.em.create(PromoCode, {
        ...columnsOf(input.value),
        ...bounds,
        id: newId(tx.now),
        operatorId,
        code,
        lotIds: input.lotIds === undefined ? null : [...input.lotIds],
        currency: input.currency ?? null,
        maxUses: input.maxUses ?? null,
        usesPerDriver: input.usesPerDriver ?? null,
        firstVisitOnly: input.firstVisitOnly ?? false,
        smallestPriceMinor: input.smallestPriceMinor ?? null,
        createdAt: tx.now,
        createdByStaffId: viewer?.kind === 'STAFF' ? viewer.staffId : null,
      });
    });
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    throw new Refusal('CODE_TAKEN', 'There is or was a promo code of this name.', { field: ['code'] });
  }
}

function refuseUnsound(input: CreatePromoCodeInput): void {
  const { value, currency, maxUses, usesPerDriver, smallestPriceMinor, lotIds } = input;
  const fault = discountValueProblem(value);
  if (fault) refuse('discount', `The discount must be ${fault.message}.`);
  const namesAmount = value.kind === 'MONEY' || smallestPriceMinor !== undefined;
  if (namesAmount && (currency === undefined || !isCurrency(currency)))
    refuse('currency', 'An amount needs its currency.');
  if (!isCount(maxUses)) refuse('maxUses', `This is 1 to ${MOST_USES}.`);
  if (!isCount(usesPerDriver)) refuse('usesPerDriver', `This is 1 to ${MOST_USES}.`);
  if (smallestPriceMinor !== undefined && !(Number.isSafeInteger(smallestPriceMinor) && smallestPriceMinor > 0))
    refuse('smallestPrice', 'This is an amount above zero.');
  if (lotIds && (lotIds.length === 0 || lotIds.length > MOST_LOTS))
    refuse('lotIds', `Name 1 to ${MOST_LOTS} lots, or none for all.`);
}

function isCount(count: number | undefined): boolean {
  return count === undefined || (Number.isInteger(count) && count >= 1 && count <= MOST_USES);
}

function boundsOf({ validFrom, validUntil, periodsFrom, periodsUntil }: CreatePromoCodeInput, now: Date) {
  const from = validFrom ?? now;
  if (validUntil && validUntil <= from) refuse('validUntil', 'The code must be valid for some time.');
  if (periodsFrom && periodsUntil && periodsUntil <= periodsFrom)
    refuse('periodsUntil', 'There must be some time to park within.');
  return {
    validFrom: from,
    validUntil: validUntil ?? null,
    periodsFrom: periodsFrom ?? null,
    periodsUntil: periodsUntil ?? null,
  };
}

async function refuseForeignLots(
  em: EntityManager,
  { operatorId, lotIds }: { operatorId: string; lotIds: readonly string[] },
  viewer: Viewer | undefined,
): Promise<void> {
  if (lotIds.length === 0) {
    if (viewer?.kind !== 'STAFF' || viewer.lotIds !== 'ALL')
      throw new Refusal('NOT_ALLOWED', 'Name the lots: you serve some of them only.', { field: ['lotIds'] });
    return;
  }
  const lots = await em.find(Lot, { id: { $in: [...lotIds] }, operatorId });
  const served = new Set(lots.filter((lot) => mayServeLot(viewer, lot)).map(({ id }) => id));
  if (!lotIds.every((id) => served.has(id)))
    throw new Refusal('LOT_NOT_FOUND', 'You serve no lot with one of these ids.', { field: ['lotIds'] });
}

function refuse(field: string, message: string): never {
  throw new Refusal('INVALID_INPUT', message, { field: [field] });
}

import { UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { Refusal } from '../../domain/refusal.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { Merchant } from '../../entities/merchant.ts';
import { inTransaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { lotToServe } from './lot-access.ts';
import { readText } from './lot-details.ts';

/** What a merchant may give. Amounts in minor units of the lot's currency; null: no limit. */
export interface MerchantTerms {
  readonly budgetMinor?: number | null | undefined;
  readonly budgetCount?: number | null | undefined;
  readonly mostMinor?: number | undefined;
  readonly perStay?: number | undefined;
  readonly stackable?: boolean | undefined;
}

const MOST_MINOR = 1_000_000_000;
const MOST_COUNT = 1_000_000;
const MOST_PER_STAY = 10;

/**
 * Makes a merchant of a lot: who takes over parts of what its guests pay, within a budget of the month. Its till gets a key of its own by
 * `issueDeviceKey`. Refuses with INVALID_INPUT, LOT_NOT_FOUND and NAME_TAKEN.
 */
export async function createMerchant(
  platform: Platform,
  input: MerchantTerms & { lotId: string; name: string; mostMinor: number },
  viewer: Viewer | undefined,
): Promise<Merchant> {
  const name = readText('name', input.name);
  refuseUnsound(input);
  try {
    return await inTransaction(platform, async (tx) => {
      const lot = await lotToServe(tx.em, input.lotId, viewer);
      return tx.em.create(Merchant, {
        lotId: lot.id,
        id: newId(tx.now),
        name,
        budgetMinor: input.budgetMinor ?? null,
        budgetCount: input.budgetCount ?? null,
        mostMinor: input.mostMinor,
        perStay: input.perStay ?? 1,
        stackable: input.stackable ?? false,
        createdAt: tx.now,
      });
    });
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    throw new Refusal('NAME_TAKEN', 'This lot has a merchant of this name.', { field: ['name'] });
  }
}

/**
 * Changes what a merchant may give, or ends it; what is left out stays. A smaller budget takes nothing back that was given.
 * Refuses with INVALID_INPUT and MERCHANT_NOT_FOUND.
 */
export async function updateMerchant(
  platform: Platform,
  input: MerchantTerms & { lotId: string; merchantId: string; ended?: boolean | undefined },
  viewer: Viewer | undefined,
): Promise<Merchant> {
  refuseUnsound(input);
  return inTransaction(platform, async (tx) => {
    const lot = await lotToServe(tx.em, input.lotId, viewer);
    const merchant = await tx.em.findOne(Merchant, { lotId: lot.id, id: input.merchantId });
    if (!merchant) throw new Refusal('MERCHANT_NOT_FOUND', 'This lot has no such merchant.', { field: ['merchantId'] });
    const { budgetMinor, budgetCount, mostMinor, perStay, stackable, ended } = input;
    const told = Object.entries({ budgetMinor, budgetCount, mostMinor, perStay, stackable });
    Object.assign(merchant, Object.fromEntries(told.filter(([, value]) => value !== undefined)));
    if (ended !== undefined) merchant.endedAt = ended ? (merchant.endedAt ?? tx.now) : null;
    return merchant;
  });
}

function refuseUnsound({ budgetMinor, budgetCount, mostMinor, perStay }: MerchantTerms): void {
  refuseUnlessWithin('budget', budgetMinor, { min: 0, max: MOST_MINOR });
  refuseUnlessWithin('budgetCount', budgetCount, { min: 0, max: MOST_COUNT });
  refuseUnlessWithin('most', mostMinor, { min: 1, max: MOST_MINOR });
  refuseUnlessWithin('perStay', perStay, { min: 1, max: MOST_PER_STAY });
}

function refuseUnlessWithin(
  field: string,
  value: number | null | undefined,
  { min, max }: { min: number; max: number },
): void {
  if (value == null || (Number.isSafeInteger(value) && value >= min && value <= max)) return;
  throw new Refusal('INVALID_INPUT', `This is a whole number from ${min} to ${max}.`, { field: [field] });
}

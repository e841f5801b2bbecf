import { UniqueConstraintViolationException } from '@mikro-orm/postgresql';
import { smallestChargeMinor } from '../../domain/money.ts';
import { passHoursProblem, type PassHours } from '../../domain/monthly-pass.ts';
import { Refusal } from '../../domain/refusal.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { MonthlyPassProduct } from '../../entities/monthly-pass-product.ts';
import { inTransaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { lotToServe } from './lot-access.ts';
import { readText } from './lot-details.ts';

export interface OfferMonthlyPassInput {
  readonly lotId: string;
  readonly name: string;
  /** For a month, in minor units of the lot's currency. */
  readonly priceMinor: number;
  /** Day and night unless told. */
  readonly hours?: readonly PassHours[] | undefined;
  readonly usesPerMonth?: number | undefined;
  readonly mostPlates?: number | undefined;
}

const MOST_MINOR = 1_000_000_000;
const MOST_USES = 1000;
const MOST_PLATES = 10;

/**
 * Puts a monthly pass on sale in a lot. It never changes: another price or other hours are another product.
 * Refuses with INVALID_INPUT, LOT_NOT_FOUND and NAME_TAKEN.
 */
export async function offerMonthlyPass(
  platform: Platform,
  input: OfferMonthlyPassInput,
  viewer: Viewer | undefined,
): Promise<MonthlyPassProduct> {
  const name = readText('name', input.name);
  const { hours = [], usesPerMonth, mostPlates = 1, priceMinor } = input;
  const fault = passHoursProblem(hours);
  if (fault) refuse(['hours', String(fault.index)], `The hours are not usable: ${fault.message}.`);
  if (usesPerMonth !== undefined && !isWithin(usesPerMonth, MOST_USES)) refuse(['usesPerMonth'], `1 to ${MOST_USES}.`);
  if (!isWithin(mostPlates, MOST_PLATES)) refuse(['mostPlates'], `1 to ${MOST_PLATES}.`);
  try {
    return await inTransaction(platform, async (tx) => {
      const lot = await lotToServe(tx.em, input.lotId, viewer);
      const leastMinor = smallestChargeMinor(lot.currency);
      if (priceMinor !== 0 && (!isWithin(priceMinor, MOST_MINOR) || priceMinor < leastMinor))
        refuse(['price'], `Zero, or ${leastMinor} to ${MOST_MINOR} minor units: less is charged to no card.`);
      const product = { lotId: lot.id, id: newId(tx.now), name, priceMinor, currency: lot.currency, mostPlates };
      const terms = { hours: [...hours], usesPerMonth: usesPerMonth ?? null, createdAt: tx.now };
      return tx.em.create(MonthlyPassProduct, { ...product, ...terms });
    });
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    throw new Refusal('NAME_TAKEN', 'This lot has or had a monthly pass of this name.', { field: ['name'] });
  }
}

/** Takes a monthly pass off sale; whoever has one keeps it, and no longer renews it. Refuses with LOT_NOT_FOUND and NOT_FOUND. */
export async function withdrawMonthlyPass(
  platform: Platform,
  input: { lotId: string; productId: string },
  viewer: Viewer | undefined,
): Promise<MonthlyPassProduct> {
  return inTransaction(platform, async (tx) => {
    const lot = await lotToServe(tx.em, input.lotId, viewer);
    const product = await tx.em.findOne(MonthlyPassProduct, { lotId: lot.id, id: input.productId });
    if (!product) throw new Refusal('NOT_FOUND', 'This lot sells no such monthly pass.', { field: ['productId'] });
    product.endedAt ??= tx.now;
    return product;
  });
}

function isWithin(value: number, max: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= max;
}

function refuse(field: readonly string[], message: string): never {
  throw new Refusal('INVALID_INPUT', message, { field });
}

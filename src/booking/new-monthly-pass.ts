import { monthLater, startOfLocalDay } from '../domain/monthly-pass.ts';
import { addMinutes, DAY_MS, MINUTE_MS } from '../domain/period.ts';
import { normalizePlate } from '../domain/plate.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Lot } from '../entities/lot.ts';
import { MonthlyPassPlate } from '../entities/monthly-pass-plate.ts';
import { MonthlyPassProduct } from '../entities/monthly-pass-product.ts';
import type { MonthlyPass } from '../entities/monthly-pass.ts';
import { Vehicle } from '../entities/vehicle.ts';
import type { Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';

/** What a monthly pass is made of, whoever pays for it. */
export interface MonthlyPassWish {
  readonly lotId: string;
  readonly productId: string;
  /** Any instant of the local day on which it begins; from now on unless told. */
  readonly startsOn?: Date | undefined;
  /** The plates that it lets in; those of the driver's vehicles unless told. */
  readonly plates?: readonly string[] | undefined;
}

const MOST_DAYS_AHEAD = 92;

/** The product, while it is on sale. Refuses with NOT_FOUND. */
export async function productOnSale(tx: Transaction, wish: MonthlyPassWish): Promise<MonthlyPassProduct> {
  const product = await tx.em.findOne(MonthlyPassProduct, { lotId: wish.lotId, id: wish.productId, endedAt: null });
  if (!product) throw new Refusal('NOT_FOUND', 'This lot sells no such monthly pass.', { field: ['productId'] });
  return product;
}

/** The first month of a pass: from now, or from the beginning of a day to come, at most 92 days ahead. Refuses with INVALID_INPUT. */
export function firstMonth(
  { startsOn }: MonthlyPassWish,
  { timeZone }: Pick<Lot, 'timeZone'>,
  now: Date,
): { startsAt: Date; endsAt: Date } {
  if (startsOn !== undefined && startsOn > addMinutes(now, (MOST_DAYS_AHEAD * DAY_MS) / MINUTE_MS)) {
    const message = `A monthly pass begins within ${MOST_DAYS_AHEAD} days.`;
    throw new Refusal('INVALID_INPUT', message, { field: ['startsOn'] });
  }
  const day = startsOn === undefined ? now : startOfLocalDay(startsOn, timeZone);
  const startsAt = day > now ? day : now;
  return { startsAt, endsAt: monthLater(startsAt, timeZone) };
}

/**
 * Writes down which plates a pass lets in, sealed for its lot. Refuses with PLATE_INVALID and INVALID_INPUT (none, or more than the
 * product takes).
 */
export function insertPlates(
  tx: Transaction,
  platform: Platform,
  pass: { lotId: string; id: string; plates: readonly string[]; mostPlates: number },
): void {
  const { lotId, id: monthlyPassId, mostPlates } = pass;
  const plates = [...new Set(pass.plates.map(readPlate))];
  if (plates.length === 0 || plates.length > mostPlates) {
    const message = `This monthly pass is for 1 to ${mostPlates} plates: name them.`;
    throw new Refusal('INVALID_INPUT', message, { field: ['plates'] });
  }
  for (const plate of plates) {
    const sealed = platform.plates.seal(lotId, plate);
    tx.insert(MonthlyPassPlate, { lotId, monthlyPassId, ...sealed });
  }
}

function readPlate(text: string): string {
  const plate = normalizePlate(text);
  if (plate !== undefined) return plate;
  throw new Refusal('PLATE_INVALID', 'This is not a licence plate: give its 2 to 12 letters and digits.', {
    field: ['plates'],
  });
}

/** The plates of a driver's vehicles, in clear. */
export async function platesOfDriver(tx: Transaction, platform: Platform, driverId: string): Promise<string[]> {
  const vehicles = await tx.em.find(Vehicle, { driverId, removedAt: null }, { orderBy: { id: 'asc' } });
  return vehicles.map(({ plateCipher }) => platform.plates.open(plateCipher));
}

/** A pass of a product, as it was on the day it was made. */
export function passOfProduct(
  product: MonthlyPassProduct,
): Pick<MonthlyPass, 'lotId' | 'productId' | 'name' | 'hours' | 'usesPerMonth' | 'priceMinor' | 'currency'> {
  const { lotId, id: productId, name, hours, usesPerMonth = null, priceMinor, currency } = product;
  return { lotId, productId, name, hours, usesPerMonth, priceMinor, currency };
}

/** Tells the gates and the outside that a pass changed. */
export function tellOfPass(tx: Transaction, { lotId, id }: Pick<MonthlyPass, 'lotId' | 'id'>): void {
  tx.announce({ lotId, type: 'monthly_pass.changed', aggregateId: id, payload: { monthlyPassId: id } });
}

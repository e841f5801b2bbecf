import { Refusal } from '../domain/refusal.ts';
import { actorKey, mayServeLot, type Viewer } from '../domain/viewer.ts';
import { Driver } from '../entities/driver.ts';
import { Lot } from '../entities/lot.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
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

export interface GrantMonthlyPassInput extends MonthlyPassWish {
  readonly idempotencyKey: string;
  /** The driver in whose account it stands; for plates alone unless told. */
  readonly driverEmail?: string | undefined;
  /** Any instant; the month's end unless told. */
  readonly endsAt?: Date | undefined;
}

type Staff = Extract<Viewer, { kind: 'STAFF' }>;

/**
 * Gives a monthly pass of a lot free of charge, to plates or to a driver; it is not renewed. A repeated key gives the first again.
 * Refuses with IDEMPOTENCY_KEY_REUSED, LOT_NOT_FOUND, NOT_FOUND (product, driver), INVALID_INPUT and PLATE_INVALID. Announces
 * `monthly_pass.changed`.
 */
export async function grantMonthlyPass(
  platform: Platform,
  input: GrantMonthlyPassInput,
  staff: Staff,
): Promise<{ monthlyPass: MonthlyPass; replayed: boolean }> {
  const { lotId } = input;
  const granted = await inTransaction(platform, async (tx) => {
    const { idempotencyKey: key, ...wish } = input;
    const result = { monthlyPassId: newId(tx.now) };
    const call = { actor: actorKey(staff), key, operation: 'grantMonthlyPass', input: wish, result };
    const { replayed, result: ids } = await claimKey(tx, call);
    if (!replayed) await insertGranted(tx, platform, { input, staff, id: ids.monthlyPassId });
    return { ...ids, replayed };
  });
  const row = { lotId, id: granted.monthlyPassId };
  return {
    monthlyPass: await platform.orm.em.fork().findOneOrFail(MonthlyPass, row),
    replayed: granted.replayed,
  };
}

async function insertGranted(
  tx: Transaction,
  platform: Platform,
  { input, staff, id }: { input: GrantMonthlyPassInput; staff: Staff; id: string },
): Promise<void> {
  const lot = await tx.em.findOne(Lot, { id: input.lotId });
  if (!lot || !mayServeLot(staff, lot))
    throw new Refusal('LOT_NOT_FOUND', 'You serve no lot with this id.', { field: ['lotId'] });
  const product = await productOnSale(tx, input);
  const driverId = await driverOf(tx, input);
  const plates = input.plates ?? (driverId === null ? [] : await platesOfDriver(tx, platform, driverId));
  insertPlates(tx, platform, { lotId: lot.id, id, plates, mostPlates: product.mostPlates });
  const { startsAt, endsAt: monthEndsAt } = firstMonth(input, lot, tx.now);
  const endsAt = input.endsAt ?? monthEndsAt;
  if (endsAt <= startsAt)
    throw new Refusal('INVALID_INPUT', 'A monthly pass ends after it begins.', { field: ['endsAt'] });
  tx.insert(MonthlyPass, {
    ...{ ...passOfProduct(product), priceMinor: 0, startsAt, endsAt, id, driverId, revision: 1, createdAt: tx.now },
    ...{ state: 'ACTIVE', renews: false, paymentId: null, grantedByStaffId: staff.staffId },
  });
  tellOfPass(tx, { lotId: lot.id, id });
}

async function driverOf(tx: Transaction, { driverEmail }: GrantMonthlyPassInput): Promise<string | null> {
  if (driverEmail === undefined) return null;
  const driver = await tx.em.findOne(Driver, { email: driverEmail });
  if (!driver) throw new Refusal('NOT_FOUND', 'No driver has this e-mail address.', { field: ['driverEmail'] });
  return driver.id;
}

import { automaticPaymentText, type AutomaticPayment } from '../domain/card-consent.ts';
import { isCurrency } from '../domain/money.ts';
import { Refusal } from '../domain/refusal.ts';
import { Driver } from '../entities/driver.ts';
import { Vehicle } from '../entities/vehicle.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';

const MOST_MINOR = 100_000_000;

/**
 * Keeps a driver's word on whether an exit may charge their saved card for a visit of one of their vehicles, and up to how much; gives what
 * is agreed from now on, null for nothing. Refuses with INVALID_INPUT (no limit, or none that is an amount).
 */
export async function agreeToAutomaticPayment(
  platform: Platform,
  word: { limit: { amountMinor: number; currency: string } | null },
  { driverId }: { driverId: string },
): Promise<{ automaticPayment: AutomaticPayment | null }> {
  const { limit } = word;
  if (limit !== null) refuseNoAmount(limit);
  return inTransaction(platform, async (tx) => {
    const driver = await tx.em.findOneOrFail(Driver, { id: driverId });
    driver.automaticPayment = limit === null ? null : agreed(limit, tx.now);
    return { automaticPayment: driver.automaticPayment };
  });
}

function agreed(limit: { amountMinor: number; currency: string }, now: Date): AutomaticPayment {
  const { amountMinor: limitMinor, currency } = limit;
  return { text: automaticPaymentText(limit, 'en'), limitMinor, currency, givenAt: now.toISOString() };
}

function refuseNoAmount({ amountMinor, currency }: { amountMinor: number; currency: string }): void {
  const isAmount = Number.isSafeInteger(amountMinor) && amountMinor > 0 && amountMinor <= MOST_MINOR;
  if (isAmount && isCurrency(currency)) return;
  throw new Refusal('INVALID_INPUT', 'The limit is no amount of a currency.', { field: ['limit'] });
}

/** Who pays for a vehicle by themselves, and with which card. */
export interface AutomaticPayer {
  readonly driverId: string;
  readonly paymentMethodId: string;
}

/**
 * The driver who lets an exit charge `dueMinor` for the vehicle with this plate: it stands in their account, their word covers the amount,
 * and a card is saved. Undefined when there is none, or more than one: nobody is charged by guessing. Reads only.
 */
export async function automaticPayerOf(
  platform: Platform,
  visit: { plate: string; dueMinor: number; currency: string },
): Promise<AutomaticPayer | undefined> {
  const em = platform.orm.em.fork();
  const plateIndex = platform.plates.exactIndex('account', visit.plate);
  const vehicles = await em.find(Vehicle, { plateIndex, removedAt: null }, { fields: ['driverId'] });
  if (vehicles.length === 0) return undefined;
  const drivers = await em.find(Driver, { id: { $in: vehicles.map(({ driverId }) => driverId) } });
  const willing = drivers.flatMap(({ id: driverId, savedPaymentMethodId, automaticPayment }) =>
    savedPaymentMethodId != null && covers(automaticPayment, visit)
      ? [{ driverId, paymentMethodId: savedPaymentMethodId }]
      : [],
  );
  return willing.length === 1 ? willing[0] : undefined;
}

function covers(word: AutomaticPayment | null | undefined, visit: { dueMinor: number; currency: string }): boolean {
  return word != null && word.currency === visit.currency && visit.dueMinor <= word.limitMinor;
}

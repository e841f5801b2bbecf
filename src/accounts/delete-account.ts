import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { randomBytes } from 'node:crypto';
import { Refusal } from '../domain/refusal.ts';
import { actorKey } from '../domain/viewer.ts';
import { Debt } from '../entities/debt.ts';
import { Driver } from '../entities/driver.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import { Payment } from '../entities/payment.ts';
import { Reservation } from '../entities/reservation.ts';
import { Vehicle } from '../entities/vehicle.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { countGuess, forgiveGuess } from './guess-limit.ts';
import { endLogins } from './login-families.ts';
import { hashPassword, verifyPassword } from './passwords.ts';
import type { PersonViewer } from './viewers.ts';

/** What stands where a plate stood. */
const FORGOTTEN = 'FORGOTTEN';

/** Charges to the saved card that nobody knows the end of yet: without the card they would become debts of somebody who can't be found. */
const UNDER_WAY = {
  kind: { $in: ['NO_SHOW_FEE', 'OVERSTAY'] as const },
  state: { $in: ['OWED', 'UNKNOWN', 'REQUIRES_PAYMENT', 'REQUIRES_ACTION', 'PROCESSING'] as const },
};

export interface DeleteAccountInput {
  readonly password: string;
  readonly clientAddress: string;
  /** Lets go of the saved card, at the provider too. */
  readonly forgetCard: () => Promise<void>;
}

/**
 * Forgets a driver at their own wish: name, e-mail, password, card, vehicles, and the plates of what is over. Reservations, stays, payments and
 * the books stay as they are, and belong to nobody who could be found. All their logins end; the e-mail can be used anew.
 *
 * Locks the account. Refuses with TOO_MANY_ATTEMPTS, CREDENTIALS_INVALID and ACCOUNT_IN_USE (a reservation that is not over, money owed or
 * being charged, a monthly pass), and with what `forgetCard` refuses with.
 */
export async function deleteAccount(
  platform: Platform,
  input: DeleteAccountInput,
  viewer: Extract<PersonViewer, { kind: 'DRIVER' }>,
): Promise<void> {
  const { driverId } = viewer;
  const guess = { purpose: 'delete-account', subject: actorKey(viewer), clientAddress: input.clientAddress };
  await countGuess(platform, guess);
  const em = platform.orm.em.fork();
  const before = await em.findOne(Driver, { id: driverId });
  if (!before || !(await verifyPassword(before.passwordHash, input.password)))
    throw new Refusal('CREDENTIALS_INVALID', 'The password is wrong.', { field: ['password'] });
  await forgiveGuess(platform, guess);
  await refuseInUse(em, driverId, platform.clock.now());
  await input.forgetCard();
  const passwordHash = await hashPassword(randomBytes(32).toString('base64url'));
  await inTransaction(platform, async (tx) => {
    const driver = await tx.em.findOneOrFail(Driver, { id: driverId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    await refuseInUse(tx.em, driverId, tx.now);
    const email = `${driverId}@deleted.invalid`;
    Object.assign(driver, { email, name: '', passwordHash, stripeCustomerId: null, savedPaymentMethodId: null });
    Object.assign(driver, { automaticPayment: null, debtsCollectedSince: null });
    await tx.em.nativeDelete(Vehicle, { driverId });
    await forgetPlates(platform, tx, driverId);
    await endLogins(platform, tx, { kind: 'DRIVER', id: driverId });
  });
}

async function refuseInUse(em: EntityManager, driverId: string, now: Date): Promise<void> {
  const open = [
    em.count(Reservation, { driverId, state: { $in: ['HELD', 'CONFIRMED', 'CHECKED_IN'] } }),
    // A late driver may still be let in.
    em.count(Reservation, { driverId, state: 'NO_SHOW', endsAt: { $gt: now } }),
    em.count(Debt, { driverId, state: 'OPEN' }),
    em.count(Payment, { driverId, ...UNDER_WAY }),
    em.count(MonthlyPass, { driverId, state: { $in: ['PENDING', 'ACTIVE'] } }),
  ];
  if ((await Promise.all(open)).every((count) => count === 0)) return;
  const message = 'The account is in use: a reservation that is not over, money owed, or a monthly pass.';
  throw new Refusal('ACCOUNT_IN_USE', message);
}

/**
 * The plates of reservations and stays are replaced, under the keys of each lot, also of visits that a pass paid for; when, where and for how
 * much stays. Those of passes go.
 */
async function forgetPlates(platform: Platform, tx: Transaction, driverId: string): Promise<void> {
  await tx.em.execute(
    `DELETE FROM monthly_pass_plate WHERE (lot_id, monthly_pass_id) IN (SELECT lot_id, id FROM monthly_pass WHERE driver_id = ?)`,
    [driverId],
  );
  const lots = await tx.em.execute<{ lotId: string }[]>(
    `SELECT lot_id AS "lotId" FROM reservation WHERE driver_id = ?
     UNION SELECT lot_id FROM monthly_pass WHERE driver_id = ? ORDER BY 1`,
    [driverId, driverId],
  );
  for (const { lotId } of lots) {
    const { plateCipher, plateIndex, plateSkeletonIndex } = platform.plates.seal(lotId, FORGOTTEN);
    const sealed = [plateCipher, plateIndex, plateSkeletonIndex];
    await tx.em.execute(
      `UPDATE reservation SET plate_cipher = ?, plate_index = ?, plate_skeleton_index = ?, plate_country = NULL, vehicle_id = NULL
       WHERE lot_id = ? AND driver_id = ?`,
      [...sealed, lotId, driverId],
    );
    await tx.em.execute(
      `UPDATE stay SET plate_cipher = ?, plate_index = ?, plate_skeleton_index = ? WHERE lot_id = ? AND (
         reservation_id IN (SELECT id FROM reservation WHERE lot_id = ? AND driver_id = ?)
         OR state = 'LEFT' AND id IN (SELECT cause_id FROM monthly_pass_use u
           JOIN monthly_pass p ON p.lot_id = u.lot_id AND p.id = u.monthly_pass_id WHERE p.lot_id = ? AND p.driver_id = ?))`,
      [...sealed, lotId, lotId, driverId, lotId, driverId],
    );
  }
}

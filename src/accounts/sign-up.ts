import { Refusal } from '../domain/refusal.ts';
import { Driver } from '../entities/driver.ts';
import { inTransaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { claimEmail, normalizeEmail } from './email.ts';
import { countGuess } from './guess-limit.ts';
import { openLogin, type Login } from './logins.ts';
import { checkPassword, hashPassword } from './passwords.ts';
import { driverViewer } from './viewers.ts';

const MAX_NAME_LENGTH = 100;

/**
 * Makes an account for a driver and signs them in. Locks the e-mail address (advisory).
 * Refuses with INVALID_INPUT (name), PASSWORD_TOO_WEAK, TOO_MANY_ATTEMPTS and EMAIL_TAKEN.
 */
export async function signUp(
  platform: Platform,
  input: { email: string; password: string; name: string; locale?: string | undefined; clientAddress: string },
): Promise<{ driver: Driver; login: Login }> {
  const email = normalizeEmail(input.email);
  const name = input.name.trim();
  if (name === '' || name.length > MAX_NAME_LENGTH) {
    throw new Refusal('INVALID_INPUT', `A name has 1 to ${MAX_NAME_LENGTH} characters.`, { field: ['name'] });
  }
  checkPassword(input.password, email);
  await countGuess(platform, { purpose: 'sign-up', subject: email, clientAddress: input.clientAddress });
  const passwordHash = await hashPassword(input.password);
  return inTransaction(platform, async (tx) => {
    await claimEmail(tx, email);
    const driver = tx.em.create(Driver, {
      id: newId(tx.now),
      email,
      name,
      passwordHash,
      locale: input.locale ?? 'en',
      createdAt: tx.now,
    });
    await tx.em.flush();
    return { driver, login: await openLogin(platform, tx, { viewer: driverViewer(driver) }) };
  });
}

import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { Driver } from '../entities/driver.ts';
import { Staff } from '../entities/staff.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { normalizeEmail } from './email.ts';
import { countGuess, forgiveGuess } from './guess-limit.ts';
import { openLogin, type Login } from './logins.ts';
import { verifyPassword } from './passwords.ts';
import { findPerson, personKey } from './people.ts';
import { driverViewer, staffViewer, type PersonViewer } from './viewers.ts';

/**
 * Signs a driver or a member of staff in. An unknown e-mail, a wrong password and a disabled account get the same answer after the
 * same time. Locks the account for reading. Refuses with TOO_MANY_ATTEMPTS (five wrong guesses a minute for one account) and CREDENTIALS_INVALID.
 */
export async function signIn(
  platform: Platform,
  input: { email: string; password: string; clientAddress: string },
): Promise<Login> {
  const email = normalizeEmail(input.email);
  const guess = { purpose: 'sign-in', subject: email, clientAddress: input.clientAddress };
  await countGuess(platform, guess);
  const account = await findAccount(platform, email);
  const matches = await verifyPassword(account?.passwordHash, input.password);
  if (!account || !matches) throw wrongCredentials();
  await forgiveGuess(platform, guess);
  return inTransaction(platform, async (tx) => {
    const person = await findPerson(tx.em, personKey(account.viewer), LockMode.PESSIMISTIC_READ);
    // Changed while it was compared: the old password opens nothing any more.
    if (person?.account.passwordHash !== account.passwordHash) throw wrongCredentials();
    return openLogin(platform, tx, { viewer: person.viewer });
  });
}

function wrongCredentials(): Refusal {
  return new Refusal('CREDENTIALS_INVALID', 'The e-mail address or the password is wrong.');
}

/** Both tables are always asked, so that the time does not tell in which one somebody stands. */
async function findAccount(
  platform: Platform,
  email: string,
): Promise<{ viewer: PersonViewer; passwordHash: string } | undefined> {
  const em = platform.orm.em.fork();
  const driver = await em.findOne(Driver, { email });
  const staff = await em.findOne(Staff, { email, disabledAt: null });
  if (driver) return { viewer: driverViewer(driver), passwordHash: driver.passwordHash };
  return staff ? { viewer: staffViewer(staff), passwordHash: staff.passwordHash } : undefined;
}

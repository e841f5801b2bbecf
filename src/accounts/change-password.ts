import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { actorKey } from '../domain/viewer.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { countGuess, forgiveGuess } from './guess-limit.ts';
import { endLogins } from './login-families.ts';
import { openLogin, type Login } from './logins.ts';
import { checkPassword, hashPassword, verifyPassword } from './passwords.ts';
import { findPerson, personKey } from './people.ts';
import type { PersonViewer } from './viewers.ts';

/**
 * Gives a person another password and ends all their logins, also the one they ask with; the one it gives is the only one that goes on.
 * Locks the account. Refuses with TOO_MANY_ATTEMPTS (five wrong old passwords a minute), CREDENTIALS_INVALID and PASSWORD_TOO_WEAK.
 */
export async function changePassword(
  platform: Platform,
  input: { oldPassword: string; newPassword: string; clientAddress: string },
  viewer: PersonViewer,
): Promise<Login> {
  const { oldPassword, newPassword, clientAddress } = input;
  const key = personKey(viewer);
  const guess = { purpose: 'change-password', subject: actorKey(viewer), clientAddress };
  await countGuess(platform, guess);
  const before = await findPerson(platform.orm.em.fork(), key);
  const matches = await verifyPassword(before?.account.passwordHash, oldPassword);
  if (!before || !matches) throw wrongPassword();
  await forgiveGuess(platform, guess);
  checkPassword(newPassword, before.account.email, 'newPassword');
  const passwordHash = await hashPassword(newPassword);
  return inTransaction(platform, async (tx) => {
    const person = await findPerson(tx.em, key, LockMode.PESSIMISTIC_WRITE);
    if (person?.account.passwordHash !== before.account.passwordHash) throw wrongPassword();
    person.account.passwordHash = passwordHash;
    await endLogins(platform, tx, key);
    return openLogin(platform, tx, { viewer: person.viewer });
  });
}

function wrongPassword(): Refusal {
  return new Refusal('CREDENTIALS_INVALID', 'The old password is wrong.', { field: ['oldPassword'] });
}

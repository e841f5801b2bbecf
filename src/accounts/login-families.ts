import { RefreshToken } from '../entities/refresh-token.ts';
import type { Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { ACCESS_TOKEN_MINUTES } from './access-tokens.ts';

const endedKey = (familyId: string) => `login-ended:${familyId}`;

/**
 * Ends every refresh token of a chain of logins and, once the transaction has committed, the access tokens that came from it:
 * they are refused within five seconds while Redis is there, and at the end of their 15 minutes in any case.
 */
export async function endFamily(platform: Platform, tx: Transaction, familyId: string): Promise<void> {
  await tx.em.nativeUpdate(RefreshToken, { familyId, revokedAt: null }, { revokedAt: tx.now });
  tx.afterCommit(() => platform.redis.set(endedKey(familyId), '1', 'EX', ACCESS_TOKEN_MINUTES * 60));
}

/** Ends all chains of logins of a person, as {@link endFamily} ends one. Call it with the person's account locked for writing. */
export async function endLogins(
  platform: Platform,
  tx: Transaction,
  person: { kind: RefreshToken['subjectKind']; id: string },
): Promise<void> {
  const open = { subjectKind: person.kind, subjectId: person.id, revokedAt: null, expiresAt: { $gt: tx.now } };
  const links = await tx.em.find(RefreshToken, open, { fields: ['familyId'], disableIdentityMap: true });
  for (const familyId of new Set(links.map((link) => link.familyId))) await endFamily(platform, tx, familyId);
}

/** Whether a chain of logins was ended in the last 15 minutes. Without Redis it counts as living: its tokens are short-lived. */
export async function isFamilyEnded(platform: Platform, familyId: string): Promise<boolean> {
  try {
    return (await platform.redis.exists(endedKey(familyId))) === 1;
  } catch (error) {
    platform.log.warn({ err: error }, 'could not ask whether a login has been ended');
    return false;
  }
}

import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { RefreshToken } from '../entities/refresh-token.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { endFamily } from './login-families.ts';
import { openLogin, refreshTokenHash, type Login } from './logins.ts';
import { findPerson } from './people.ts';

/**
 * Takes the next link of a chain of logins; the one sent is spent. A link that is sent twice was copied by somebody, so its whole
 * chain ends, for the thief and for the owner. Roles and lots are read afresh. Locks the person's account, then the token's row.
 * Refuses with TOKEN_INVALID.
 */
export async function refreshLogin(platform: Platform, input: { refreshToken: string }): Promise<Login> {
  const login = await inTransaction(platform, async (tx) => {
    const sent = { tokenHash: refreshTokenHash(input.refreshToken) };
    const of = await tx.em.findOne(RefreshToken, sent, {
      fields: ['subjectKind', 'subjectId'],
      disableIdentityMap: true,
    });
    if (!of) return undefined;
    const person = await findPerson(tx.em, { kind: of.subjectKind, id: of.subjectId }, LockMode.PESSIMISTIC_READ);
    const link = await tx.em.findOne(RefreshToken, sent, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!link || link.revokedAt || link.expiresAt <= tx.now) return undefined;
    const viewer = link.usedAt ? undefined : person?.viewer;
    // The end of a chain must be committed: the refusal is thrown outside.
    if (!viewer) return endFamily(platform, tx, link.familyId).then(() => undefined);
    link.usedAt = tx.now;
    await tx.em.flush();
    return openLogin(platform, tx, { viewer, familyId: link.familyId });
  });
  if (!login) throw new Refusal('TOKEN_INVALID', 'This login has ended. Sign in again.', { field: ['refreshToken'] });
  return login;
}

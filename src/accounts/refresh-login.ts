import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { Driver } from '../entities/driver.ts';
import { RefreshToken } from '../entities/refresh-token.ts';
import { Staff } from '../entities/staff.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { endFamily } from './login-families.ts';
import { openLogin, refreshTokenHash, type Login } from './logins.ts';
import { driverViewer, staffViewer, type PersonViewer } from './viewers.ts';

/**
 * Takes the next link of a chain of logins; the one sent is spent. A link that is sent twice was copied by somebody, so its whole
 * chain ends, for the thief and for the owner. Roles and lots are read afresh. Locks the token's row.
 * Refuses with TOKEN_INVALID.
 */
export async function refreshLogin(platform: Platform, input: { refreshToken: string }): Promise<Login> {
  const login = await inTransaction(platform, async (tx) => {
    const link = await tx.em.findOne(
      RefreshToken,
      { tokenHash: refreshTokenHash(input.refreshToken) },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (!link || link.revokedAt || link.expiresAt <= tx.now) return undefined;
    const viewer = link.usedAt ? undefined : await personOf(tx, link);
    // The end of a chain must be committed: the refusal is thrown outside.
    if (!viewer) return endFamily(platform, tx, link.familyId).then(() => undefined);
    link.usedAt = tx.now;
    await tx.em.flush();
    return openLogin(platform, tx, { viewer, familyId: link.familyId });
  });
  if (!login) throw new Refusal('TOKEN_INVALID', 'This login has ended. Sign in again.', { field: ['refreshToken'] });
  return login;
}

async function personOf(tx: Transaction, link: RefreshToken): Promise<PersonViewer | undefined> {
  if (link.subjectKind === 'DRIVER') {
    const driver = await tx.em.findOne(Driver, { id: link.subjectId });
    return driver ? driverViewer(driver) : undefined;
  }
  const staff = await tx.em.findOne(Staff, { id: link.subjectId, disabledAt: null });
  return staff ? staffViewer(staff) : undefined;
}

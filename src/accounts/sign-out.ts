import { RefreshToken } from '../entities/refresh-token.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { endFamily } from './login-families.ts';
import { refreshTokenHash } from './logins.ts';

/**
 * Ends the chain of logins that the refresh token belongs to, and the access tokens that came from it. Holding the token is the
 * right to do so. A token that is unknown or ended already is no error: afterwards it is signed out either way.
 */
export async function signOut(platform: Platform, input: { refreshToken: string }): Promise<void> {
  await inTransaction(platform, async (tx) => {
    const link = await tx.em.findOne(RefreshToken, { tokenHash: refreshTokenHash(input.refreshToken) });
    if (link) await endFamily(platform, tx, link.familyId);
  });
}

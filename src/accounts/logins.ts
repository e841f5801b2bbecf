import { createHash, randomBytes } from 'node:crypto';
import { DAY_MS, addMinutes } from '../domain/period.ts';
import { RefreshToken } from '../entities/refresh-token.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { ACCESS_TOKEN_MINUTES, issueAccessToken } from './access-tokens.ts';
import type { PersonViewer } from './viewers.ts';

export const REFRESH_TOKEN_DAYS = 30;
const REFRESH_TOKEN_BYTES = 32;
const REFRESH_TOKEN = /^pwr_[A-Za-z0-9_-]{43}$/;

/** What a client keeps of a login. */
export interface Login {
  readonly viewer: PersonViewer;
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  /** Good for one use within 30 days; using it gives the next one. */
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
}

/** Starts a chain of logins for a person, or goes on with the one of `familyId`. The refresh token itself is kept nowhere. */
export async function openLogin(
  platform: Platform,
  tx: Transaction,
  person: { viewer: PersonViewer; familyId?: string },
): Promise<Login> {
  const { viewer } = person;
  const familyId = person.familyId ?? newId(tx.now);
  const refreshToken = `pwr_${randomBytes(REFRESH_TOKEN_BYTES).toString('base64url')}`;
  const refreshTokenExpiresAt = new Date(tx.now.getTime() + REFRESH_TOKEN_DAYS * DAY_MS);
  await tx.em.insert(RefreshToken, {
    id: newId(tx.now),
    familyId,
    subjectKind: viewer.kind,
    subjectId: viewer.kind === 'DRIVER' ? viewer.driverId : viewer.staffId,
    tokenHash: refreshTokenHash(refreshToken),
    createdAt: tx.now,
    expiresAt: refreshTokenExpiresAt,
    usedAt: null,
    revokedAt: null,
  });
  const accessToken = await issueAccessToken(platform, viewer, familyId);
  const accessTokenExpiresAt = addMinutes(tx.now, ACCESS_TOKEN_MINUTES);
  return { viewer, accessToken, accessTokenExpiresAt, refreshToken, refreshTokenExpiresAt };
}

/** Under what a refresh token is stored. A text that can't be one has a hash that nothing has. */
export function refreshTokenHash(refreshToken: string): string {
  const text = REFRESH_TOKEN.test(refreshToken) ? refreshToken : '';
  return createHash('sha256').update(text).digest('hex');
}

import type { Viewer } from '../domain/viewer.ts';
import type { Platform } from '../platform/platform.ts';
import { remember } from '../platform/remember.ts';
import { readAccessToken, tokenHash, type AccessToken } from './access-tokens.ts';
import { looksLikeDeviceKey, verifyDeviceKey } from './device-keys.ts';
import { InvalidToken } from './invalid-token.ts';
import { isFamilyEnded } from './login-families.ts';

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,4096})$/i;
const REMEMBERED_TOKENS = 10_000;
/** How long an ended login may still be served, per process. */
const FAMILY_TRUSTED_MS = 5000;

/** Who asks, and until when their credential holds (undefined: until it is revoked). */
export interface Authentication {
  readonly viewer: Viewer;
  readonly expiresAt: Date | undefined;
}

interface RememberedToken extends AccessToken {
  familyCheckedAtMs: number;
}

const rememberedTokens = new WeakMap<Platform, Map<string, RememberedToken>>();

/**
 * Who an `Authorization` header speaks for: `Bearer` and an access token or a device's key. Undefined without a header. Throws
 * {@link InvalidToken} for any header that is there and not good: forged, foreign, expired, ended or revoked.
 */
export async function authenticate(platform: Platform, header: string | undefined): Promise<Viewer | undefined> {
  return (await readAuthentication(platform, header))?.viewer;
}

/** As {@link authenticate}, with the instant at which the credential expires: a socket must not outlive it. */
export async function readAuthentication(
  platform: Platform,
  header: string | undefined,
): Promise<Authentication | undefined> {
  if (header === undefined || header === '') return undefined;
  const credential = BEARER.exec(header)?.[1];
  if (credential === undefined) throw new InvalidToken('MALFORMED');
  if (!looksLikeDeviceKey(credential)) return readPerson(platform, credential);
  const viewer = await verifyDeviceKey(platform, credential);
  if (!viewer) throw new InvalidToken('REVOKED');
  return { viewer, expiresAt: undefined };
}

/** A token is verified once a process; its expiry and, every five seconds, its login are looked at again. */
async function readPerson(platform: Platform, credential: string): Promise<Authentication> {
  const remembered = tokensOf(platform);
  const hash = tokenHash(credential);
  const token = remembered.get(hash) ?? { ...(await readAccessToken(platform, credential)), familyCheckedAtMs: 0 };
  const nowMs = platform.clock.now().getTime();
  if (token.expiresAt.getTime() <= nowMs) {
    remembered.delete(hash);
    throw new InvalidToken('EXPIRED');
  }
  if (token.familyId !== undefined && Math.abs(nowMs - token.familyCheckedAtMs) > FAMILY_TRUSTED_MS) {
    if (await isFamilyEnded(platform, token.familyId)) throw new InvalidToken('REVOKED');
    token.familyCheckedAtMs = nowMs;
  }
  remember(remembered, { key: hash, value: token, limit: REMEMBERED_TOKENS });
  return token;
}

function tokensOf(platform: Platform): Map<string, RememberedToken> {
  const known = rememberedTokens.get(platform);
  if (known) return known;
  const made = new Map<string, RememberedToken>();
  rememberedTokens.set(platform, made);
  return made;
}

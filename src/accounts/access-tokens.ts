import { createHash, createPublicKey } from 'node:crypto';
import { calculateJwkThumbprint, errors, exportJWK, jwtVerify, SignJWT, type JSONWebKeySet, type JWK } from 'jose';
import { z } from 'zod';
import type { Viewer } from '../domain/viewer.ts';
import { STAFF_ROLES } from '../domain/viewer.ts';
import { addMinutes } from '../domain/period.ts';
import type { Platform } from '../platform/platform.ts';
import { InvalidToken } from './invalid-token.ts';

export const ACCESS_TOKEN_MINUTES = 15;
const ALGORITHM = 'EdDSA';
/** Issuer and audience: a token that the same key signed for anything else is none of ours. */
const PARTY = 'parkwell';

/** Who a token speaks for, until when, and the chain of logins it came from (none for tokens made by tools). */
export interface AccessToken {
  readonly viewer: Viewer;
  readonly expiresAt: Date;
  readonly familyId: string | undefined;
}

const claimsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('DRIVER'), sub: z.guid(), exp: z.int(), fam: z.guid().optional() }),
  z.object({
    kind: z.literal('STAFF'),
    sub: z.guid(),
    exp: z.int(),
    fam: z.guid().optional(),
    role: z.enum(STAFF_ROLES),
    op: z.guid().nullable(),
    lots: z.union([z.literal('ALL'), z.array(z.guid())]),
  }),
]);

interface SigningKey {
  readonly kid: string;
  readonly publicJwk: JWK;
}

const signingKeys = new WeakMap<Platform, Promise<SigningKey>>();

/**
 * Signs a token for a person, good for 15 minutes from the platform's clock: EdDSA, `kid` as published, claims `sub`, `kind`,
 * and for staff `role`, `op` (operator) and `lots`. Devices and partners have keys instead: for them it throws.
 */
export async function issueAccessToken(platform: Platform, viewer: Viewer, familyId?: string): Promise<string> {
  const { kid } = await signingKey(platform);
  const { subject, claims } = claimsOf(viewer);
  const now = platform.clock.now();
  return new SignJWT({ ...claims, ...(familyId === undefined ? {} : { fam: familyId }) })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid })
    .setSubject(subject)
    .setIssuer(PARTY)
    .setAudience(PARTY)
    .setIssuedAt(now)
    .setExpirationTime(addMinutes(now, ACCESS_TOKEN_MINUTES))
    .sign(platform.config.tokenPrivateKey);
}

/** Reads a token that this installation signed and that has not expired. Throws {@link InvalidToken} for any other text. */
export async function readAccessToken(platform: Platform, token: string): Promise<AccessToken> {
  const { publicJwk } = await signingKey(platform);
  try {
    const { payload } = await jwtVerify(token, publicJwk, {
      algorithms: [ALGORITHM],
      issuer: PARTY,
      audience: PARTY,
      typ: 'JWT',
      requiredClaims: ['sub', 'exp'],
      currentDate: platform.clock.now(),
    });
    return accessTokenOf(payload);
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new InvalidToken('EXPIRED');
    if (error instanceof errors.JOSEError || error instanceof TypeError || error instanceof z.ZodError)
      throw new InvalidToken('FORGED');
    throw error;
  }
}

/** The public keys that verify our access tokens, as a JSON Web Key Set. */
export async function publicKeys(platform: Platform): Promise<JSONWebKeySet> {
  const { kid, publicJwk } = await signingKey(platform);
  return { keys: [{ ...publicJwk, kid, alg: ALGORITHM, use: 'sig' }] };
}

/** What identifies a credential in caches without being it. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

function signingKey(platform: Platform): Promise<SigningKey> {
  const known = signingKeys.get(platform);
  if (known) return known;
  const made = exportJWK(createPublicKey(platform.config.tokenPrivateKey)).then(async (publicJwk) => {
    return { kid: await calculateJwkThumbprint(publicJwk), publicJwk };
  });
  signingKeys.set(platform, made);
  return made;
}

function claimsOf(viewer: Viewer): { subject: string; claims: Record<string, unknown> } {
  if (viewer.kind === 'DRIVER') return { subject: viewer.driverId, claims: { kind: 'DRIVER' } };
  if (viewer.kind !== 'STAFF') throw new TypeError(`a ${viewer.kind} signs in with its own key, not with a token`);
  const { role, operatorId, lotIds } = viewer;
  return { subject: viewer.staffId, claims: { kind: 'STAFF', role, op: operatorId, lots: lotIds } };
}

function accessTokenOf(payload: unknown): AccessToken {
  const claims = claimsSchema.parse(payload);
  const expiresAt = new Date(claims.exp * 1000);
  const familyId = claims.fam;
  if (claims.kind === 'DRIVER') return { viewer: { kind: 'DRIVER', driverId: claims.sub }, expiresAt, familyId };
  const { sub: staffId, role, op: operatorId, lots: lotIds } = claims;
  return { viewer: { kind: 'STAFF', role, staffId, operatorId, lotIds }, expiresAt, familyId };
}

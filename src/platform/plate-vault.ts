import { createCipheriv, createDecipheriv, createSecretKey, hash, hkdfSync, randomBytes } from 'node:crypto';
import { plateSkeleton } from '../domain/plate.ts';
import { remember } from './remember.ts';

/** What is stored of a plate: ciphertext and two keyed indexes. None of them tells the plate to whom has no key. */
export interface SealedPlate {
  readonly plateCipher: string;
  /** Finds the exact normalised plate within one scope. */
  readonly plateIndex: string;
  /** Finds plates that differ only in characters that cameras confuse. */
  readonly plateSkeletonIndex: string;
}

/** Keeps plates secret. A scope is a lot's id (reservations, stays, gates) or `account` (a driver's vehicles): indexes of two scopes can't be joined. */
export interface PlateVault {
  seal(scope: string, normalizedPlate: string): SealedPlate;
  open(plateCipher: string): string;
  exactIndex(scope: string, normalizedPlate: string): string;
  skeletonIndex(scope: string, normalizedPlate: string): string;
  /** The keys of a scope's two indexes, for a lane that has to make them alone. */
  indexKeys(scope: string): { readonly exact: Buffer; readonly skeleton: Buffer };
}

const IV_BYTES = 12;
const TAG_BYTES = 16;
const INDEX_BYTES = 16;
/** Few: plates are kept in memory no longer than the scans under way need them. */
const INDEXES_REMEMBERED = 500;

interface IndexKey {
  readonly bytes: Buffer;
  /** HMAC-SHA-256 (RFC 2104) under this key. */
  hmac(text: string): Buffer;
}

const HASH_BLOCK_BYTES = 64;

/** Two hashes in one call each, with the key's pads made once: the library's HMAC objects take five times as long for texts as short as plates. */
function indexKey(bytes: Buffer): IndexKey {
  const padded = Buffer.concat([bytes], HASH_BLOCK_BYTES);
  const [inner, outer] = [padded.map((byte) => byte ^ 0x36), padded.map((byte) => byte ^ 0x5c)];
  return {
    bytes,
    hmac: (text) => {
      const within = hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'buffer');
      return hash('sha256', Buffer.concat([outer, within]), 'buffer');
    },
  };
}

export function createPlateVault(dataKey: Buffer): PlateVault {
  // Key objects, because making one of a buffer anew for each plate costs more than the hash itself.
  const derive = (purpose: string) =>
    createSecretKey(Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), purpose, 32)));
  const cipherKey = derive('plate/cipher');
  const scopeKeys = new Map<string, { exact: IndexKey; skeleton: IndexKey }>();
  const keysOf = (scope: string) => {
    const known = scopeKeys.get(scope);
    if (known) return known;
    const [exact, skeleton] = [derive(`plate/exact/${scope}`), derive(`plate/skeleton/${scope}`)];
    const keys = { exact: indexKey(exact.export()), skeleton: indexKey(skeleton.export()) };
    scopeKeys.set(scope, keys);
    return keys;
  };
  // One scan asks for the same indexes several times.
  const recent = new Map<string, string>();
  const index = (scope: string, kind: 'exact' | 'skeleton', text: string) => {
    const asked = `${kind}/${scope}/${text}`;
    const known = recent.get(asked);
    if (known !== undefined) return known;
    const digest = keysOf(scope)[kind].hmac(text);
    const value = digest.subarray(0, INDEX_BYTES).toString('base64url');
    remember(recent, { key: asked, value, limit: INDEXES_REMEMBERED });
    return value;
  };

  const vault: PlateVault = {
    indexKeys: (scope) => ({ exact: keysOf(scope).exact.bytes, skeleton: keysOf(scope).skeleton.bytes }),
    exactIndex: (scope, plate) => index(scope, 'exact', plate),
    skeletonIndex: (scope, plate) => index(scope, 'skeleton', plateSkeleton(plate)),
    seal: (scope, plate) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', cipherKey, iv);
      const sealed = Buffer.concat([iv, cipher.update(plate, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return {
        plateCipher: sealed.toString('base64url'),
        plateIndex: vault.exactIndex(scope, plate),
        plateSkeletonIndex: vault.skeletonIndex(scope, plate),
      };
    },
    open: (plateCipher) => {
      const sealed = Buffer.from(plateCipher, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', cipherKey, sealed.subarray(0, IV_BYTES));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      return decipher.update(sealed.subarray(IV_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8');
    },
  };
  return vault;
}

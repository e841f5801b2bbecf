import {
  createCipheriv,
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  type KeyObject,
} from 'node:crypto';

const SPKI_BYTES = 44;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals a normalised plate so that the cloud alone can read it: to its X25519 key (SPKI in base64url), with a key pair made for this one
 * plate. Gives that pair's public key, the nonce, the ciphertext and its tag in base64url.
 */
export function sealPlate(sealKey: string, plate: string): string {
  const cloud = publicKeyOf(Buffer.from(sealKey, 'base64url'));
  const { publicKey, privateKey } = generateKeyPairSync('x25519');
  const spki = publicKey.export({ type: 'spki', format: 'der' });
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sharedKey(privateKey, cloud, spki), iv);
  return Buffer.concat([spki, iv, cipher.update(plate, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  );
}

/** Reads what `sealPlate` made for this key's public half; undefined for anything else. */
export function openPlate(privateKey: KeyObject, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length <= SPKI_BYTES + IV_BYTES + TAG_BYTES) return undefined;
  try {
    const spki = bytes.subarray(0, SPKI_BYTES);
    const key = sharedKey(privateKey, publicKeyOf(spki), spki);
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(SPKI_BYTES, SPKI_BYTES + IV_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = bytes.subarray(SPKI_BYTES + IV_BYTES, -TAG_BYTES);
    return decipher.update(text, undefined, 'utf8') + decipher.final('utf8');
  } catch {
    // Not sealed to us, or altered: node:crypto tells both by throwing.
    return undefined;
  }
}

function publicKeyOf(spki: Buffer): KeyObject {
  return createPublicKey({ key: spki, format: 'der', type: 'spki' });
}

function sharedKey(privateKey: KeyObject, publicKey: KeyObject, salt: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', diffieHellman({ privateKey, publicKey }), salt, 'parkwell lane plate', 32));
}

import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

const SIGNATURE_FROM = 40;
const BYTES = 104;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The order of Ed25519's group: a signature whose second half is larger by it satisfies the same equation. */
const GROUP_ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const STEP = 0x6d2b79f5;

/** Whole numbers below a bound, the same for the same seed. */
export type Chance = (below: number) => number;

export function chanceOf(seed: number): Chance {
  let state = seed | 0;
  return (below) => {
    state = (state + STEP) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    return ((mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed))) >>> 0) % below;
  };
}

type Mutation = (pass: string, chance: Chance, other: string) => string;

const bytesOf = (pass: string) => Buffer.from(pass, 'base64url');
const onBytes = (change: (bytes: Buffer, chance: Chance, other: Buffer) => Buffer): Mutation => {
  return (pass, chance, other) => change(bytesOf(pass), chance, bytesOf(other)).toString('base64url');
};

function flip(bytes: Buffer, chance: Chance, [from, to]: [number, number] = [0, BYTES]): Buffer {
  const at = from + chance(to - from);
  bytes[at] = bytes[at]! ^ (1 << chance(8));
  return bytes;
}

/** Exchanges two parts of equal length; of two passes or of one. */
function exchanged(bytes: Buffer, from: Buffer, [to, at, length]: [number, number, number]): Buffer {
  const copy = Buffer.from(bytes);
  from.copy(copy, to, at, at + length);
  if (from === bytes) bytes.copy(copy, at, to, to + length);
  return copy;
}

function otherScalar(bytes: Buffer): Buffer {
  const scalar = BigInt(`0x${Buffer.from(bytes.subarray(72)).reverse().toString('hex')}`) + GROUP_ORDER;
  Buffer.from(scalar.toString(16).padStart(64, '0'), 'hex').reverse().copy(bytes, 72);
  return bytes;
}

/** Everything that somebody who has passes but no key can do to them. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'one bit of what it says': onBytes((bytes, chance) => flip(bytes, chance, [0, SIGNATURE_FROM])),
  'one bit of the signature': onBytes((bytes, chance) => flip(bytes, chance, [SIGNATURE_FROM, BYTES])),
  'several bits': onBytes((bytes, chance) => {
    for (let times = 2 + chance(10); times > 0; times--) flip(bytes, chance);
    return bytes;
  }),
  'one letter': (pass, chance) => {
    const at = chance(pass.length);
    return pass.slice(0, at) + ALPHABET[chance(64)]! + pass.slice(at + 1);
  },
  'cut short': (pass, chance) => pass.slice(0, chance(pass.length)),
  'the beginning is missing': (pass, chance) => pass.slice(1 + chance(pass.length - 1)),
  'made longer': (pass, chance) => pass + Array.from({ length: 1 + chance(200) }, () => ALPHABET[chance(64)]!).join(''),
  'sent twice in one text': (pass) => pass + pass,
  'with something in the middle': (pass, chance) => {
    const at = 1 + chance(pass.length - 2);
    return pass.slice(0, at) + [' ', '\n', '\0', '=', '.', '%00', '\u200b'][chance(7)]! + pass.slice(at);
  },
  'another key id': onBytes((bytes, chance) => {
    bytes[0] = (bytes[0]! + 1 + chance(255)) & 0xff;
    return bytes;
  }),
  'another spot type': onBytes((bytes, chance) => {
    bytes[1] = (bytes[1]! + 1 + chance(255)) & 0xff;
    return bytes;
  }),
  'the lot and the reservation exchanged': onBytes((bytes) => exchanged(bytes, bytes, [2, 18, 16])),
  'the start and the length exchanged': onBytes((bytes) => exchanged(bytes, bytes, [34, 37, 3])),
  'the reservation of another pass': onBytes((bytes, _, other) => exchanged(bytes, other, [18, 18, 16])),
  'the signature of another pass': onBytes((bytes, _, other) => exchanged(bytes, other, [40, 40, 64])),
  'half of the signature of another pass': onBytes((bytes, _, other) => exchanged(bytes, other, [40, 40, 32])),
  'a later end': onBytes((bytes, chance) => {
    bytes.writeUIntBE((bytes.readUIntBE(37, 3) + 1 + chance(100_000)) & 0xffffff, 37, 3);
    return bytes;
  }),
  'another start': onBytes((bytes, chance) => {
    bytes.writeUIntBE((bytes.readUIntBE(34, 3) + 1 + chance(100_000)) & 0xffffff, 34, 3);
    return bytes;
  }),
  'no signature': onBytes((bytes) => bytes.fill(0, SIGNATURE_FROM)),
  'a signature that satisfies the same equation': onBytes(otherScalar),
  'spare bits of the last letter': (pass, chance) => {
    const last = ALPHABET.indexOf(pass.at(-1)!);
    return pass.slice(0, -1) + ALPHABET[(last & 0b111100) | ((last + 1 + chance(3)) & 0b11)]!;
  },
  'padded as other base64 is': (pass, chance) => pass + '='.repeat(1 + chance(3)),
  'in the other alphabet of base64': (pass) => `${pass.slice(0, -1).replaceAll('-', '+').replaceAll('_', '/')}+`,
  'one letter in the other case': (pass, chance) => {
    const letters = [...pass].flatMap((letter, at) => (/[a-z]/i.test(letter) ? [at] : []));
    const at = letters[chance(letters.length)]!;
    const letter = pass[at]!;
    return pass.slice(0, at) + (letter < 'a' ? letter.toLowerCase() : letter.toUpperCase()) + pass.slice(at + 1);
  },
  'in hexadecimal': (pass) => bytesOf(pass).toString('hex'),
  noise: (_, chance) => Buffer.from(Array.from({ length: BYTES }, () => chance(256))).toString('base64url'),
};

/** A pass, changed by chance in a way that is told; never the pass itself. */
export function mutated(passes: readonly string[], chance: Chance): { how: string; text: string } {
  const names = Object.keys(MUTATIONS);
  for (;;) {
    const how = names[chance(names.length)]!;
    const first = chance(passes.length);
    const pass = passes[first]!;
    const other = passes[(first + 1 + chance(passes.length - 1)) % passes.length]!;
    const text = MUTATIONS[how]!(pass, chance, other);
    if (!passes.includes(text.trim())) return { how, text };
  }
}

/** A pass that says the same and is signed by somebody else, whose key happens to have the same id. */
export function signedByAStranger(pass: string): string {
  const content = bytesOf(pass).subarray(0, SIGNATURE_FROM);
  for (;;) {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    if (keyId(publicKey) === content[0])
      return Buffer.concat([content, sign(null, content, privateKey)]).toString('base64url');
  }
}

function keyId(publicKey: KeyObject): number {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest()[0]!;
}

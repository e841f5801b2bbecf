/** Crockford's 32 characters: no I, L, O and U, so that nobody has to guess when reading a code aloud. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const PREFIX = 'PK';
const PAYLOAD_LENGTH = 5;
const BITS_PER_CHARACTER = 5;
const BYTES_NEEDED = 4;
/** x⁵ + x² + 1, which makes the 32 characters a field. */
const FIELD_POLYNOMIAL = 0b100101;

/**
 * A human code ("PK-7Q3M-2F") from at least four bytes of chance that the caller brings: 25 bits and a check character that
 * catches every single wrong character and every swap of two. Unique by the caller's constraint only. Throws RangeError when bytes are missing.
 */
export function reservationCode(bytes: Uint8Array): string {
  if (bytes.length < BYTES_NEEDED) throw new RangeError(`a code needs ${BYTES_NEEDED} bytes`);
  const bits = new DataView(bytes.buffer, bytes.byteOffset, BYTES_NEEDED).getUint32(0);
  const values = Array.from({ length: PAYLOAD_LENGTH }, (_, index) => (bits >>> (index * BITS_PER_CHARACTER)) & 31);
  const text = [...values, checkValue(values)].map((value) => ALPHABET.charAt(value)).join('');
  return `${PREFIX}-${text.slice(0, 4)}-${text.slice(4)}`;
}

/**
 * The code as it was printed, from what a person typed: any case, spaces or hyphens, with or without "PK", O for 0, I or L for 1.
 * Undefined when the length, a character or the check character is wrong.
 */
export function parseReservationCode(text: string): string | undefined {
  const symbols = withoutPrefix(
    text
      .normalize('NFKC')
      .toUpperCase()
      .replace(/[\s\p{Pd}]/gu, ''),
  );
  const plain = symbols.replace(/O/g, '0').replace(/[IL]/g, '1');
  if (plain.length !== PAYLOAD_LENGTH + 1) return undefined;
  const values = [...plain].map((character) => ALPHABET.indexOf(character));
  if (values.includes(-1) || fold(values) !== 0) return undefined;
  return `${PREFIX}-${plain.slice(0, 4)}-${plain.slice(4)}`;
}

function withoutPrefix(text: string): string {
  return text.length === PREFIX.length + PAYLOAD_LENGTH + 1 && text.startsWith(PREFIX)
    ? text.slice(PREFIX.length)
    : text;
}

/** The value that makes the whole code fold to zero. */
function checkValue(values: readonly number[]): number {
  return timesX(fold(values));
}

/** Horner's rule over the field of 32: each position has its own weight, so that neither a slip nor a swap goes unseen. */
function fold(values: readonly number[]): number {
  return values.reduce((sum, value) => timesX(sum) ^ value, 0);
}

function timesX(value: number): number {
  const doubled = value << 1;
  return doubled & 32 ? doubled ^ FIELD_POLYNOMIAL : doubled;
}

import { hash, verify } from '@node-rs/argon2';
import { Refusal } from '../domain/refusal.ts';

/** argon2id, 19 MiB and two passes: OWASP's recommendation, about 30 ms of one core. */
const ARGON2 = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const;
const MIN_LENGTH = 10;
const MAX_LENGTH = 200;
const MIN_DISTINCT_CHARACTERS = 5;
/** A shorter name before the @ stands in too many passwords by chance. */
const MIN_TELLING_LENGTH = 4;

let hashOfNobody: Promise<string> | undefined;

/** The argon2id hash to store of a password. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, ARGON2);
}

/**
 * Whether the password is the one that was hashed. Without a stored hash (no such account, or one that nobody signs in to with a
 * password) it takes the same time and is false, so that nobody learns from the clock who has an account.
 */
export async function verifyPassword(storedHash: string | undefined, password: string): Promise<boolean> {
  const guess = password.slice(0, MAX_LENGTH + 1);
  hashOfNobody ??= hashPassword('nobody has this password');
  const isHash = storedHash?.startsWith('$argon2id$') === true;
  const matches = await verify(isHash ? storedHash : await hashOfNobody, guess);
  return matches && isHash;
}

/**
 * Refuses with PASSWORD_TOO_WEAK a password of less than 10 or more than 200 characters, of few different ones, or made of the e-mail
 * address. `field` is what the input calls it.
 */
export function checkPassword(password: string, email: string, field = 'password'): void {
  const refuse = (message: string): never => {
    throw new Refusal('PASSWORD_TOO_WEAK', message, { field: [field] });
  };
  if (password.length < MIN_LENGTH) refuse(`The password needs at least ${MIN_LENGTH} characters.`);
  if (password.length > MAX_LENGTH) refuse(`The password may have at most ${MAX_LENGTH} characters.`);
  if (new Set(password).size < MIN_DISTINCT_CHARACTERS) refuse('The password repeats too few different characters.');
  const [localPart = ''] = email.split('@');
  if (localPart.length >= MIN_TELLING_LENGTH && password.toLowerCase().includes(localPart))
    refuse('The password must not contain your e-mail address.');
}

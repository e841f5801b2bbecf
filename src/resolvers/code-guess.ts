import { countGuess, forgiveGuess, type Guess } from '../accounts/guess-limit.ts';
import type { Context } from '../context.ts';
import { Refusal } from '../domain/refusal.ts';
import { actorKey } from '../domain/viewer.ts';
import { rateLimited } from '../schema/coded-errors.ts';

/**
 * Looks up what a short code names: codes are made for people, so they can be guessed, and whoever guesses wrong is stopped after five
 * a minute, however many operations one request holds. Wrong is null, and a refusal with STAY_NOT_FOUND or PROMO_CODE_UNKNOWN; anything
 * else was right and does not count. Refuses with TOO_MANY_ATTEMPTS.
 */
export async function asGuess<T>(
  { platform, clientAddress }: Context,
  { purpose, subject }: Pick<Guess, 'purpose' | 'subject'>,
  lookUp: () => Promise<T>,
): Promise<T> {
  const guess = { purpose, subject, clientAddress };
  await countGuess(platform, guess);
  try {
    const found = await lookUp();
    if (found !== null) await forgiveGuess(platform, guess);
    return found;
  } catch (error) {
    if (error instanceof Refusal && !WRONG.has(error.code)) await forgiveGuess(platform, guess);
    throw error;
  }
}

const WRONG: ReadonlySet<string> = new Set(['STAY_NOT_FOUND', 'PROMO_CODE_UNKNOWN']);

/** As `asGuess`, when there is a promo code among what was sent; counted for the driver, and for the address of who has not signed in. */
export function asPromoGuess<T>(
  context: Context,
  promoCode: string | null | undefined,
  work: () => Promise<T>,
): Promise<T> {
  if (promoCode == null) return work();
  const subject = context.viewer === undefined ? context.clientAddress : actorKey(context.viewer);
  return asGuess(context, { purpose: 'promo-code', subject }, work);
}

/** What a query answers to too many guesses: it has no `userErrors` to say it in. Anything else is thrown on. */
export function thrownByQuery(error: unknown): unknown {
  if (!(error instanceof Refusal) || error.code !== 'TOO_MANY_ATTEMPTS') return error;
  return rateLimited(Number(error.details['retryAfterSeconds']));
}

import { countGuess, forgiveGuess, type Guess } from '../accounts/guess-limit.ts';
import type { Context } from '../context.ts';
import { Refusal } from '../domain/refusal.ts';
import { rateLimited } from '../schema/coded-errors.ts';

/**
 * Looks up what a short code names: codes are made for people, so they can be guessed, and whoever guesses wrong is stopped after five
 * a minute, however many operations one request holds. Wrong is null, and a refusal with STAY_NOT_FOUND; anything else was right and
 * does not count. Refuses with TOO_MANY_ATTEMPTS.
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
    if (error instanceof Refusal && error.code !== 'STAY_NOT_FOUND') await forgiveGuess(platform, guess);
    throw error;
  }
}

/** What a query answers to too many guesses: it has no `userErrors` to say it in. Anything else is thrown on. */
export function thrownByQuery(error: unknown): unknown {
  if (!(error instanceof Refusal) || error.code !== 'TOO_MANY_ATTEMPTS') return error;
  return rateLimited(Number(error.details['retryAfterSeconds']));
}

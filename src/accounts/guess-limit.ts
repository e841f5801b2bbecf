import { createHash } from 'node:crypto';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { Refusal } from '../domain/refusal.ts';
import type { Platform } from '../platform/platform.ts';

export const GUESSES_A_MINUTE = 5;
/** An address may be a whole office; one account may not be guessed at from many. */
const GUESSES_A_MINUTE_AND_ADDRESS = 30;
const WINDOW_SECONDS = 60;

interface GuessLimits {
  readonly byAccount: RateLimiterRedis;
  readonly byAddress: RateLimiterRedis;
}

const limitsOf = new WeakMap<Platform, GuessLimits>();

/** What is being guessed at: the account's e-mail or a code, and where the guess comes from. */
export interface Guess {
  readonly purpose: string;
  readonly subject: string;
  readonly clientAddress: string;
}

/**
 * Counts a guess before it is looked at, so that parallel and batched ones count too: five a minute for one account, thirty from
 * one address. Counted in Redis for all processes; while Redis is away each process counts for itself.
 * Refuses with TOO_MANY_ATTEMPTS (details: `retryAfterSeconds`).
 */
export async function countGuess(platform: Platform, guess: Guess): Promise<void> {
  const { byAccount, byAddress } = guessLimits(platform);
  await Promise.all([consume(byAccount, accountKey(guess)), consume(byAddress, addressKey(guess))]);
}

/**
 * Takes back the count of a guess that was right: only wrong ones are limited. The wrong ones before it stay counted, or whoever has
 * one right code could try others without end.
 */
export async function forgiveGuess(platform: Platform, guess: Guess): Promise<void> {
  const { byAccount, byAddress } = guessLimits(platform);
  try {
    await Promise.all([byAccount.reward(accountKey(guess)), byAddress.reward(addressKey(guess))]);
  } catch (error) {
    platform.log.warn({ err: error }, 'a right guess stays counted');
  }
}

const accountKey = (guess: Guess) => `${guess.purpose}:${digest(guess.subject)}`;
const addressKey = (guess: Guess) => `${guess.purpose}:${digest(guess.clientAddress)}`;

/** Neither e-mail addresses nor network addresses are kept in Redis. */
function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}

async function consume(limiter: RateLimiterRedis, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfterSeconds = Math.ceil(error.msBeforeNext / 1000);
    throw new Refusal('TOO_MANY_ATTEMPTS', `Too many attempts. Try again in ${retryAfterSeconds} seconds.`, {
      details: { retryAfterSeconds },
    });
  }
}

function guessLimits(platform: Platform): GuessLimits {
  const known = limitsOf.get(platform);
  if (known) return known;
  const limiter = (keyPrefix: string, points: number) =>
    new RateLimiterRedis({
      storeClient: platform.redis,
      keyPrefix,
      points,
      duration: WINDOW_SECONDS,
      insuranceLimiter: new RateLimiterMemory({ keyPrefix, points, duration: WINDOW_SECONDS }),
    });
  const made = {
    byAccount: limiter('guess-account', GUESSES_A_MINUTE),
    byAddress: limiter('guess-address', GUESSES_A_MINUTE_AND_ADDRESS),
  };
  limitsOf.set(platform, made);
  return made;
}

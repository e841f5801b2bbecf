import type { Answer } from './http-io.ts';
import { Problem } from './problem.ts';

interface Entry {
  fingerprint: string;
  startedAt: number;
  answer: Answer | null;
}

const KEPT_SECONDS = 24 * 3600;
const LONGEST_KEY = 255;

/** Remembers the answers to keyed calls for 24 hours, as Stripe does. */
export class IdempotencyKeys {
  readonly #entries = new Map<string, Entry>();
  readonly #seconds: () => number;

  constructor(seconds: () => number) {
    this.#seconds = seconds;
  }

  /**
   * Claims a key for a call: the stored answer if this very call was made before, null if it is new.
   * Refuses another call under the same key (400) and one whose first try still runs (409).
   */
  claim(key: string, fingerprint: string): Answer | null {
    if (key.length > LONGEST_KEY) {
      throw new Problem(400, {
        type: 'invalid_request_error',
        message: `Idempotency keys may have at most ${LONGEST_KEY} characters.`,
      });
    }
    this.#forgetOld();
    const entry = this.#entries.get(key);
    if (entry === undefined) {
      this.#entries.set(key, { fingerprint, startedAt: this.#seconds(), answer: null });
      return null;
    }
    if (entry.fingerprint !== fingerprint) {
      throw new Problem(400, {
        type: 'idempotency_error',
        message:
          'Keys for idempotent requests can only be used with the same parameters they were first used with. ' +
          `Try using a key other than '${key}' if you meant to execute a different request.`,
      });
    }
    if (entry.answer !== null) return entry.answer;
    throw new Problem(409, {
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
      message: `There is currently another in-progress request using this idempotency key: ${key}. Please try again later.`,
    });
  }

  keep(key: string, answer: Answer): void {
    const entry = this.#entries.get(key);
    if (entry !== undefined) entry.answer = answer;
  }

  /** The call never began its work: the key is free again. */
  release(key: string): void {
    this.#entries.delete(key);
  }

  #forgetOld(): void {
    const limit = this.#seconds() - KEPT_SECONDS;
    // Entries stand in order of time, so the first young one ends the search.
    for (const [key, entry] of this.#entries) {
      if (entry.startedAt > limit) return;
      this.#entries.delete(key);
    }
  }
}

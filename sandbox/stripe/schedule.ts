import { z } from 'zod';

const share = z.number().min(0).max(1);

/** How much goes wrong, of what. What is left out is drawn from the seed. */
export const planSchema = z.strictObject({
  seed: z.number().int(),
  /** Of the calls: they take effect, and their answer is never sent. */
  timeouts: share,
  /** Of the calls: 500 without an effect, and with one. Both stay under their idempotency key. */
  errorsBefore: share,
  errorsAfter: share,
  /** Of the calls: 429 before any effect. */
  tooMany: share,
  /** Of the calls: they wait up to `slowMs` before their effect. */
  slow: share,
  slowMs: z.number().int().min(0).max(20_000),
  /** Of the events: never sent, sent several times, sent after some that came later. */
  dropped: share,
  doubled: share,
  mixedUp: share,
  /** Of the captured charges: contested. Of the refunds that succeeded: sent back by the bank. Both when the bank acts. */
  disputed: share,
  sentBack: share,
});

export type Plan = z.infer<typeof planSchema>;
export const partialPlanSchema = z.strictObject({ ...planSchema.partial().shape, seed: planSchema.shape.seed });

/** Nothing drawn is worse than this, so that what is tried again comes through. */
const WORST: Omit<Plan, 'seed'> = {
  timeouts: 0.03,
  errorsBefore: 0.05,
  errorsAfter: 0.05,
  tooMany: 0.05,
  slow: 0.2,
  slowMs: 200,
  dropped: 0.5,
  doubled: 0.5,
  mixedUp: 0.5,
  disputed: 0.1,
  sentBack: 0.2,
};

/** The plan of a seed, as far as it is not given. */
export function planOf(given: Partial<Plan> & { seed: number }): Plan {
  const drawn = Object.fromEntries(
    Object.entries(WORST).map(([name, worst]) => {
      const value = worst * uniform(given.seed, `plan ${name}`, 0);
      return [name, name === 'slowMs' ? Math.round(value) : Math.round(value * 1000) / 1000];
    }),
  );
  return planSchema.parse({ ...drawn, ...given });
}

export type CallFate = 'ANSWERED' | 'LOST' | 'ERROR' | 'ERROR_AFTER' | 'TOO_MANY';

const MOST_COPIES = 5;
const MOST_PLACES = 10;

/**
 * What goes wrong, decided by a seed alone: the nth call of an endpoint, the nth event, the nth charge and the nth refund meet the same
 * fate whenever the same seed is run, whatever else happens between them.
 */
export class FaultSchedule {
  readonly plan: Plan;
  readonly #counts = new Map<string, number>();

  constructor(plan: Plan) {
    this.plan = plan;
  }

  /** What becomes of the next call of an endpoint ("POST /v1/refunds"), and how long it waits before. */
  callFate(endpoint: string): { fate: CallFate; waitMs: number } {
    const n = this.#next(endpoint);
    const { timeouts, errorsBefore, errorsAfter, tooMany, slow, slowMs, seed } = this.plan;
    const waitMs =
      uniform(seed, `wait ${endpoint}`, n) < slow ? Math.round(uniform(seed, `ms ${endpoint}`, n) * slowMs) : 0;
    const shares: [CallFate, number][] = [
      ['LOST', timeouts],
      ['ERROR', errorsBefore],
      ['ERROR_AFTER', errorsAfter],
      ['TOO_MANY', tooMany],
    ];
    let at = uniform(seed, endpoint, n);
    for (const [fate, part] of shares) {
      if (at < part) return { fate, waitMs };
      at -= part;
    }
    return { fate: 'ANSWERED', waitMs };
  }

  /** What becomes of the next event: 0 copies are none at all; `places` are how many later ones it lets by. */
  eventFate(): { copies: number; places: number } {
    const n = this.#next('event');
    const { seed, dropped, doubled, mixedUp } = this.plan;
    if (uniform(seed, 'drop', n) < dropped) return { copies: 0, places: 0 };
    const copies =
      uniform(seed, 'double', n) < doubled ? 2 + Math.floor(uniform(seed, 'copies', n) * (MOST_COPIES - 1)) : 1;
    const places = uniform(seed, 'mix', n) < mixedUp ? uniform(seed, 'places', n) * MOST_PLACES : 0;
    return { copies, places };
  }

  /** Whether the owner of the nth charge contests it. */
  isDisputed(n: number): boolean {
    return uniform(this.plan.seed, 'dispute', n) < this.plan.disputed;
  }

  /** Whether the bank sends the nth refund back. */
  isSentBack(n: number): boolean {
    return uniform(this.plan.seed, 'refund', n) < this.plan.sentBack;
  }

  /** One line with which the same run can be had again. */
  toString(): string {
    return `fault schedule ${JSON.stringify(this.plan)}`;
  }

  #next(what: string): number {
    const n = (this.#counts.get(what) ?? 0) + 1;
    this.#counts.set(what, n);
    return n;
  }
}

/** A number in [0, 1) that depends on nothing but its arguments (FNV-1a, then mixed). */
function uniform(seed: number, what: string, n: number): number {
  let hash = 0x811c9dc5;
  for (const char of `${seed} ${what} ${n}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 4_294_967_296;
}

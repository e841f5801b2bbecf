import { z } from 'zod';
import { FaultSchedule, partialPlanSchema, planOf } from './schedule.ts';

const share = z.number().min(0).max(1);
const count = z.number().int().min(0);
/** Start of "METHOD /path" that the fault is limited to; empty for every call: `POST /v1/refunds`. */
const only = z.string();

const faultsSchema = z.strictObject({
  /** Drives every random decision below: the same seed and the same calls give the same faults. */
  seed: z.number().int(),
  /** `refuse` resets connections, `unavailable` answers 503; both before any effect. */
  down: z.enum(['off', 'refuse', 'unavailable']),
  latencyMs: z.number().int().min(0).max(120_000),
  /** 500s: the next n calls and a share of all; without the effect unless `afterEffect`. Kept under the idempotency key. */
  serverErrors: z.strictObject({ next: count, share, only, afterEffect: z.boolean() }),
  /** The call has its effect, but its answer is never sent. */
  timeouts: z.strictObject({ next: count, share, only }),
  /** `dropShare` 1 drops all; `repeat` is how often each event is sent (1 = once); copies go out in parallel. */
  webhooks: z.strictObject({
    dropShare: share,
    repeat: z.number().int().min(1).max(50),
    reorder: z.boolean(),
    delayMs: count,
  }),
  /** Faults by a plan that a seed decides alone, on top of the others; what the plan leaves out is drawn from its seed. */
  schedule: partialPlanSchema.nullable(),
});

const patchSchema = z.strictObject({
  ...faultsSchema.partial().shape,
  serverErrors: faultsSchema.shape.serverErrors.partial().optional(),
  timeouts: faultsSchema.shape.timeouts.partial().optional(),
  webhooks: faultsSchema.shape.webhooks.partial().optional(),
});

export type Faults = z.infer<typeof faultsSchema>;
export type FaultsPatch = z.infer<typeof patchSchema>;

/** Switches that came over the wire; throws a ZodError that names what is unknown or impossible. */
export function parseFaults(json: unknown): FaultsPatch {
  return patchSchema.parse(json);
}

const NONE: Faults = {
  seed: 1,
  down: 'off',
  latencyMs: 0,
  serverErrors: { next: 0, share: 0, only: '', afterEffect: false },
  timeouts: { next: 0, share: 0, only: '' },
  webhooks: { dropShare: 0, repeat: 1, reorder: false, delayMs: 0 },
  schedule: null,
};

/** The switches that make the double misbehave; all off until set. */
export class FaultSwitches {
  #faults: Faults = structuredClone(NONE);
  #random = randomFrom(NONE.seed);
  #schedule: FaultSchedule | undefined;

  /** What is switched on, with the counts that are left. */
  current(): Faults {
    return structuredClone(this.#faults);
  }

  /** Changes the given switches and leaves the others. Throws on an impossible one. A seed starts its sequence anew. */
  set(patch: FaultsPatch): Faults {
    this.#faults = faultsSchema.parse({
      ...this.#faults,
      ...patch,
      serverErrors: { ...this.#faults.serverErrors, ...patch.serverErrors },
      timeouts: { ...this.#faults.timeouts, ...patch.timeouts },
      webhooks: { ...this.#faults.webhooks, ...patch.webhooks },
    });
    if (patch.seed !== undefined) this.#random = randomFrom(patch.seed);
    if (patch.schedule !== undefined) this.#schedule = scheduleOf(this.#faults.schedule);
    return this.current();
  }

  reset(): void {
    this.#faults = structuredClone(NONE);
    this.#random = randomFrom(NONE.seed);
    this.#schedule = undefined;
  }

  /** The schedule that is followed: begun when it was set. */
  schedule(): FaultSchedule | undefined {
    return this.#schedule;
  }

  /** Whether this call ("POST /v1/refunds") answers 500; uses up one of the counted ones. */
  takeServerError(call: string): boolean {
    return this.#take(this.#faults.serverErrors, call);
  }

  /** Whether this call's answer is to be lost; uses up one of the counted ones. */
  takeTimeout(call: string): boolean {
    return this.#take(this.#faults.timeouts, call);
  }

  takeDrop(): boolean {
    return this.#faults.webhooks.dropShare > 0 && this.#random() < this.#faults.webhooks.dropShare;
  }

  /** The next number of the seeded sequence, in [0, 1). */
  random(): number {
    return this.#random();
  }

  #take(fault: { next: number; share: number; only: string }, call: string): boolean {
    if (!call.startsWith(fault.only)) return false;
    if (fault.next > 0) {
      fault.next -= 1;
      return true;
    }
    return fault.share > 0 && this.#random() < fault.share;
  }
}

function scheduleOf(given: Faults['schedule']): FaultSchedule | undefined {
  return given === null ? undefined : new FaultSchedule(planOf(withoutGaps(given)));
}

/** A field that is left out is drawn, one that is undefined is left out. */
function withoutGaps(given: NonNullable<Faults['schedule']>): Parameters<typeof planOf>[0] {
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return { ...present, seed: given.seed };
}

/** Mulberry32: small, and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

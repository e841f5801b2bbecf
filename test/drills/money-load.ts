import { ProviderCommand } from '../../src/entities/provider-command.ts';
import { runSweeps } from '../../src/jobs/run.ts';
import type { Plan } from '../../sandbox/stripe/schedule.ts';
import { moneySettled } from '../journeys/payment-steps.ts';
import type { TestSystem } from '../support/system.ts';

const isFull = process.env['PARKWELL_FULL'] === '1';

/** How much of something a drill does: a little beside the other tests, all that was promised with `npm run drill`. */
export function sizeOf(size: { ci: number; full: number }): number {
  return isFull ? size.full : size.ci;
}

/** 10,000 flows take an hour and a half on two cores: half a second each, at the pace that the provider is asked. */
const FULL_MS = 6 * 3_600_000;

/** How long a drill may take: the full sizes take their time. */
export function drillMs(ciMs: number): number {
  return isFull ? FULL_MS : ciMs;
}

/** Which faults a drill meets; `PARKWELL_TEST_SEED` chooses others. */
export const SEED = Number(process.env['PARKWELL_TEST_SEED'] ?? 20_261_120);

/** Runs under a schedule of faults. When it fails, the failure begins with the line from which the same faults can be had again. */
export async function underFaults<T>(
  { stripe }: TestSystem,
  schedule: Partial<Plan> & { seed: number },
  work: () => Promise<T>,
): Promise<T> {
  stripe.faults.set({ schedule });
  const line = String(stripe.faults.schedule());
  try {
    return await work();
  } catch (error) {
    throw new Error(`${line}\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`, {
      cause: error,
    });
  } finally {
    stripe.faults.reset();
  }
}

const MINUTE_MS = 60_000;

/** What a worker does each minute, for so many minutes; stops sooner when nothing is left to ask of the provider. Gives how many it took. */
export async function minutesPass(system: TestSystem, minutes: number): Promise<number> {
  const { platform, clock } = system;
  for (let minute = 1; minute <= minutes; minute++) {
    clock.advance(MINUTE_MS);
    await runSweeps(platform);
    await moneySettled(system);
    if (minute > 2 && (await openCommands(system)) === 0) return minute;
  }
  return minutes;
}

/** How many commands are not finished. */
export function openCommands({ platform }: TestSystem): Promise<number> {
  return platform.orm.em.fork().count(ProviderCommand, { finishedAt: null });
}

/** Runs so many at a time, each with its number. */
export async function inGroups(count: number, atOnce: number, work: (n: number) => Promise<unknown>): Promise<void> {
  for (let first = 0; first < count; first += atOnce) {
    const group = Array.from({ length: Math.min(atOnce, count - first) }, (_, index) => work(first + index));
    await Promise.all(group);
  }
}

/** The most calls of one endpoint that the provider saw within any 990 ms; ids in their paths are the same endpoint. */
export function busiestSecond({ stripe }: TestSystem, since = 0): { endpoint: string; calls: number } {
  const byEndpoint = new Map<string, number[]>();
  for (const { call, atMs } of stripe.state.requests().slice(since)) {
    const endpoint = call.replace(/\/[a-z]+_[A-Za-z0-9]+/g, '/:id');
    byEndpoint.set(endpoint, [...(byEndpoint.get(endpoint) ?? []), atMs]);
  }
  let busiest = { endpoint: '', calls: 0 };
  for (const [endpoint, times] of byEndpoint) {
    const sorted = times.toSorted((a, b) => a - b);
    for (let from = 0, to = 0; to < sorted.length; to++) {
      while (sorted[to]! - sorted[from]! >= 990) from += 1;
      if (to - from + 1 > busiest.calls) busiest = { endpoint, calls: to - from + 1 };
    }
  }
  return busiest;
}

import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { paymentsIdle } from '../payments/background.ts';
import type { Platform } from '../platform/platform.ts';
import type { BackgroundWork } from './background.ts';
import type { Drain } from './drain.ts';

/** How long each step of closing may take. Together, as they follow each other, they stay below `CLOSE_WITHIN_MS`. */
const REQUESTS_MS = 10_000;
const SOCKETS_MS = 3000;
const CONNECTIONS_MS = 1500;
const APOLLO_MS = 1000;
const BACKGROUND_MS = 14_000;
const PAYMENTS_MS = 3000;
/** How long `closeAll` takes at most, beside the delay before it stops listening. */
export const CLOSE_WITHIN_MS = 18_000;

const CLOSE_IDLE_EVERY_MS = 50;

/** What the api role has open. */
export interface OpenApi {
  closeSockets(): Promise<void>;
  stopApollo(): Promise<void>;
}

/** What one process has open. */
export interface Open {
  readonly platform: Platform;
  readonly fastify: FastifyInstance;
  readonly drain: Drain;
  readonly api: OpenApi | undefined;
  readonly background: BackgroundWork | undefined;
}

/**
 * Ends a process's work: it says that it is not ready, goes on serving for the configured delay, takes no new connections, lets
 * requests finish, and closes what is left. What runs beside the requests ends meanwhile, so that no caller can keep it from its
 * end. A step that does not come to its end is logged and left behind.
 */
export async function closeAll(open: Open): Promise<void> {
  const { platform, drain, background } = open;
  drain.begin();
  await Promise.all([closeEdge(open), within(platform, BACKGROUND_MS, ['background work', background?.stop()])]);
  await within(platform, PAYMENTS_MS, ['calls to the payment provider', paymentsIdle(platform)]);
}

async function closeEdge({ platform, fastify, drain, api }: Open): Promise<void> {
  const { drainDelayMs } = platform.config;
  if (drainDelayMs > 0) await pause(drainDelayMs);
  // Stops accepting at once; resolves when the last connection is gone, sockets included.
  const closed = fastify.close();
  // Only what is idle at this moment is closed with it: a connection whose last answer is still on its way would be kept alive for its 72 s.
  const idle = setInterval(() => fastify.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  await Promise.all([
    within(platform, SOCKETS_MS, ['websockets', api?.closeSockets()]),
    within(platform, REQUESTS_MS, ['requests', drain.emptied()]),
  ]);
  // Who has connected and never says anything is neither idle nor asking.
  const silent = setTimeout(() => fastify.server.closeAllConnections(), CONNECTIONS_MS);
  await within(platform, 2 * CONNECTIONS_MS, ['connections', closed]);
  clearTimeout(silent);
  clearInterval(idle);
  await within(platform, APOLLO_MS, ['Apollo Server', api?.stopApollo()]);
}

type Step = readonly [what: string, work: PromiseLike<unknown> | undefined];

async function within(platform: Platform, timeoutMs: number, [what, work]: Step): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'LATE'>((resolve) => {
    timer = setTimeout(() => resolve('LATE'), timeoutMs);
  });
  try {
    if ((await Promise.race([work, late])) === 'LATE')
      platform.log.warn({ what, timeoutMs }, 'closing goes on without');
  } catch (error) {
    platform.log.error({ err: error, what }, 'something could not be closed');
  } finally {
    clearTimeout(timer);
  }
}

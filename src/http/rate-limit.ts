import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { actorKey, ROLES, roleOf, type Viewer } from '../domain/viewer.ts';
import { rateLimited, type CodedError } from '../schema/coded-errors.ts';
import type { EdgeLimits } from './limits.ts';

const WINDOW_SECONDS = 60;

/** Counts a request of a viewer (of an address, when nobody is signed in). Resolves with the refusal when there were too many. */
export type RequestCounter = (viewer: Viewer | undefined, clientAddress: string) => Promise<CodedError | undefined>;

/**
 * Counts requests in this process, so that a gate's request costs no trip for it. What is guessed at (passwords, codes) is
 * counted by the verbs themselves, for all processes together.
 */
export function createRequestCounter(limits: EdgeLimits): RequestCounter {
  const limiters = new Map(
    ROLES.map((role) => [
      role,
      new RateLimiterMemory({ keyPrefix: role, points: limits.requestsPerMinute[role], duration: WINDOW_SECONDS }),
    ]),
  );
  return async (viewer, clientAddress) => {
    try {
      await limiters.get(roleOf(viewer))?.consume(viewer ? actorKey(viewer) : clientAddress);
      return undefined;
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      return rateLimited(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
    }
  };
}

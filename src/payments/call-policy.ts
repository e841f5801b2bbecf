import {
  circuitBreaker,
  ConsecutiveBreaker,
  ExponentialBackoff,
  handleWhen,
  retry,
  timeout,
  TimeoutStrategy,
  wrap,
} from 'cockatiel';

const RETRIES = 2;
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 800;
const FAILURES_UNTIL_OPEN = 5;
/** The provider takes 25 in test mode and more in earnest. */
export const PROVIDER_PACE = { perSecond: 20, longestWaitMs: 5000 };

/** Runs one call of an endpoint of the provider. */
export type CallPolicy = <T>(endpoint: string, call: () => Promise<T>) => Promise<T>;

/**
 * Calls each endpoint at a pace (`PROVIDER_PACE`, of all processes together); time out after `timeoutMs`, try quick failures twice more with back-off,
 * and stop asking for as long after five failures in a row: the state of the provider is found out by one call then, not by every
 * driver. A call that timed out is not tried again here, because its caller has waited long enough.
 */
export function createCallPolicy(
  pace: { inTurn: CallPolicy },
  timeoutMs: number,
  is: { unwell: (error: unknown) => boolean; quick: (error: unknown) => boolean },
): CallPolicy {
  const again = retry(handleWhen(is.quick), {
    maxAttempts: RETRIES,
    backoff: new ExponentialBackoff({ initialDelay: FIRST_WAIT_MS, maxDelay: LONGEST_WAIT_MS }),
  });
  const breaker = circuitBreaker(handleWhen(is.unwell), {
    halfOpenAfter: timeoutMs,
    breaker: new ConsecutiveBreaker(FAILURES_UNTIL_OPEN),
  });
  const inTime = timeout(timeoutMs, TimeoutStrategy.Aggressive);
  const persistent = wrap(again, breaker);
  return (endpoint, call) => persistent.execute(() => pace.inTurn(endpoint, () => inTime.execute(call)));
}

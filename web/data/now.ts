import { useEffect, useState } from 'preact/hooks';
import { serverNowMs, serverSpeed } from './server-time.ts';

/** No clock is read more often than this. */
const SHORTEST_MS = 250;

/** The page's clock, the only place that reads it: the server's, as far as it has told. */
export const nowMs = serverNowMs;

/** The time, read again every so often (of the server's time) while the part is shown. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(nowMs);
  const tickMs = Math.max(SHORTEST_MS, everyMs / serverSpeed());
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), tickMs);
    return () => clearInterval(timer);
  }, [tickMs]);
  return now;
}

import { useEffect, useState } from 'preact/hooks';
import { serverNowMs } from '../../data/server-time.ts';

/** The page's clock, the only place that reads it: the server's, as far as it has told. */
export const nowMs = serverNowMs;

/** The time, read again every so often while the part is shown. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

import { useEffect, useState } from 'preact/hooks';

/** The page's clock, the only place that reads it. */
export const nowMs = (): number => Date.now();

/** The time, read again every so often while the part is shown. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(nowMs);
  useEffect(() => {
    const timer = setInterval(() => setNow(nowMs()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

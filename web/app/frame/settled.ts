import { useEffect, useState } from 'preact/hooks';

/** A value once it has not changed for a while: what is typed is asked for when the typing pauses. */
export function useSettled<T>(value: T, forMs: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), forMs);
    return () => clearTimeout(timer);
  }, [value, forMs]);
  return settled;
}

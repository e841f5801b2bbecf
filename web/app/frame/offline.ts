import { useEffect, useState } from 'preact/hooks';
import { nowMs } from '../../data/now.ts';

const COPIES = 'parkwell.app.copies';
const MOST_COPIES = 20;

/** Something that was read, and when. */
export interface Copy<T> {
  readonly readAtMs: number;
  readonly value: T;
}

/** Keeps on this device what was read last under an id, so that a pass opens the gate without a network. The oldest are dropped. */
export function saveCopy(id: string, value: unknown): void {
  const copies: readonly (readonly [string, Copy<unknown>])[] = [
    [id, { readAtMs: nowMs(), value }],
    ...Object.entries(allCopies()).filter(([other]) => other !== id),
  ];
  try {
    localStorage.setItem(COPIES, JSON.stringify(Object.fromEntries(copies.slice(0, MOST_COPIES))));
  } catch {
    // Without room there is no copy; the code and the plate open the gate too.
  }
}

export function copyOf<T>(id: string): Copy<T> | undefined {
  return allCopies()[id] as Copy<T> | undefined;
}

/** Whoever signs out leaves no pass behind. */
export function forgetCopies(): void {
  localStorage.removeItem(COPIES);
}

function allCopies(): Record<string, Copy<unknown>> {
  try {
    return JSON.parse(localStorage.getItem(COPIES) ?? '{}') as Record<string, Copy<unknown>>;
  } catch {
    return {};
  }
}

/** Whether the device has a network, and again whenever that changes. */
export function useOnline(): boolean {
  const [isOnline, setOnline] = useState(() => navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener('online', look);
    addEventListener('offline', look);
    return () => {
      removeEventListener('online', look);
      removeEventListener('offline', look);
    };
  }, []);
  return isOnline;
}

/** Lets the page itself open without a network: its worker keeps what it is made of. */
export async function keepForOffline(): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    await navigator.serviceWorker.register('/app/offline.js', { scope: '/app' });
  } catch {
    // The page works without; only a reload needs the network then.
  }
}

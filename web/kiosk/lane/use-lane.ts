import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { KioskDecisionFragment } from '../../generated/graphql.ts';
import { AwayError, sendScan, type Credential, type Place, type Scan } from '../door.ts';
import { dropScan, keepScan, keptScans, sendable } from '../queue.ts';
import { playSound } from '../sound.ts';
import { wordOf } from './word.ts';

/** What stands on the screen about the vehicle in front of it. */
export interface Asked {
  readonly scan: Scan;
  /** Undefined: nobody has decided yet. */
  readonly decision: KioskDecisionFragment | undefined;
  readonly isWrong: boolean;
}

export interface Lane {
  readonly asked: Asked | undefined;
  readonly isOffline: boolean;
  readonly queued: number;
  readonly scan: (credential: Credential) => void;
  /** The next driver, or the same one again. */
  readonly begin: () => void;
}

/** Told to whatever moves the arm (the shell around the page, the lane of the demo) once a decision says so. */
export const OPEN_EVENT = 'parkwell-open';
/** A way for whatever stands beside the screen to hand over a reading: a `Credential` as detail. */
export const READ_EVENT = 'parkwell-read';
const AGAIN_MS = 2000;

/** One gate's conversation: a reading, its answer, and what is sent again until the server has it. */
export function useLane(place: Place): Lane {
  const [asked, setAsked] = useState<Asked>();
  const [isOffline, setOffline] = useState(!navigator.onLine);
  const [queued, setQueued] = useState(() => keptScans().length);
  const current = useRef<string>(undefined);
  // Sent twice, a scan is answered twice: the arm is told once.
  const answered = useRef<string>(undefined);

  const send = useCallback(
    async (scan: Scan) => {
      try {
        const decision = await sendScan(place, scan);
        setOffline(false);
        settle(scan, decision);
        if (current.current !== scan.scanId || answered.current === scan.scanId) return;
        answered.current = scan.scanId;
        setAsked({ scan, decision, isWrong: decision === undefined });
        playSound(wordOf(decision));
        if (decision?.action === 'OPEN') dispatchEvent(new CustomEvent(OPEN_EVENT, { detail: decision }));
      } catch (error) {
        if (error instanceof AwayError) return setOffline(true);
        dropScan(scan.scanId);
        if (current.current === scan.scanId) setAsked({ scan, decision: undefined, isWrong: true });
      } finally {
        setQueued(keptScans().length);
      }
    },
    [place],
  );

  const scan = useCallback(
    (credential: Credential) => {
      const made = { scanId: crypto.randomUUID(), credential, observedAt: new Date().toISOString() };
      current.current = made.scanId;
      keepScan(made);
      setAsked({ scan: made, decision: undefined, isWrong: false });
      void send(made);
    },
    [send],
  );

  const begin = useCallback(() => {
    current.current = undefined;
    setAsked(undefined);
  }, []);

  useSendAgain(send, setQueued);
  useEffect(() => {
    const read = (event: Event) => scan((event as CustomEvent<Credential>).detail);
    const gone = () => setOffline(true);
    addEventListener(READ_EVENT, read);
    addEventListener('offline', gone);
    return () => {
      removeEventListener(READ_EVENT, read);
      removeEventListener('offline', gone);
    };
  }, [scan]);
  return { asked, isOffline, queued, scan, begin };
}

/** What a given answer leaves to be done: nothing once it is durable or nothing opened, else to tell that the barrier has opened. */
function settle(scan: Scan, decision: KioskDecisionFragment | undefined): void {
  if (decision?.durable === false && decision.action === 'OPEN') keepScan({ ...scan, alreadyOpened: true });
  else dropScan(scan.scanId);
}

function useSendAgain(send: (scan: Scan) => Promise<void>, setQueued: (count: number) => void): void {
  useEffect(() => {
    let isBusy = false;
    const again = async () => {
      if (isBusy || keptScans().length === 0) return;
      isBusy = true;
      const kept = keptScans();
      const wanted = sendable(kept, Date.now());
      for (const { scanId } of kept.filter((each) => !wanted.includes(each))) dropScan(scanId);
      setQueued(wanted.length);
      for (const each of wanted) await send(each);
      isBusy = false;
    };
    const timer = setInterval(() => void again(), AGAIN_MS);
    const back = () => void again();
    addEventListener('online', back);
    return () => {
      clearInterval(timer);
      removeEventListener('online', back);
    };
  }, [send, setQueued]);
}

import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { formatClock } from '../../format/time.ts';
import type { Place } from '../door.ts';
import { useKiosk } from '../kiosk-context.ts';
import { Help } from './help.tsx';
import type { Lane } from './use-lane.ts';

const TICK_MS = 5000;

interface Props {
  readonly place: Place;
  readonly lane: Lane;
  /** Another one: another view. Whoever has no pointer goes on from its start. */
  readonly view: string;
  readonly children: ComponentChildren;
}

/** What stands in every view at the same place: where one is, the time, whether the server is there, and help. */
export function Frame({ place, lane, view, children }: Props) {
  const { say, locale } = useKiosk();
  const now = useNow();
  const main = useFocusOn(view);
  const reason = lane.asked?.decision?.reason === 'PAYMENT_DUE' ? 'PAYING' : 'HELP';
  return (
    <div class="frame">
      <header class="top">
        <h1 class="where">
          <strong>{place.lotName}</strong> <span>{place.gateName}</span>
        </h1>
        <time>{formatClock(now, { locale, timeZone: place.timeZone })}</time>
        <Help place={place} reason={reason} />
      </header>
      {lane.isOffline && (
        <p class="offline" role="status">
          <strong>{say('offline')}</strong> {lane.queued > 0 && say('queued', { count: lane.queued })}
        </p>
      )}
      <main class="view" ref={main} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}

function useNow(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function useFocusOn(view: string) {
  const main = useRef<HTMLElement>(null);
  const first = useRef(view);
  useEffect(() => {
    if (view === first.current || main.current?.contains(document.activeElement)) return;
    first.current = '';
    main.current?.focus({ preventScroll: true });
  }, [view]);
  return main;
}

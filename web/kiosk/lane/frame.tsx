import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Dialog } from '../../design/dialog.tsx';
import { formatClock } from '../../format/time.ts';
import type { Place } from '../door.ts';
import { useKiosk } from '../kiosk-context.ts';
import { Icon } from './icon.tsx';
import type { Lane } from './use-lane.ts';

const TICK_MS = 5000;

/** What stands in every view at the same place: where one is, the time, whether the server is there, and help. */
export function Frame({ place, lane, children }: { place: Place; lane: Lane; children: ComponentChildren }) {
  const { say, locale } = useKiosk();
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), TICK_MS);
    return () => clearInterval(timer);
  }, []);
  return (
    <div class="frame">
      <header class="top">
        <h1 class="where">
          <strong>{place.lotName}</strong> <span>{place.gateName}</span>
        </h1>
        <time>{formatClock(now, { locale, timeZone: place.timeZone })}</time>
        <Help place={place} />
      </header>
      {lane.isOffline && (
        <p class="offline" role="status">
          <strong>{say('offline')}</strong> {lane.queued > 0 && say('queued', { count: lane.queued })}
        </p>
      )}
      <main class="view">{children}</main>
    </div>
  );
}

/** Always at the same place, in every state. Says what to tell whoever answers. */
function Help({ place }: { place: Place }) {
  const { say } = useKiosk();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="help" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon word="CALL" />
        {say('help')}
      </button>
      {isOpen && (
        <Dialog title={say('helpTitle')} onClose={() => setOpen(false)}>
          <p>{say('helpHow')}</p>
          <p class="say-this">{say('helpSay', { lot: place.lotName, gate: place.gateName })}</p>
          <p>{say('helpNobodyTrapped')}</p>
          <button type="button" class="button main" onClick={() => setOpen(false)}>
            {say('close')}
          </button>
        </Dialog>
      )}
    </>
  );
}

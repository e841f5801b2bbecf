import { useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { formatClock, formatDuration } from '../../format/time.ts';
import { noShowText } from '../book/policy-text.ts';
import { useApp } from '../frame/app-context.ts';
import { useNow } from '../frame/now.ts';
import type { Reservation } from './reservation-view.tsx';

const TICK_MS = 10_000;
/** From then on before the start a driver is reminded. */
const REMIND_MS = 30 * 60_000;

/** Reminds who has not come yet until when the spot is kept, and tells who is late what they can do. */
export function LateNotice({ reservation }: { reservation: Reservation }) {
  const { say, locale } = useApp();
  const [isOpen, setOpen] = useState(false);
  const now = useNow(TICK_MS);
  const { state, period, graceEndsAt, lot } = reservation;
  const startMs = Date.parse(period.startsAt);
  if (state !== 'CONFIRMED' || now < startMs - REMIND_MS) return null;
  const place = { locale, timeZone: lot.timeZone };
  const isLate = now > startMs;
  return (
    <div class="no-print">
      <Notice tone="warn" actions={<Button onClick={() => setOpen(true)}>{say('iAmLate')}</Button>}>
        {isLate
          ? say('lateUntil', {
              time: formatClock(graceEndsAt, place),
              left: formatDuration(Date.parse(graceEndsAt) - now, locale),
            })
          : say('startsSoon', { time: formatClock(period.startsAt, place), grace: formatClock(graceEndsAt, place) })}
      </Notice>
      {isOpen && <LateDialog reservation={reservation} onClose={() => setOpen(false)} />}
    </div>
  );
}

function LateDialog({ reservation, onClose }: { reservation: Reservation; onClose: () => void }) {
  const app = useApp();
  const { say, locale } = app;
  const { graceEndsAt, lot } = reservation;
  return (
    <Dialog title={say('iAmLate')} onClose={onClose}>
      <p class="figure huge">{formatClock(graceEndsAt, { locale, timeZone: lot.timeZone })}</p>
      <p>{say('lateKept')}</p>
      <p>{noShowText(app, lot.policy)}</p>
      <p>{say(lot.policy.reinstateLateArrival ? 'lateReinstated' : 'lateNotReinstated')}</p>
      <p>{say('lateCancel')}</p>
      <Button kind="main" onClick={onClose}>
        {say('close')}
      </Button>
    </Dialog>
  );
}

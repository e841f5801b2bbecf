import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { formatClock, formatDuration } from '../../format/time.ts';
import { AppLateDocument } from '../../generated/graphql.ts';
import { noShowText } from '../book/policy-text.ts';
import { useApp } from '../frame/app-context.ts';
import { useNow } from '../../data/now.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';
import type { Reservation } from './reservation-view.tsx';

const TICK_MS = 10_000;
const MINUTE_MS = 60_000;
/** From then on before the start a driver is reminded. */
const REMIND_MS = 30 * MINUTE_MS;

interface Props {
  readonly reservation: Reservation;
  readonly onChanged: () => void;
}

/** Reminds who has not come yet until when the spot is kept, and lets who is late say so. */
export function LateNotice({ reservation, onChanged }: Props) {
  const { say, locale } = useApp();
  const [isOpen, setOpen] = useState(false);
  const now = useNow(TICK_MS);
  const { state, period, graceEndsAt, lot } = reservation;
  const startMs = Date.parse(period.startsAt);
  const leftMs = Date.parse(graceEndsAt) - now;
  if (state !== 'CONFIRMED' || now < startMs - REMIND_MS || leftMs <= 0) return null;
  const place = { locale, timeZone: lot.timeZone };
  const isLate = now > startMs;
  return (
    <div class="no-print">
      <Notice tone="warn" actions={<Button onClick={() => setOpen(true)}>{say('iAmLate')}</Button>}>
        {isLate
          ? say('lateUntil', { time: formatClock(graceEndsAt, place), left: formatDuration(leftMs, locale) })
          : say('startsSoon', { time: formatClock(period.startsAt, place), grace: formatClock(graceEndsAt, place) })}
      </Notice>
      {isOpen && <LateDialog reservation={reservation} onChanged={onChanged} onClose={() => setOpen(false)} />}
    </div>
  );
}

/** Until when the spot waits, and for how much longer if the lot gives that to who says that they are late. */
function LateDialog({ reservation, onChanged, onClose }: Props & { onClose: () => void }) {
  const app = useApp();
  const { say, locale, isOnline } = app;
  const refusalText = useRefusalText();
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, announce] = useDo(AppLateDocument);
  const { id, graceEndsAt, lot } = reservation;
  const longest = longestWait(reservation);
  const place = { locale, timeZone: lot.timeZone };
  const keep = async () => {
    const answer = await announce({ input: { reservationId: id } });
    if (answer) setRefused(answer.announceLateArrival.userErrors[0]);
    if (answer?.announceLateArrival.reservation) onChanged();
  };
  return (
    <Dialog title={say('iAmLate')} onClose={onClose}>
      <p class="figure huge">{formatClock(graceEndsAt, place)}</p>
      <p role="status">{say('lateKept')}</p>
      {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
      {error && <Problem error={error} />}
      {longest !== undefined && (
        <Button kind="main" isBusy={fetching} disabled={!isOnline} onClick={() => void keep()}>
          {say('lateKeep', { time: formatClock(longest, place) })}
        </Button>
      )}
      <p>{noShowText(app, lot.policy)}</p>
      <p>{say(lot.policy.reinstateLateArrival ? 'lateReinstated' : 'lateNotReinstated')}</p>
      <p>{say('lateCancel')}</p>
      <Button kind={longest === undefined ? 'main' : 'plain'} onClick={onClose}>
        {say('close')}
      </Button>
    </Dialog>
  );
}

/** When the spot would be given away if its driver said that they are late; undefined where that gives them no more time. */
function longestWait({ period, graceEndsAt, lot: { policy } }: Reservation): Date | undefined {
  const waitsMs = (policy.graceMinutes + policy.lateNoticeMinutes) * MINUTE_MS;
  const untilMs = Math.min(Date.parse(period.startsAt) + waitsMs, Date.parse(period.endsAt));
  return untilMs > Date.parse(graceEndsAt) ? new Date(untilMs) : undefined;
}

import { useEffect, useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { AppLeavingNowDocument } from '../../generated/graphql.ts';
import { formatAmount, type Amount } from '../../format/money.ts';
import { formatClock, formatDuration } from '../../format/time.ts';
import { earlyDepartureText } from '../book/policy-text.ts';
import { useApp } from '../frame/app-context.ts';
import { useNow } from '../../data/now.ts';
import type { Reservation } from './reservation-view.tsx';

/** What has come of it by now. */
interface Used {
  readonly cost: Amount;
  readonly refund: Amount;
  readonly due: Amount;
}

const TICK_MS = 10_000;
const MINUTE_MS = 60_000;

/** The visit as it goes on: how much time is left, what it has cost so far, and what leaving now gives back. */
export function LiveStay({ reservation }: { reservation: Reservation }) {
  const app = useApp();
  const { say, locale } = app;
  const { period, lot, price } = reservation;
  const now = useNow(TICK_MS);
  const [startMs, endMs] = [Date.parse(period.startsAt), Date.parse(period.endsAt)];
  const leftMs = endMs - now;
  const isOver = leftMs <= 0;
  const used = useUsed(reservation);
  return (
    <section class="card stack live" aria-labelledby="live">
      <h2 id="live">{say('liveTitle')}</h2>
      <p class={isOver ? 'figure huge tone-bad' : 'figure huge'}>
        {say(isOver ? 'timeOver' : 'timeLeft', { time: formatDuration(Math.abs(leftMs), locale) })}
      </p>
      <progress
        max={endMs - startMs}
        value={Math.min(Math.max(0, now - startMs), endMs - startMs)}
        aria-label={say('timeUsed')}
      />
      <p class="quiet">{say('endsAt', { time: formatClock(period.endsAt, { locale, timeZone: lot.timeZone }) })}</p>
      <dl class="facts">
        <div>
          <dt>{say('paid')}</dt>
          <dd>{formatAmount(price.total, locale)}</dd>
        </div>
        {used && (
          <div>
            <dt>{say('costSoFar')}</dt>
            <dd class="figure">{formatAmount(used.cost, locale)}</dd>
          </div>
        )}
        {used && !isOver && (
          <div>
            <dt>{say('refundNow')}</dt>
            <dd class="figure">{formatAmount(used.refund, locale)}</dd>
          </div>
        )}
        {used && used.due.amountMinor > 0 && (
          <div>
            <dt>{say('dueNow')}</dt>
            <dd class="figure tone-bad">{formatAmount(used.due, locale)}</dd>
          </div>
        )}
      </dl>
      <p class="quiet small">{earlyDepartureText(app, lot.policy)}</p>
      {isOver && <p>{say('overRule', { grace: formatDuration(lot.policy.exitGraceMinutes * MINUTE_MS, locale) })}</p>}
    </section>
  );
}

/** What the visit has cost so far, what leaving now gives back and what it still owes: asked anew every minute. */
function useUsed({ id, period }: Reservation) {
  const minute = Math.floor(useNow(TICK_MS) / MINUTE_MS);
  const leavesMs = Math.max((minute + 1) * MINUTE_MS, Date.parse(period.startsAt) + MINUTE_MS);
  const [{ data }] = useAsk(AppLeavingNowDocument, { id, endsAt: new Date(leavesMs).toISOString() });
  const { priceIfEndingAt, refundIfLeavingNow, dueIfLeavingNow } = data?.reservation ?? {};
  // The last answer stays in sight while the next is asked for.
  const [last, setLast] = useState<Used>();
  const cost = priceIfEndingAt?.total;
  useEffect(() => {
    if (cost && refundIfLeavingNow && dueIfLeavingNow)
      setLast({ cost, refund: refundIfLeavingNow, due: dueIfLeavingNow });
  }, [data]);
  return last;
}

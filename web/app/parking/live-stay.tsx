import { useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { AppPriceIfEndingDocument } from '../../generated/graphql.ts';
import { formatAmount } from '../../format/money.ts';
import { formatClock, formatDuration } from '../../format/time.ts';
import { earlyDepartureText } from '../book/policy-text.ts';
import { useApp } from '../frame/app-context.ts';
import { nowMs, useNow } from '../frame/now.ts';
import type { Reservation } from './reservation-view.tsx';

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
      </dl>
      <p class="quiet small">{earlyDepartureText(app, lot.policy)}</p>
      {isOver && <p>{say('overRule', { grace: formatDuration(lot.policy.exitGraceMinutes * MINUTE_MS, locale) })}</p>}
    </section>
  );
}

/**
 * What the visit would cost if it ended now, asked anew every minute, and what of the price would come back by the policy it was made under:
 * the share of what is above the cost of the used part, which is at least the least charge.
 */
function useUsed({ id, period, price, lot, refunded }: Reservation) {
  const minute = Math.floor(useNow(TICK_MS) / MINUTE_MS);
  const [shownMinute] = useState(minute);
  const { refundPercent, minimumChargeMinutes } = lot.policy.earlyDeparture;
  const startMs = Date.parse(period.startsAt);
  const endMs = Date.parse(period.endsAt);
  const usedMs = Math.max((Math.max(minute, shownMinute) + 1) * MINUTE_MS, startMs + MINUTE_MS);
  const chargedMs = Math.max(usedMs, startMs + minimumChargeMinutes * MINUTE_MS);
  const at = (ms: number) => new Date(Math.min(ms, Math.max(endMs, nowMs()))).toISOString();
  const [used] = useAsk(AppPriceIfEndingDocument, { id, endsAt: at(usedMs) });
  const [charged] = useAsk(AppPriceIfEndingDocument, { id, endsAt: at(chargedMs) });
  const cost = used.data?.reservation?.priceIfEndingAt?.total;
  const chargedMinor = charged.data?.reservation?.priceIfEndingAt?.total.amountMinor;
  if (!cost || chargedMinor === undefined) return undefined;
  const paidMinor = price.total.amountMinor - refunded.amountMinor;
  const refundMinor = Math.floor((Math.max(0, paidMinor - chargedMinor) * refundPercent) / 100);
  return { cost, refund: { amountMinor: refundMinor, currency: cost.currency } };
}

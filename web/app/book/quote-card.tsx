import { useEffect, useRef } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import type { AppAlternativeFragment, AppQuoteQuery } from '../../generated/graphql.ts';
import { formatAmount } from '../../format/money.ts';
import { formatPeriod } from '../../format/time.ts';
import { useApp } from '../frame/app-context.ts';
import { useNow } from '../../data/now.ts';
import { go, addressOf } from '../frame/router.ts';
import { cancellationText, earlyDepartureText, noShowText } from './policy-text.ts';
import { PriceLines } from './price-lines.tsx';
import type { Trip } from './trip.ts';

export type Quote = NonNullable<AppQuoteQuery['quote']['quote']>;

interface Props {
  readonly quote: Quote;
  readonly timeZone: string;
  readonly isAsking: boolean;
  readonly onAskAgain: () => void;
}

/** What it costs, how that comes about, what is promised, and for how long the price is kept. */
export function QuoteCard({ quote, timeZone, isAsking, onAskAgain }: Props) {
  const app = useApp();
  const { say, locale } = app;
  return (
    <section class="card stack" aria-labelledby="price">
      <div class="row-of spread">
        <h2 id="price">{say('price')}</h2>
        <Countdown until={quote.expiresAt} />
      </div>
      <p class="figure huge">{formatAmount(quote.price.total, locale)}</p>
      <p class="quiet">
        {say(`type_${quote.spotType}`)} · {say('freeThen', { free: quote.spotsFree })}
      </p>
      <Expired until={quote.expiresAt} isAsking={isAsking} onAskAgain={onAskAgain} />
      <details>
        <summary>{say('priceLines')}</summary>
        <PriceLines price={quote.price} />
      </details>
      <ul class="promises">
        <li>{cancellationText(app, quote.policy, { startsAt: quote.period.startsAt, timeZone })}</li>
        <li>{noShowText(app, quote.policy)}</li>
        <li>{earlyDepartureText(app, quote.policy)}</li>
      </ul>
    </section>
  );
}

/** How long something is still kept; said to those who listen only when it begins. */
export function Countdown({ until }: { until: string }) {
  const { say } = useApp();
  const leftSeconds = Math.max(0, Math.ceil((Date.parse(until) - useNow(1000)) / 1000));
  const clock = `${Math.floor(leftSeconds / 60)}:${String(leftSeconds % 60).padStart(2, '0')}`;
  return (
    <p class={leftSeconds < 60 ? 'countdown soon' : 'countdown'} role="timer">
      {say('keptFor')} <span class="figure">{clock}</span>
    </p>
  );
}

function Expired({ until, isAsking, onAskAgain }: { until: string; isAsking: boolean; onAskAgain: () => void }) {
  const { say } = useApp();
  if (Date.parse(until) > useNow(1000)) return null;
  return (
    <Notice
      tone="warn"
      actions={
        <Button isBusy={isAsking} onClick={onAskAgain}>
          {say('priceAgain')}
        </Button>
      }
    >
      {say('quoteExpired')}
    </Notice>
  );
}

interface FullProps {
  readonly alternatives: readonly AppAlternativeFragment[];
  readonly lotCode: string;
  readonly change: (change: Partial<Trip>) => void;
}

/** Full: said with what is near, each one press away; what was typed stays. */
export function FullNotice({ alternatives, lotCode, change }: FullProps) {
  const { say, locale } = useApp();
  const element = useRef<HTMLElement>(null);
  // It comes after a press far below.
  useEffect(() => element.current?.scrollIntoView({ block: 'nearest' }), []);
  const choose = ({ period, spotType, lot, kind }: AppAlternativeFragment) => {
    change({ startsAt: period.startsAt, endsAt: period.endsAt, ...(kind === 'OTHER_TYPE' ? { spotType } : {}) });
    if (lot.code !== lotCode) go(addressOf('lots', lot.code));
  };
  return (
    <section class="stack" ref={element}>
      <Notice tone="bad">{say(alternatives.length > 0 ? 'fullThen' : 'fullNothingNear')}</Notice>
      <ul class="list">
        {alternatives.map((alternative) => (
          <li class="card row-of spread" key={alternative.kind}>
            <div>
              <strong>
                {say(`alternative_${alternative.kind}`, {
                  lot: alternative.lot.name,
                  type: say(`type_${alternative.spotType}`),
                })}
              </strong>
              <p class="quiet">
                {formatPeriod(alternative.period.startsAt, alternative.period.endsAt, {
                  locale,
                  timeZone: alternative.lot.timeZone,
                })}
                {' · '}
                {say('freeThen', { free: alternative.spotsFree })}
              </p>
            </div>
            <Button onClick={() => choose(alternative)}>{say('takeIt')}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

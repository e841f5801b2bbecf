import { formatAmount } from '../../format/money.ts';
import { formatPeriod } from '../../format/time.ts';
import { useApp } from '../frame/app-context.ts';
import { addressOf } from '../frame/router.ts';
import { distanceText } from './distance.ts';
import type { FoundLot } from './search.tsx';

interface Props {
  readonly lot: FoundLot;
  readonly period: { readonly startsAt: string; readonly endsAt: string };
  /** At this moment, whatever period is asked for. */
  readonly freeNow: number | undefined;
}

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** One lot: what the whole period costs there, how far it is, and what is free. */
export function LotCard({ lot: { node, price, spotsFree, distanceMeters }, period, freeNow }: Props) {
  const { say, locale } = useApp();
  const isFull = spotsFree === 0;
  return (
    <li class="card lot">
      <div class="lot-what">
        <h2>
          <a class="whole" href={addressOf('lots', node.code)}>
            {node.name}
          </a>
        </h2>
        <p class="quiet">{node.address}</p>
        <p class="row-of facts-line">
          {distanceMeters != null && <span>{distanceText(distanceMeters, locale)}</span>}
          {freeNow !== undefined && <span>{say('freeNow', { free: freeNow })}</span>}
          {node.timeZone !== OWN_ZONE && (
            <span>
              {say('there', {
                period: formatPeriod(period.startsAt, period.endsAt, { locale, timeZone: node.timeZone }),
              })}
            </span>
          )}
        </p>
      </div>
      <p class="lot-price">
        {price && <strong class="figure">{formatAmount(price.total, locale)}</strong>}
        <span class={isFull ? 'tone-bad' : 'tone-good'}>
          {isFull ? say('full') : say('freeThen', { free: spotsFree ?? 0 })}
        </span>
      </p>
    </li>
  );
}

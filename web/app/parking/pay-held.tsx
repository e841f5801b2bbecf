import { useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { formatDayAndClock } from '../../format/time.ts';
import { Countdown } from '../book/quote-card.tsx';
import { usePayHold } from '../book/use-checkout.ts';
import { useApp } from '../frame/app-context.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';
import { CardEntry, useCard } from '../pay/card-entry.tsx';
import type { Reservation } from './reservation-view.tsx';

interface Props {
  readonly reservation: Reservation;
  readonly onChanged: () => void;
}

/** Pays for a spot that is held, wherever that was done: on another device, or in an answer that was lost on its way. */
export function PayHeld({ reservation, onChanged }: Props) {
  const { say, locale } = useApp();
  const refusalText = useRefusalText();
  const [card, setCard] = useCard();
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, payHold] = usePayHold();
  const { id, holdExpiresAt, lot, price } = reservation;
  const isFree = price.total.amountMinor === 0;
  const pay = async () => {
    setRefused(undefined);
    const payload = await payHold(id, isFree ? undefined : card);
    setRefused(payload?.userErrors[0]);
    if (payload) onChanged();
  };
  return (
    <section class="card stack" aria-labelledby="pay">
      <div class="row-of spread">
        <h2 id="pay">{say('payTitle')}</h2>
        <Countdown until={holdExpiresAt} />
      </div>
      <p>{say('heldUntil', { time: formatDayAndClock(holdExpiresAt, { locale, timeZone: lot.timeZone }) })}</p>
      {!isFree && <CardEntry card={card} onCard={setCard} name="held-card" />}
      {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
      {error && <Problem error={error} />}
      <p>
        <Button kind="main" isBusy={fetching} disabled={!isFree && card === ''} onClick={() => void pay()}>
          {isFree ? say('reserveFree') : say('payNow', { amount: formatAmount(price.total, locale) })}
        </Button>
      </p>
    </section>
  );
}

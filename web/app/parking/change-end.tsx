import { useState } from 'preact/hooks';
import { useAsk, useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { AppChangeDocument, AppPriceIfEndingDocument, AppPriceIfExtendedDocument } from '../../generated/graphql.ts';
import { formatAmount, type Amount } from '../../format/money.ts';
import { formatDayAndClock } from '../../format/time.ts';
import { Moment } from '../book/trip-fields.tsx';
import { useApp } from '../frame/app-context.ts';
import { forgetKey, keyFor } from '../frame/kept.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';
import { CardEntry, useCard } from '../pay/card-entry.tsx';
import { STRIPE_KEY } from '../../pay/stripe-js.ts';
import { askBank } from '../pay/stripe-steps.ts';
import type { Reservation } from './reservation-view.tsx';

const MINUTE_MS = 60_000;

interface Props {
  readonly reservation: Reservation;
  readonly onChanged: () => void;
}

/** Moves the end: three usual steps with what each costs, or any other hour. What is chosen is confirmed below, with the card. */
export function ChangeEnd({ reservation, onChanged }: Props) {
  const { say, locale } = useApp();
  const { id, period, lot, price } = reservation;
  const [endsAt, setEndsAt] = useState<string>();
  const after = (minutes: number) => new Date(Date.parse(period.endsAt) + minutes * MINUTE_MS).toISOString();
  const steps = { soon: after(15), later: after(30), latest: after(60) };
  const [{ data }] = useAsk(AppPriceIfExtendedDocument, { id, ...steps });
  const added = (whole: { total: Amount } | null | undefined) =>
    whole ? `+${formatAmount(differenceOf(whole.total, price.total), locale)}` : '';
  return (
    <div class="stack tight">
      <div class="steps" role="group" aria-label={say('extend')}>
        {(
          [
            ['soon', 15],
            ['later', 30],
            ['latest', 60],
          ] as const
        ).map(([step, minutes]) => (
          <button
            key={step}
            type="button"
            class="chip step"
            aria-pressed={endsAt === steps[step]}
            onClick={() => setEndsAt(steps[step])}
          >
            <strong>{say('plusMinutes', { minutes })}</strong>
            <span>{added(data?.reservation?.[step])}</span>
          </button>
        ))}
      </div>
      <Moment label={say('newEnd')} instant={endsAt ?? period.endsAt} timeZone={lot.timeZone} onMoment={setEndsAt} />
      {endsAt !== undefined && endsAt !== period.endsAt && (
        <ConfirmEnd
          reservation={reservation}
          endsAt={endsAt}
          onChanged={() => {
            setEndsAt(undefined);
            onChanged();
          }}
        />
      )}
    </div>
  );
}

const differenceOf = (next: Amount, before: Amount): Amount => ({
  amountMinor: next.amountMinor - before.amountMinor,
  currency: next.currency,
});

/** The difference before it is paid, or what an earlier end saves. */
function ConfirmEnd({ reservation, endsAt, onChanged }: Props & { endsAt: string }) {
  const { say, locale } = useApp();
  const refusalText = useRefusalText();
  const [card, setCard] = useCard();
  const [refused, setRefused] = useState<Refused>();
  const [asked] = useAsk(AppPriceIfEndingDocument, { id: reservation.id, endsAt });
  const [{ fetching, error: failed }, change] = useDo(AppChangeDocument);
  const error = failed ?? asked.error;
  const whole = asked.data?.reservation?.priceIfEndingAt?.total;
  const difference = whole && differenceOf(whole, reservation.price.total);
  const costs = difference !== undefined && difference.amountMinor > 0;
  const confirm = async () => {
    setRefused(undefined);
    const input = { reservationId: reservation.id, endsAt, ...(costs ? { paymentMethodId: card } : {}) };
    const ask = () => change({ input: { ...input, idempotencyKey: keyFor('change', input) } });
    let answer = await ask();
    const why = answer?.changeReservation.userErrors[0];
    const secret = why?.__typename === 'PaymentNeeded' ? why.clientSecret : null;
    // The same request goes on where the bank stopped it.
    if (STRIPE_KEY !== undefined && secret != null && (await askBank(STRIPE_KEY, secret)) === undefined)
      answer = await ask();
    if (!answer) return;
    forgetKey('change');
    if (answer.changeReservation.reservation) onChanged();
    else setRefused(answer.changeReservation.userErrors[0]);
  };
  return (
    <div class="stack tight" role="group" aria-label={say('newEnd')}>
      <p role="status">
        {say('endsThen', { time: formatDayAndClock(endsAt, { locale, timeZone: reservation.lot.timeZone }) })}{' '}
        {difference && <strong class="figure">{formatAmount(difference, locale)}</strong>}
      </p>
      {difference && !costs && <p class="quiet">{say('shorterRule')}</p>}
      {costs && <CardEntry card={card} onCard={setCard} name="change-card" />}
      {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
      {error && <Problem error={error} />}
      <Button
        kind="main"
        isBusy={fetching}
        disabled={!difference || (costs && card === '')}
        onClick={() => void confirm()}
      >
        {costs ? say('payNow', { amount: formatAmount(difference, locale) }) : say('changeEnd')}
      </Button>
    </div>
  );
}

import { useEffect, useState } from 'preact/hooks';
import { useAsk, useLive } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { formatDayAndClock, formatPeriod } from '../../format/time.ts';
import {
  ConsoleReservationDocument,
  ConsoleReservationLiveDocument,
  type ConsolePaymentFragment,
  type ConsoleReservationQuery,
  type ConsoleVisitFragment,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useAgainWhenBack } from '../frame/connection.ts';
import { Heading } from '../frame/heading.tsx';
import { Problem } from '../frame/problem.tsx';
import { addressOf } from '../frame/router.ts';
import { CancelDialog, RefundDialog } from './actions.tsx';
import { PresenceDialog } from './presence-dialog.tsx';
import { StateBadge } from './table.tsx';
import { Timeline } from './timeline.tsx';

export type WholeReservation = NonNullable<ConsoleReservationQuery['reservation']>;

/** A reservation with its whole life, its money, and what staff may do with it. Follows what happens to it. */
export function ReservationView({ id }: { id: string }) {
  const { say, locale } = useConsole();
  const [{ data, error }, again] = useAsk(ConsoleReservationDocument, { id, locale });
  useAgainWhenBack(again);
  const heard = useLive(ConsoleReservationLiveDocument, { id });
  const [done, setDone] = useState<string>();
  useEffect(() => {
    if (heard) again();
  }, [heard]);
  const reservation = data?.reservation;
  const finish = (text: string) => {
    setDone(text);
    again();
  };
  return (
    <>
      <Heading title={reservation?.code ?? say('reservation')}>
        {reservation && <StateBadge state={reservation.state} />}
      </Heading>
      {error && <Problem error={error} onRetry={again} />}
      {data === undefined && !error && <Waiting label={say('loading')} />}
      {reservation === null && <Notice tone="warn">{say('problem_notFound')}</Notice>}
      {done !== undefined && <Notice tone="good">{done}</Notice>}
      {reservation && (
        <div class="two">
          <div class="stack">
            <Facts reservation={reservation} />
            <Actions reservation={reservation} onDone={finish} />
            <Payments reservation={reservation} onDone={finish} />
            <Lines reservation={reservation} />
          </div>
          <Timeline moments={reservation.timeline} timeZone={reservation.lot.timeZone} />
        </div>
      )}
    </>
  );
}

function Facts({ reservation }: { reservation: WholeReservation }) {
  const { say, locale } = useConsole();
  const { plate, lot, spot, spotType, period, pinned, price, refunded, fee, createdAt, graceEndsAt, state, stay } =
    reservation;
  const place = { locale, timeZone: lot.timeZone };
  const visitText = ({ enteredAt, leftAt }: ConsoleVisitFragment) =>
    leftAt == null
      ? say('insideSince', { at: formatDayAndClock(enteredAt, place) })
      : formatPeriod(enteredAt, leftAt, place);
  return (
    <section class="card stack">
      <p>
        <span class="plate">{plate}</span>
      </p>
      <dl class="facts">
        <dt>{say('lot')}</dt>
        <dd>
          <a href={addressOf([], { lot: lot.code })}>{lot.name}</a>
        </dd>
        <dt>{say('period')}</dt>
        <dd>{formatPeriod(period.startsAt, period.endsAt, place)}</dd>
        <dt>{say('spot')}</dt>
        <dd>
          {spot.label} · {say(`spot_${spotType}`)}
          {pinned && <span class="quiet"> · {say('pinned')}</span>}
        </dd>
        {state === 'CONFIRMED' && (
          <>
            <dt>{say('graceEnds')}</dt>
            <dd>{formatDayAndClock(graceEndsAt, place)}</dd>
          </>
        )}
        {stay && (
          <>
            <dt>{say('visit')}</dt>
            <dd>{visitText(stay)}</dd>
          </>
        )}
        <dt>{say('madeAt')}</dt>
        <dd>{formatDayAndClock(createdAt, place)}</dd>
        <dt>{say('price')}</dt>
        <dd>{formatAmount(price.total, locale)}</dd>
        {refunded.amountMinor > 0 && (
          <>
            <dt>{say('refunded')}</dt>
            <dd>{formatAmount(refunded, locale)}</dd>
          </>
        )}
        {fee.amountMinor > 0 && (
          <>
            <dt>{say('fee')}</dt>
            <dd>{formatAmount(fee, locale)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Lines({ reservation }: { reservation: WholeReservation }) {
  const { say, locale } = useConsole();
  const { lines, total, tax } = reservation.price;
  return (
    <details class="card">
      <summary>{say('priceLines')}</summary>
      <table class="table">
        <tbody>
          {lines.map(({ description, amount }, index) => (
            <tr key={index}>
              <th scope="row">{description}</th>
              <td class="number">{formatAmount(amount, locale)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{say('total')}</th>
            <td class="number">{formatAmount(total, locale)}</td>
          </tr>
        </tfoot>
      </table>
      {tax.amountMinor > 0 && <p class="quiet small">{say('tax', { amount: formatAmount(tax, locale) })}</p>}
    </details>
  );
}

interface Done {
  readonly reservation: WholeReservation;
  readonly onDone: (text: string) => void;
}

/** What staff may do with it as it stands; each asks why. */
function Actions({ reservation, onDone }: Done) {
  const { say } = useConsole();
  const [asked, setAsked] = useState<'CANCEL' | 'LEFT' | 'INSIDE'>();
  const { state, stay, code, lot, refundIfCancelledNow } = reservation;
  const mayCancel = refundIfCancelledNow != null;
  const mayCome = state === 'CONFIRMED';
  const isInside = stay?.state === 'INSIDE';
  if (!mayCancel && !mayCome && !isInside) return null;
  const ends = {
    onClose: () => setAsked(undefined),
    onDone: (text: string) => {
      setAsked(undefined);
      onDone(text);
    },
  };
  return (
    <section class="row-of" aria-label={say('actions')}>
      {mayCome && <Button onClick={() => setAsked('INSIDE')}>{say('markInside')}</Button>}
      {isInside && <Button onClick={() => setAsked('LEFT')}>{say('markLeft')}</Button>}
      {mayCancel && (
        <Button kind="danger" onClick={() => setAsked('CANCEL')}>
          {say('cancel')}
        </Button>
      )}
      {asked === 'CANCEL' && <CancelDialog {...{ reservation, ...ends }} />}
      {asked === 'INSIDE' && <PresenceDialog {...{ lot, of: { code }, ...ends }} />}
      {asked === 'LEFT' && stay && <PresenceDialog {...{ lot, of: { stay }, ...ends }} />}
    </section>
  );
}

/** What has been paid, with what is left of it to send back. */
function Payments({ reservation, onDone }: Done) {
  const { say, isOperator } = useConsole();
  const [asked, setAsked] = useState<ConsolePaymentFragment>();
  const payments = [reservation.payment, ...reservation.charges].filter((payment) => payment != null);
  return (
    <section class="card stack">
      <h2>{say('payments')}</h2>
      {payments.length === 0 && <p class="quiet">{say('noPayments')}</p>}
      <ul class="plain">
        {payments.map((payment) => (
          <PaymentRow key={payment.id} payment={payment} onRefund={() => setAsked(payment)} />
        ))}
      </ul>
      {!isOperator && payments.length > 0 && <p class="quiet small">{say('attendantOnly')}</p>}
      {asked && (
        <RefundDialog
          payment={asked}
          onClose={() => setAsked(undefined)}
          onDone={(text) => {
            setAsked(undefined);
            onDone(text);
          }}
        />
      )}
    </section>
  );
}

function PaymentRow({ payment, onRefund }: { payment: ConsolePaymentFragment; onRefund: () => void }) {
  const { say, locale, isOperator } = useConsole();
  const { kind, state, method, captured, amount, refunded } = payment;
  const leftMinor = captured.amountMinor - refunded.amountMinor;
  const left = formatAmount({ ...captured, amountMinor: leftMinor }, locale);
  return (
    <li class="row-of spread">
      <span>
        <strong>{formatAmount(captured.amountMinor > 0 ? captured : amount, locale)}</strong> {say(`pay_${kind}`)},{' '}
        {say(`payState_${state}`)}
        {captured.amountMinor > 0 && (
          <>
            <br />
            <span class="quiet small">{say('leftToRefund', { amount: left })}</span>
          </>
        )}
      </span>
      {isOperator && method === 'CARD' && state === 'CAPTURED' && leftMinor > 0 && (
        <Button onClick={onRefund}>{say('refund')}</Button>
      )}
    </li>
  );
}

import { useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { formatDayAndClock, formatPeriod } from '../../format/time.ts';
import {
  ConsoleFindDocument,
  ConsoleTicketDocument,
  type ConsoleTicketQuery,
  type ConsoleVisitFragment,
  type ListedReservationFragment,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import type { ChosenLot } from '../frame/lot.ts';
import { Problem } from '../frame/problem.tsx';
import { addressOf } from '../frame/router.ts';
import { PresenceDialog } from '../reservations/presence-dialog.tsx';
import { StateBadge } from '../reservations/table.tsx';

/** Somebody calls from a gate: what they say is looked up in this lot, and their visit put right. */
export function Caller({ lot }: { lot: ChosenLot }) {
  const { say } = useConsole();
  const [typed, setTyped] = useState('');
  const [text, setText] = useState('');
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setText(typed.trim());
  };
  return (
    <section class="card stack">
      <h2>{say('helpTitle')}</h2>
      <form class="ask-row" onSubmit={submit}>
        <Field
          {...{ label: say('helpField'), value: typed, autocomplete: 'off', maxLength: 60 }}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Button type="submit">{say('helpFind')}</Button>
      </form>
      {text !== '' && <Answer key={text} {...{ lot, text }} />}
    </section>
  );
}

/** Reservations by code or plate; where there are none, a walk-in by its ticket. */
function Answer({ lot, text }: { lot: ChosenLot; text: string }) {
  const { say } = useConsole();
  const [found, againFound] = useAsk(ConsoleFindDocument, { text });
  const here = found.data?.findReservations.filter((reservation) => reservation.lot.id === lot.id);
  const isTicket = here?.length === 0;
  const [ticket, againTicket] = useAsk(
    ConsoleTicketDocument,
    { ref: { ticket: { lotId: lot.id, code: text } } },
    !isTicket,
  );
  const [leaving, setLeaving] = useState<ConsoleVisitFragment>();
  const [said, setSaid] = useState<string>();
  const error = found.error ?? ticket.error;
  const stay = isTicket ? ticket.data?.stay : undefined;
  if (error) return <Problem error={error} onRetry={isTicket ? againTicket : againFound} />;
  if (here === undefined || (isTicket && stay === undefined)) return <Waiting label={say('loading')} />;
  return (
    <>
      {said !== undefined && <Notice tone="good">{said}</Notice>}
      {isTicket && stay === null && <Notice tone="warn">{say('helpNothing', { text })}</Notice>}
      <ul class="plain">
        {here.map((reservation) => (
          <Reserved key={reservation.id} reservation={reservation} />
        ))}
        {stay && <Ticket {...{ lot, stay, text }} onLeft={() => setLeaving(stay)} />}
      </ul>
      {leaving && (
        <PresenceDialog
          {...{ lot, of: { stay: leaving } }}
          onClose={() => setLeaving(undefined)}
          onDone={(done) => {
            setLeaving(undefined);
            setSaid(done);
            againTicket();
          }}
        />
      )}
    </>
  );
}

function Reserved({ reservation }: { reservation: ListedReservationFragment }) {
  const { locale } = useConsole();
  const { id, code, state, plate, period, spot, lot } = reservation;
  return (
    <li>
      <a href={addressOf(['reservations', id])}>{code}</a> <StateBadge state={state} />
      <br />
      <span class="quiet small">
        <span class="mono">{plate}</span> · {spot.label} ·{' '}
        {formatPeriod(period.startsAt, period.endsAt, { locale, timeZone: lot.timeZone })}
      </span>
    </li>
  );
}

interface TicketProps {
  readonly lot: ChosenLot;
  readonly stay: NonNullable<ConsoleTicketQuery['stay']>;
  readonly text: string;
  readonly onLeft: () => void;
}

function Ticket({ lot, stay, text, onLeft }: TicketProps) {
  const { say, locale } = useConsole();
  const { enteredAt, spotLabel, due, state } = stay;
  const since = say('insideSince', { at: formatDayAndClock(enteredAt, { locale, timeZone: lot.timeZone }) });
  const owes = due.amountMinor > 0 ? say('helpOwes', { amount: formatAmount(due, locale) }) : say('helpOwesNothing');
  return (
    <li class="row-of spread">
      <span>
        <strong>{say('helpVisit', { code: text.toUpperCase() })}</strong>
        <br />
        <span class="quiet small">{[since, spotLabel ?? [], owes].flat().join(' · ')}</span>
      </span>
      {state === 'INSIDE' && <Button onClick={onLeft}>{say('markLeft')}</Button>}
    </li>
  );
}

import { useAsk } from '../../data/ask.ts';
import { Notice, Waiting } from '../../design/notice.tsx';
import { Choice, Field } from '../../design/field.tsx';
import {
  ConsoleFindDocument,
  ConsoleReservationsDocument,
  type ListedReservationFragment,
  type ReservationState,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { instantsOf, useDays } from '../frame/days.ts';
import { Heading } from '../frame/heading.tsx';
import { useLotOrNone, type ChosenLot } from '../frame/lot.ts';
import { ChooseLot } from '../frame/lot-picker.tsx';
import { More } from '../frame/pages.tsx';
import { Problem } from '../frame/problem.tsx';
import { addressOf, go, usePlace, withQuery } from '../frame/router.ts';
import { usePages } from '../frame/use-pages.ts';
import { ReservationView } from './reservation-view.tsx';
import { ReservationTable } from './table.tsx';

const PAGE = 50;
const STATES = [
  'HELD',
  'CONFIRMED',
  'CHECKED_IN',
  'COMPLETED',
  'NO_SHOW',
  'CANCELLED',
  'EXPIRED',
] as const satisfies readonly ReservationState[];

/** What was searched for, one reservation, or those of a lot and its days. */
export default function Reservations() {
  const { say } = useConsole();
  const { parts, query } = usePlace();
  const lot = useLotOrNone();
  const text = query.get('find');
  if (parts[1] !== undefined) return <ReservationView key={parts[1]} id={parts[1]} />;
  if (text !== null && text !== '') return <Found key={text} text={text} />;
  return lot === undefined ? <ChooseLot title={say('nav_reservations')} /> : <OfLot key={lot.id} lot={lot} />;
}

function Found({ text }: { text: string }) {
  const { say } = useConsole();
  const [{ data, error }, again] = useAsk(ConsoleFindDocument, { text });
  return (
    <>
      <Heading title={say('findResults', { text })}>
        <a class="button" href={addressOf(['reservations'])}>
          {say('clearFind')}
        </a>
      </Heading>
      {error && <Problem error={error} onRetry={again} />}
      {data === undefined && !error && <Waiting label={say('loading')} />}
      {data?.findReservations.length === 0 && <Notice tone="warn">{say('findNothing', { text })}</Notice>}
      {data && data.findReservations.length > 0 && <ReservationTable rows={data.findReservations} withLot />}
    </>
  );
}

function OfLot({ lot }: { lot: ChosenLot }) {
  const { say } = useConsole();
  const { query } = usePlace();
  const days = useDays(lot.timeZone, 1);
  const { startsAt, endsAt } = instantsOf(days, lot.timeZone);
  const state = STATES.find((known) => known === query.get('states'));
  const pages = usePages<ListedReservationFragment>([lot.id, startsAt, endsAt, state].join());
  const [{ data, error, fetching }, again] = useAsk(ConsoleReservationsDocument, {
    ...{ lot: lot.id, startsFrom: startsAt, startsUntil: endsAt, first: PAGE, after: pages.after },
    states: state === undefined ? null : [state],
  });
  const page = fetching ? undefined : data?.lot?.reservations;
  const rows = pages.rows(page);
  const set = (asked: Record<string, string | null>) => go(withQuery(asked), { replace: true });
  return (
    <>
      <Heading title={say('nav_reservations')} />
      <div class="filters">
        <Field
          {...{ label: say('daysFrom'), type: 'date', value: days.from, required: true }}
          onChange={({ currentTarget }) => currentTarget.value && set({ from: currentTarget.value, until: days.until })}
        />
        <Field
          {...{ label: say('daysUntil'), type: 'date', value: days.until, required: true }}
          onChange={({ currentTarget }) => currentTarget.value && set({ from: days.from, until: currentTarget.value })}
        />
        <Choice
          label={say('filterState')}
          value={state ?? ''}
          options={[
            { value: '', text: say('anyState') },
            ...STATES.map((value) => ({ value, text: say(`res_${value}`) })),
          ]}
          onChange={({ currentTarget }) => set({ states: currentTarget.value === '' ? null : currentTarget.value })}
        />
      </div>
      {error && <Problem error={error} onRetry={again} />}
      {fetching && <Waiting label={say('loading')} />}
      {page && rows.length === 0 && <p class="card">{say('noReservations')}</p>}
      {rows.length > 0 && <ReservationTable rows={rows} />}
      <More
        hasMore={page?.pageInfo.hasNextPage === true}
        isBusy={fetching}
        shown={rows.length}
        onMore={() => pages.onMore(page)}
      />
    </>
  );
}

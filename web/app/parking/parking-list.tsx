import { useEffect, useState } from 'preact/hooks';
import { SignIn } from '../account/sign-in.tsx';
import { useAsk } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { AppReservationsDocument, type AppReservationRowFragment } from '../../generated/graphql.ts';
import { formatAmount } from '../../format/money.ts';
import { formatPeriod } from '../../format/time.ts';
import { useApp } from '../frame/app-context.ts';
import { Heading } from '../frame/heading.tsx';
import { copyOf, saveCopy } from '../frame/offline.ts';
import { isSignedOut, Problem } from '../frame/problem.tsx';
import { addressOf } from '../frame/router.ts';

const PAGE = 20;
const LIST = 'list';
const GOING_ON = ['CHECKED_IN', 'CONFIRMED', 'HELD'];

/** What is going on, then what has been. Without a network: what was seen last. */
export function ParkingList() {
  const { say, isSignedIn } = useApp();
  return (
    <>
      <Heading title={say('navParking')} />
      {isSignedIn ? <Reservations /> : <SignInFirst />}
    </>
  );
}

/** Asks who it is, at the place where they wanted to be. */
export function SignInFirst() {
  const { say } = useApp();
  return (
    <section class="card stack narrow">
      <p>{say('signInFirst')}</p>
      <SignIn />
    </section>
  );
}

function Reservations() {
  const { say, isOnline } = useApp();
  const [first, setFirst] = useState(PAGE);
  const [{ data, fetching, error }, again] = useAsk(AppReservationsDocument, { first });
  useEffect(() => data && saveCopy(LIST, data.reservations.nodes), [data]);
  if (isSignedOut(error)) return <SignInFirst />;
  const rows = data?.reservations.nodes ?? copyOf<AppReservationRowFragment[]>(LIST)?.value;
  const now = rows?.filter(({ state }) => GOING_ON.includes(state)) ?? [];
  const before = rows?.filter(({ state }) => !GOING_ON.includes(state)) ?? [];
  return (
    <>
      {fetching && !rows && <Waiting label={say('loading')} />}
      {error && (isOnline || !rows) && <Problem error={error} onRetry={again} />}
      {rows?.length === 0 && (
        <Notice
          tone="good"
          actions={
            <a class="button main" href={addressOf()}>
              {say('findSpot')}
            </a>
          }
        >
          {say('noReservations')}
        </Notice>
      )}
      {now.length > 0 && <Rows rows={now} title={say('current')} />}
      {before.length > 0 && <Rows rows={before} title={say('history')} />}
      {data?.reservations.pageInfo.hasNextPage && first < 100 && (
        <Button isBusy={fetching} onClick={() => setFirst(first + PAGE)}>
          {say('more')}
        </Button>
      )}
    </>
  );
}

function Rows({ rows, title }: { rows: readonly AppReservationRowFragment[]; title: string }) {
  const { say, locale } = useApp();
  return (
    <section class="stack" aria-label={title}>
      <h2>{title}</h2>
      <ul class="list">
        {rows.map(({ id, lot, period, plate, state, price }) => (
          <li class="card lot" key={id}>
            <div class="lot-what">
              <h3>
                <a class="whole" href={addressOf('parking', id)}>
                  {lot.name}
                </a>
              </h3>
              <p class="quiet">{formatPeriod(period.startsAt, period.endsAt, { locale, timeZone: lot.timeZone })}</p>
              <p class="quiet small">{plate}</p>
            </div>
            <p class="lot-price">
              <span class={`state ${state}`}>{say(`state_${state}`)}</span>
              <span>{formatAmount(price.total, locale)}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

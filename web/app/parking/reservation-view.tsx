import { useEffect } from 'preact/hooks';
import { useAsk, useLive } from '../../data/ask.ts';
import { Notice, Waiting } from '../../design/notice.tsx';
import {
  AppReservationDocument,
  AppReservationLiveDocument,
  type AppReservationFragment,
} from '../../generated/graphql.ts';
import { formatDayAndClock, formatPeriod } from '../../format/time.ts';
import { useApp } from '../frame/app-context.ts';
import { Heading } from '../frame/heading.tsx';
import { copyOf, saveCopy, type Copy } from '../frame/offline.ts';
import { isSignedOut, Problem } from '../frame/problem.tsx';
import { addressOf } from '../frame/router.ts';
import { PriceLines } from '../book/price-lines.tsx';
import { Actions } from './actions.tsx';
import { LateNotice } from './late-notice.tsx';
import { LiveStay } from './live-stay.tsx';
import { MoneyFacts } from './money-facts.tsx';
import { SignInFirst } from './parking-list.tsx';
import { PassCard } from './pass-card.tsx';
import { PayHeld } from './pay-held.tsx';

export type Reservation = AppReservationFragment;

/** One reservation with its whole life: pass before, bar and cost during, receipts afterwards. Opens without a network too. */
export function ReservationView({ id }: { id: string }) {
  const { say, isSignedIn, isOnline } = useApp();
  const [{ data, fetching, error }, again] = useAsk(AppReservationDocument, { id }, !isSignedIn);
  const news = useLive(AppReservationLiveDocument, { id }, !isSignedIn)?.reservation;
  const { state, plate, period, spot } = news ?? {};
  useEffect(() => {
    if (state !== undefined) again();
  }, [state, plate, period?.endsAt, spot?.label]);
  const read = data?.reservation;
  useEffect(() => {
    if (read) saveCopy(id, read);
  }, [id, read]);
  const copy = copyOf<Reservation>(id);
  const isAway = !isSignedIn || isSignedOut(error);
  // What was read before stays with the view: it is nobody's who is not signed in.
  const shown = isAway ? undefined : (read ?? (data ? undefined : copy?.value));
  return (
    <>
      {!shown && <Heading title={say('navParking')} />}
      {isAway && <SignInFirst />}
      {fetching && !shown && <Waiting label={say('loading')} />}
      {error && !isAway && (isOnline || !shown) && <Problem error={error} onRetry={again} />}
      {data && !read && <Notice tone="warn">{say('noSuchReservation')}</Notice>}
      {shown && !read && copy && <CopyNotice copy={copy} />}
      {shown && <Shown reservation={shown} onChanged={again} />}
    </>
  );
}

function CopyNotice({ copy }: { copy: Copy<Reservation> }) {
  const { say, locale } = useApp();
  const { timeZone } = copy.value.lot;
  return (
    <Notice tone="warn">
      {say('copyOf', {
        time: formatDayAndClock(new Date(copy.readAtMs), { locale, timeZone }),
        pass: copy.value.pass == null ? 'no' : 'yes',
      })}
    </Notice>
  );
}

function Shown({ reservation, onChanged }: { reservation: Reservation; onChanged: () => void }) {
  const { say, locale } = useApp();
  const { lot, period, state, code } = reservation;
  return (
    <article class="stack">
      <p class="no-print">
        <a href={addressOf('parking')}>{say('backToParking')}</a>
      </p>
      <div>
        <p class={`state ${state}`}>{say(`state_${state}`)}</p>
        <Heading title={`${lot.name} · ${code}`}>{lot.name}</Heading>
        <p class="quiet">{lot.address}</p>
        <p>{formatPeriod(period.startsAt, period.endsAt, { locale, timeZone: lot.timeZone })}</p>
      </div>
      <LateNotice reservation={reservation} onChanged={onChanged} />
      <div class="booking">
        <div class="stack">
          {state === 'CHECKED_IN' && <LiveStay reservation={reservation} />}
          {reservation.pass != null && <PassCard reservation={reservation} pass={reservation.pass} />}
          {state === 'HELD' && <PayHeld reservation={reservation} onChanged={onChanged} />}
        </div>
        <div class="stack no-print">
          <Actions reservation={reservation} onChanged={onChanged} />
          <MoneyFacts reservation={reservation} />
          <details class="card">
            <summary>{say('priceLines')}</summary>
            <PriceLines price={reservation.price} />
          </details>
        </div>
      </div>
    </article>
  );
}

import { SignIn } from '../account/sign-in.tsx';
import { useEffect, useRef } from 'preact/hooks';
import { useAsk, useLive } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Choice } from '../../design/field.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { AppFreeByTypeDocument, AppLotDocument, AppQuoteDocument, type AppLotQuery } from '../../generated/graphql.ts';
import { useApp } from '../frame/app-context.ts';
import { Heading } from '../frame/heading.tsx';
import { useKept } from '../frame/kept.ts';
import { Problem, useRefusalText } from '../frame/problem.tsx';
import { addressOf } from '../frame/router.ts';
import { PayStep } from './pay-step.tsx';
import { PlateStep, type PlateEntry } from './plate-step.tsx';
import { PromoField } from './promo-field.tsx';
import { FullNotice, QuoteCard } from './quote-card.tsx';
import { PeriodFields, VehicleClassField } from './trip-fields.tsx';
import { startedNow, useTrip, type Trip } from './trip.ts';
import { useCheckout } from './use-checkout.ts';

export type BookedLot = NonNullable<AppLotQuery['lot']>;

/** From a lot to a paid reservation on one view; nothing typed is lost on the way. */
export function Booking({ code }: { code: string }) {
  const { say } = useApp();
  const [{ data, fetching, error }, again] = useAsk(AppLotDocument, { code });
  const lot = data?.lot;
  if (!lot) {
    return (
      <>
        <Heading title={say('bookTitle')} />
        {fetching && <Waiting label={say('loading')} />}
        {error && <Problem error={error} onRetry={again} />}
        {data && (
          <>
            <Notice tone="warn">{say('error_LOT_NOT_FOUND')}</Notice>
            <a href={addressOf()}>{say('backToSearch')}</a>
          </>
        )}
      </>
    );
  }
  return <BookLot lot={lot} />;
}

function BookLot({ lot }: { lot: BookedLot }) {
  const { say, isSignedIn } = useApp();
  const [trip, change] = useTrip();
  const [entry, setEntry] = useKept<PlateEntry>('plate', () => ({ text: '', confirmed: undefined }));
  const [promoCode, setPromoCode] = useKept('promo', () => '');
  const checkout = useCheckout(lot.code);
  const isHeld = checkout.hold !== undefined;
  const quoted = useQuote(lot, { trip, promoCode, isPaused: isHeld });
  const quote = checkout.hold?.quote ?? quoted.quote;
  const isFull = quote?.available === false;
  useWordOfFull(lot, quoted, !isHeld);
  const alternatives = checkout.alternatives ?? (isFull ? quote.alternatives : undefined);
  return (
    <>
      <p>
        <a href={addressOf()}>{say('backToSearch')}</a>
      </p>
      <div>
        <Heading title={lot.name} />
        <p class="quiet">{lot.address}</p>
      </div>
      {lot.state === 'CLOSED' && <Notice tone="bad">{say('error_LOT_CLOSED')}</Notice>}
      <div class="booking">
        <div class="stack">
          <fieldset disabled={isHeld}>
            <legend class="heard">{say('bookWhen')}</legend>
            <TripCard lot={lot} trip={trip} change={change} promoCode={promoCode} setPromoCode={setPromoCode} />
          </fieldset>
          <fieldset disabled={isHeld}>
            <legend class="heard">{say('plateTitle')}</legend>
            <PlateStep entry={entry} onEntry={setEntry} />
          </fieldset>
        </div>
        <div class="stack">
          {!isHeld && <QuoteState quoted={quoted} trip={trip} change={change} />}
          {alternatives && <FullNotice alternatives={alternatives} lotCode={lot.code} change={change} />}
          {quote && !isFull && (
            <QuoteCard quote={quote} timeZone={lot.timeZone} isAsking={quoted.isAsking} onAskAgain={quoted.again} />
          )}
          {!isSignedIn && (
            <section class="card stack" aria-labelledby="who">
              <h2 id="who">{say('whoTitle')}</h2>
              <SignIn />
            </section>
          )}
          {quote && !isFull && (
            <PayStep lot={lot} quote={quote} trip={trip} entry={entry} checkout={checkout} onAskAgain={quoted.again} />
          )}
        </div>
      </div>
    </>
  );
}

interface TripCardProps {
  readonly lot: BookedLot;
  readonly trip: Trip;
  readonly change: (change: Partial<Trip>) => void;
  readonly promoCode: string;
  readonly setPromoCode: (code: string) => void;
}

function TripCard({ lot, trip, change, promoCode, setPromoCode }: TripCardProps) {
  const { say } = useApp();
  const types = lot.capacity.filter(({ total }) => total > 0).map(({ spotType }) => spotType);
  return (
    <section class="card stack" aria-labelledby="when">
      <h2 id="when">{say('bookWhen')}</h2>
      <PeriodFields trip={trip} change={change} timeZone={lot.timeZone} />
      <p class="quiet small">{say('localClock', { zone: lot.timeZone.replaceAll('_', ' ') })}</p>
      <VehicleClassField trip={trip} change={change} />
      <Choice
        label={say('spotType')}
        value={trip.spotType ?? ''}
        options={[
          { value: '', text: say('type_any') },
          ...types.map((value) => ({ value, text: say(`type_${value}`) })),
        ]}
        onChange={({ currentTarget }) =>
          change({ spotType: types.find((type) => type === currentTarget.value) ?? null })
        }
      />
      <PromoField code={promoCode} onCode={setPromoCode} />
    </section>
  );
}

type Quoted = ReturnType<typeof useQuote>;

/** The price of what is chosen; a spot that is held has its own. The last one stays in sight while the next is asked for. */
function useQuote(lot: BookedLot, { trip, promoCode, isPaused }: { trip: Trip; promoCode: string; isPaused: boolean }) {
  const { startsAt, endsAt, vehicleClass, spotType } = trip;
  const input = {
    ...{ lotId: lot.id, period: { startsAt, endsAt }, vehicleClass },
    ...(spotType ? { spotType } : {}),
    ...(promoCode === '' ? {} : { promoCode }),
  };
  const [{ data, fetching, error }, again] = useAsk(AppQuoteDocument, { input }, isPaused || startsAt >= endsAt);
  const refused = data?.quote.userErrors[0];
  return { quote: data?.quote.quote ?? undefined, refused, error, isAsking: fetching, again };
}

/** When the last spot of the quoted type goes, or the first comes free, while somebody types, they hear of it before they press. */
function useWordOfFull(lot: BookedLot, { quote, again }: Quoted, isWaiting: boolean): void {
  const free = useLive(AppFreeByTypeDocument, { lotIds: [lot.id] }, !isWaiting)?.availability.byType;
  const isAnyFree = (free?.find(({ spotType }) => spotType === quote?.spotType)?.free ?? 1) > 0;
  const before = useRef(isAnyFree);
  useEffect(() => {
    if (isAnyFree !== before.current && isWaiting) again();
    before.current = isAnyFree;
  }, [isAnyFree]);
}

function QuoteState({ quoted, trip, change }: { quoted: Quoted; trip: Trip; change: (change: Partial<Trip>) => void }) {
  const { say } = useApp();
  const refusalText = useRefusalText();
  const { quote, refused, error, isAsking, again } = quoted;
  return (
    <>
      {isAsking && !quote && <Waiting label={say('pricing')} />}
      {error && <Problem error={error} onRetry={again} />}
      {refused && (
        <Notice
          tone="warn"
          actions={
            refused.code === 'PERIOD_IN_PAST' && (
              <Button onClick={() => change(startedNow(trip))}>{say('startNow')}</Button>
            )
          }
        >
          {refusalText(refused)}
        </Notice>
      )}
    </>
  );
}

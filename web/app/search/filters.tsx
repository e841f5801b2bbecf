import { useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { formatPeriod } from '../../format/time.ts';
import { formatHeight, HeightField, PeriodFields, VehicleClassField } from '../book/trip-fields.tsx';
import type { Trip } from '../book/trip.ts';
import { useApp } from '../frame/app-context.ts';

/** Where somebody wants to be. */
export interface Wish {
  readonly text: string;
  readonly near: { readonly latitude: number; readonly longitude: number } | undefined;
}

interface Props {
  readonly trip: Trip;
  readonly change: (change: Partial<Trip>) => void;
  readonly wish: Wish;
  readonly setWish: (wish: Wish) => void;
}

const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Beside the list there is room for all of it; above it, on a phone, the list comes first. */
const isWide = () => matchMedia('(min-width: 56rem)').matches;

/** Where, when and with what. */
export function Filters({ trip, change, wish, setWish }: Props) {
  const { say, locale } = useApp();
  const [isRefused, setRefused] = useState(false);
  const press = (spotType: 'EV' | 'ACCESSIBLE') => change({ spotType: trip.spotType === spotType ? null : spotType });
  return (
    <form class="card stack filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <div class="row-of ends">
        <Field
          label={say('where')}
          type="search"
          placeholder={say('whereHint')}
          autocomplete="off"
          value={wish.text}
          onInput={({ currentTarget }) => setWish({ ...wish, text: currentTarget.value })}
        />
        <NearMe wish={wish} setWish={setWish} onRefused={() => setRefused(true)} />
      </div>
      {isRefused && (
        <p role="status" class="quiet small">
          {say('nearRefused')}
        </p>
      )}
      <details class="stack" open={isWide()}>
        <summary>
          {formatPeriod(trip.startsAt, trip.endsAt, { locale, timeZone: OWN_ZONE })} ·{' '}
          {say(`class_${trip.vehicleClass}`)}
          {trip.heightCm != null && ` · ${formatHeight(trip.heightCm, locale)}`}
        </summary>
        <div class="stack">
          <PeriodFields trip={trip} change={change} timeZone={OWN_ZONE} />
          <VehicleClassField trip={trip} change={change} />
          <HeightField trip={trip} change={change} />
        </div>
      </details>
      <div class="chips" role="group" aria-label={say('only')}>
        {(['EV', 'ACCESSIBLE'] as const).map((spotType) => (
          <button
            key={spotType}
            type="button"
            class="chip"
            aria-pressed={trip.spotType === spotType}
            onClick={() => press(spotType)}
          >
            {say(`only_${spotType}`)}
          </button>
        ))}
      </div>
    </form>
  );
}

function NearMe({ wish, setWish, onRefused }: Pick<Props, 'wish' | 'setWish'> & { onRefused: () => void }) {
  const { say } = useApp();
  const [isAsking, setAsking] = useState(false);
  const locate = () => {
    if (wish.near) return setWish({ ...wish, near: undefined });
    setAsking(true);
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        setAsking(false);
        setWish({ ...wish, near: { latitude, longitude } });
      },
      () => {
        setAsking(false);
        onRefused();
      },
      { timeout: 10_000, maximumAge: 60_000 },
    );
  };
  return (
    <Button isBusy={isAsking} aria-pressed={wish.near !== undefined} onClick={locate}>
      {say('nearMe')}
    </Button>
  );
}

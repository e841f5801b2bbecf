import { useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { PeriodFields, VehicleClassField } from '../book/trip-fields.tsx';
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

/** Where, when and with what. */
export function Filters({ trip, change, wish, setWish }: Props) {
  const { say } = useApp();
  const press = (spotType: 'EV' | 'ACCESSIBLE') => change({ spotType: trip.spotType === spotType ? null : spotType });
  return (
    <form class="card stack filters" role="search" onSubmit={(event) => event.preventDefault()}>
      <Field
        label={say('where')}
        type="search"
        placeholder={say('whereHint')}
        autocomplete="off"
        value={wish.text}
        onInput={({ currentTarget }) => setWish({ ...wish, text: currentTarget.value })}
      />
      <NearMe wish={wish} setWish={setWish} />
      <PeriodFields trip={trip} change={change} timeZone={OWN_ZONE} />
      <VehicleClassField trip={trip} change={change} />
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

function NearMe({ wish, setWish }: Pick<Props, 'wish' | 'setWish'>) {
  const { say } = useApp();
  const [state, setState] = useState<'IDLE' | 'ASKING' | 'REFUSED'>('IDLE');
  const locate = () => {
    if (wish.near) return setWish({ ...wish, near: undefined });
    setState('ASKING');
    navigator.geolocation.getCurrentPosition(
      ({ coords: { latitude, longitude } }) => {
        setState('IDLE');
        setWish({ ...wish, near: { latitude, longitude } });
      },
      () => setState('REFUSED'),
      { timeout: 10_000, maximumAge: 60_000 },
    );
  };
  return (
    <div class="stack tight">
      <Button isBusy={state === 'ASKING'} aria-pressed={wish.near !== undefined} onClick={locate}>
        {say('nearMe')}
      </Button>
      <p role="status" class="quiet small">
        {state === 'REFUSED' ? say('nearRefused') : ''}
      </p>
    </div>
  );
}

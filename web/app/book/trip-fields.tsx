import { useState } from 'preact/hooks';
import { Choice, Field } from '../../design/field.tsx';
import { fromLocalField, toLocalField } from '../../format/time.ts';
import { useApp } from '../frame/app-context.ts';
import { VEHICLE_CLASSES, type Trip } from './trip.ts';

const HOUR_MS = 3_600_000;
const LENGTHS = [1, 2, 4, 8] as const;

interface Props {
  readonly trip: Trip;
  readonly change: (change: Partial<Trip>) => void;
  /** Whose clock the fields speak. */
  readonly timeZone: string;
}

/** From when, until when: two fields, and a press for the usual lengths. */
export function PeriodFields({ trip, change, timeZone }: Props) {
  const { say, locale } = useApp();
  const lengthMs = Date.parse(trip.endsAt) - Date.parse(trip.startsAt);
  const hoursText = (hours: number) =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: 'hour', unitDisplay: 'short' }).format(hours);
  const endAfter = (hours: number) => new Date(Date.parse(trip.startsAt) + hours * HOUR_MS).toISOString();
  return (
    <div class="stack tight">
      <div class="pair">
        <Moment
          label={say('from')}
          instant={trip.startsAt}
          timeZone={timeZone}
          onMoment={(startsAt) => change({ startsAt })}
        />
        <Moment
          label={say('until')}
          instant={trip.endsAt}
          timeZone={timeZone}
          wrong={lengthMs <= 0 ? say('endsTooEarly') : undefined}
          onMoment={(endsAt) => change({ endsAt })}
        />
      </div>
      <div class="chips" role="group" aria-label={say('howLong')}>
        {LENGTHS.map((hours) => (
          <button
            key={hours}
            type="button"
            class="chip"
            aria-pressed={lengthMs === hours * HOUR_MS}
            onClick={() => change({ endsAt: endAfter(hours) })}
          >
            {hoursText(hours)}
          </button>
        ))}
      </div>
    </div>
  );
}

interface MomentProps {
  readonly label: string;
  readonly instant: string;
  readonly timeZone: string;
  readonly wrong?: string | undefined;
  readonly onMoment: (instant: string) => void;
}

/** A date with its time, on the clock of a place. What is only half typed stays as it is and changes nothing. */
export function Moment({ label, instant, timeZone, wrong, onMoment }: MomentProps) {
  const [typed, setTyped] = useState<string>();
  const shown = toLocalField(new Date(instant), timeZone);
  const take = (text: string) => {
    const meant = text === '' ? undefined : fromLocalField(text, timeZone);
    setTyped(meant === undefined ? text : undefined);
    if (meant !== undefined) onMoment(meant.toISOString());
  };
  return (
    <Field
      label={label}
      type="datetime-local"
      step={300}
      value={typed ?? shown}
      wrong={wrong}
      onInput={({ currentTarget }) => take(currentTarget.value)}
      onBlur={() => setTyped(undefined)}
    />
  );
}

/** What comes: decides which spots are on offer. */
export function VehicleClassField({ trip, change }: Omit<Props, 'timeZone'>) {
  const { say } = useApp();
  return (
    <Choice
      label={say('vehicle')}
      value={trip.vehicleClass}
      options={VEHICLE_CLASSES.map((value) => ({ value, text: say(`class_${value}`) }))}
      onChange={({ currentTarget }) => {
        const vehicleClass = VEHICLE_CLASSES.find((known) => known === currentTarget.value);
        if (vehicleClass) change({ vehicleClass });
      }}
    />
  );
}

const LOWEST_CM = 100;
const HIGHEST_CM = 500;

/** "2.1 m" */
export const formatHeight = (heightCm: number, locale: string): string =>
  new Intl.NumberFormat(locale, { style: 'unit', unit: 'meter', maximumFractionDigits: 2 }).format(heightCm / 100);

function heightIn(text: string): number | undefined {
  const heightCm = Number(text);
  return Number.isInteger(heightCm) && heightCm >= LOWEST_CM && heightCm <= HIGHEST_CM ? heightCm : undefined;
}

/** How high it is: lots with a spot that is too low are left out. What is no height is left standing and counts as none. */
export function HeightField({ trip, change }: Omit<Props, 'timeZone'>) {
  const { say } = useApp();
  const [typed, setTyped] = useState(trip.heightCm === null ? '' : String(trip.heightCm));
  const take = (text: string) => {
    setTyped(text);
    change({ heightCm: heightIn(text) ?? null });
  };
  return (
    <Field
      label={say('height')}
      type="number"
      inputMode="numeric"
      min={LOWEST_CM}
      max={HIGHEST_CM}
      autocomplete="off"
      value={typed}
      wrong={
        typed === '' || heightIn(typed) !== undefined
          ? undefined
          : say('heightWrong', { low: LOWEST_CM, high: HIGHEST_CM })
      }
      onInput={({ currentTarget }) => take(currentTarget.value)}
    />
  );
}

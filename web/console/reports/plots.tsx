import { formatAmount } from '../../format/money.ts';
import type { ReportFactsFragment } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import type { Cell } from './csv.ts';
import { Curve } from './curve.tsx';
import { Exhibit } from './exhibit.tsx';
import { HeatMap } from './heat-map.tsx';
import { LengthBars } from './length-bars.tsx';
import { tell } from './texts.ts';
import { clockHour, dayName, largest, lengthName, percentOf } from './told.ts';
import { weekdayName } from './weekday.ts';

interface Props {
  readonly report: ReportFactsFragment;
  readonly about: { readonly currency: string; readonly name: string };
}

const count = (value: number, locale: string): Cell => ({ shown: value.toLocaleString(locale), plain: value });
const share = (percent: number | null | undefined, locale: string): Cell => ({
  shown: percentOf(percent, locale),
  plain: percent == null ? '' : Math.round(percent * 10) / 10,
});

export function Occupancy({ report: { days }, about }: Props) {
  const { locale } = useConsole();
  const passed = days.filter(({ occupancyPercent }) => occupancyPercent != null);
  const fullest = largest(passed, ({ occupancyPercent }) => occupancyPercent ?? 0);
  const average = passed.reduce((sum, { occupancyPercent }) => sum + (occupancyPercent ?? 0), 0) / (passed.length || 1);
  const sentence = tell('occupancySays', {
    average: percentOf(average, locale),
    day: fullest === undefined ? '—' : dayName(fullest.day, locale),
    most: percentOf(fullest?.occupancyPercent, locale),
  });
  const table = {
    columns: [tell('day'), tell('percentTaken'), tell('entries')],
    rows: days.map(({ day, occupancyPercent, entries }) => [
      { shown: dayName(day, locale), plain: day },
      share(occupancyPercent, locale),
      count(entries, locale),
    ]),
  };
  return (
    <Exhibit {...{ title: tell('occupancy'), sentence, table, fileName: `${about.name}-occupancy` }}>
      <Curve
        {...{ locale, kind: 'LINE', shown: (percent) => percentOf(percent, locale) }}
        days={days.map(({ day }) => day)}
        values={days.map(({ occupancyPercent }) => occupancyPercent ?? null)}
      />
    </Exhibit>
  );
}

export function Hours({ report: { hours }, about }: Props) {
  const { locale } = useConsole();
  const fullest = largest(hours, ({ occupancyPercent }) => occupancyPercent ?? 0);
  const clock = (hour: number) => clockHour(hour, locale);
  const sentence = tell('hoursSay', {
    weekday: fullest === undefined ? '—' : weekdayName(fullest.weekday, locale, 'long'),
    hour: clock(fullest?.hour ?? 0),
    most: percentOf(fullest?.occupancyPercent, locale),
  });
  const table = {
    columns: [tell('weekday'), tell('hour'), tell('percentTaken'), tell('entriesPerDay')],
    rows: hours.map(({ weekday, hour, occupancyPercent, entries: all, days }) => {
      const [name, entries] = [weekdayName(weekday, locale, 'long'), Math.round((all * 10) / days) / 10];
      return [
        { shown: name, plain: weekday },
        { shown: clock(hour), plain: `${String(hour).padStart(2, '0')}:00` },
        share(occupancyPercent, locale),
        count(entries, locale),
      ];
    }),
  };
  return (
    <Exhibit {...{ title: tell('hours'), sentence, table, fileName: `${about.name}-hours` }}>
      <HeatMap {...{ hours, locale }} />
    </Exhibit>
  );
}

export function Revenue({ report: { days }, about: { currency, name } }: Props) {
  const { locale } = useConsole();
  const best = largest(days, ({ taken }) => taken.amountMinor);
  const total = days.reduce((sum, { taken }) => sum + taken.amountMinor, 0);
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const sentence = tell('revenueSays', {
    total: formatAmount({ amountMinor: total, currency }, locale),
    day: best === undefined ? '—' : dayName(best.day, locale),
    most: best === undefined ? '—' : formatAmount(best.taken, locale),
  });
  const table = {
    columns: [tell('day'), tell('amountIn', { currency })],
    rows: days.map(({ day, taken }) => [
      { shown: dayName(day, locale), plain: day },
      { shown: formatAmount(taken, locale), plain: (taken.amountMinor / 10 ** digits).toFixed(digits) },
    ]),
  };
  return (
    <Exhibit {...{ title: tell('revenue'), sentence, table, fileName: `${name}-revenue` }}>
      <Curve
        {...{ locale, kind: 'BARS', shown: (major) => major.toLocaleString(locale) }}
        days={days.map(({ day }) => day)}
        values={days.map(({ taken }) => taken.amountMinor / 10 ** digits)}
      />
    </Exhibit>
  );
}

export function Durations({ report: { durations }, about }: Props) {
  const { locale } = useConsole();
  const bars = durations.map(({ fromMinutes, untilMinutes, stays }) => ({
    name: lengthName(fromMinutes, untilMinutes, locale),
    value: stays,
  }));
  const total = bars.reduce((sum, { value }) => sum + value, 0);
  const most = largest(bars, ({ value }) => value);
  const sentence = tell('durationsSay', { count: total, range: total === 0 ? '—' : (most?.name ?? '—') });
  const rows = bars.map(({ name, value }) => [{ shown: name, plain: name }, count(value, locale)]);
  const table = { columns: [tell('length'), tell('visits')], rows };
  return (
    <Exhibit {...{ title: tell('durations'), sentence, table, fileName: `${about.name}-durations` }}>
      <LengthBars {...{ bars, locale }} />
    </Exhibit>
  );
}

export function NoShows({ report: { days }, about }: Props) {
  const { locale } = useConsole();
  const missed = days.reduce((sum, { noShows }) => sum + noShows, 0);
  const reserved = days.reduce((sum, { reservations }) => sum + reservations, 0);
  const part = percentOf(reserved === 0 ? null : (missed * 100) / reserved, locale);
  const table = {
    columns: [tell('day'), tell('reservations'), tell('noShows')],
    rows: days.map(({ day, reservations, noShows }) => [
      { shown: dayName(day, locale), plain: day },
      count(reservations, locale),
      count(noShows, locale),
    ]),
  };
  const sentence = tell('noShowsSay', { missed, count: reserved, share: part });
  return (
    <Exhibit {...{ title: tell('noShows'), sentence, table, fileName: `${about.name}-no-shows` }}>
      <Curve
        {...{ locale, kind: 'BARS', isCount: true, shown: (value) => value.toLocaleString(locale) }}
        days={days.map(({ day }) => day)}
        values={days.map(({ noShows }) => noShows)}
      />
    </Exhibit>
  );
}

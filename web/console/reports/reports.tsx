import { useAsk } from '../../data/ask.ts';
import { Field } from '../../design/field.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { ConsoleReportDocument, type ReportOfDayFragment } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { daysBefore, useDays } from '../frame/days.ts';
import { Heading } from '../frame/heading.tsx';
import { useLot } from '../frame/lot.ts';
import { Problem } from '../frame/problem.tsx';
import { go, withQuery } from '../frame/router.ts';
import { Durations, Hours, NoShows, Occupancy, Revenue } from './plots.tsx';
import { percentOf } from './told.ts';
import { tell } from './texts.ts';
import './reports.css';

const USUAL_DAYS = 28;
const MOST_DAYS = 93;
const DAY_MS = 86_400_000;

/** How the lot did on the days of the address, beside as many days before. */
export default function Reports() {
  const lot = useLot();
  const days = useDays(lot.timeZone, USUAL_DAYS);
  const isTooLong = (Date.parse(days.until) - Date.parse(days.from)) / DAY_MS >= MOST_DAYS;
  const before = daysBefore(days);
  const [{ data, error, fetching }, again] = useAsk(
    ConsoleReportDocument,
    {
      ...{ lot: lot.id, from: days.from, through: days.until },
      ...{ fromBefore: before.from, throughBefore: before.until },
    },
    isTooLong,
  );
  const report = isTooLong ? undefined : data?.lot?.report;
  const set = (asked: Record<string, string>) => go(withQuery({ ...days, ...asked }), { replace: true });
  const about = { currency: lot.currency, name: `${lot.code}-${days.from}-${days.until}` };
  const isEmpty = report?.days.every(
    ({ entries, reservations, taken }) => entries + reservations + taken.amountMinor === 0,
  );
  return (
    <>
      <Heading title={tell('title')} />
      <div class="filters">
        <Field
          {...{ label: tell('from'), type: 'date', value: days.from, required: true }}
          onChange={({ currentTarget }) => currentTarget.value && set({ from: currentTarget.value })}
        />
        <Field
          {...{ label: tell('until'), type: 'date', value: days.until, required: true }}
          onChange={({ currentTarget }) => currentTarget.value && set({ until: currentTarget.value })}
        />
      </div>
      {isTooLong && <Notice tone="warn">{tell('tooLong')}</Notice>}
      {error && !isTooLong && <Problem error={error} onRetry={again} />}
      {fetching && <Waiting label={tell('loading')} />}
      {report && isEmpty === true && <p class="card">{tell('empty')}</p>}
      {report && isEmpty === false && (
        <>
          <Summary days={report.days} before={data?.lot?.before.days ?? []} />
          <Occupancy {...{ report, about }} />
          <Hours {...{ report, about }} />
          <Revenue {...{ report, about }} />
          <Durations {...{ report, about }} />
          <NoShows {...{ report, about }} />
        </>
      )}
    </>
  );
}

type Days = readonly ReportOfDayFragment[];

/** The days in four figures, each beside that of the days before. */
function Summary({ days, before }: { days: Days; before: Days }) {
  const { locale } = useConsole();
  const { currency } = useLot();
  const figures = [
    { name: tell('occupancy'), of: (some: Days) => percentOf(averageOf(some), locale) },
    {
      name: tell('revenue'),
      of: (some: Days) => formatAmount({ amountMinor: sum(some, (d) => d.taken.amountMinor), currency }, locale),
    },
    { name: tell('entries'), of: (some: Days) => sum(some, (d) => d.entries).toLocaleString(locale) },
    { name: tell('noShows'), of: (some: Days) => sum(some, (d) => d.noShows).toLocaleString(locale) },
  ];
  return (
    <section class="figures report" aria-label={tell('title')}>
      {figures.map(({ name, of }) => (
        <div key={name} class="card figure-card">
          <h2>{name}</h2>
          <p class="big">{of(days)}</p>
          <p class="quiet">{tell('before', { value: of(before) })}</p>
        </div>
      ))}
    </section>
  );
}

const sum = (days: Days, of: (day: ReportOfDayFragment) => number) => days.reduce((total, day) => total + of(day), 0);

function averageOf(days: Days): number | null {
  const known = days.flatMap(({ occupancyPercent }) => occupancyPercent ?? []);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}

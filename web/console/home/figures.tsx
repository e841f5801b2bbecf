import type { ComponentChildren } from 'preact';
import { formatAmount, type Amount } from '../../format/money.ts';
import type { ConsoleHomeQuery } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { addressOf } from '../frame/router.ts';

type Overview = ConsoleHomeQuery['overview'];

/** A day in figures: of one lot, or of all. */
export interface Day extends Pick<
  Overview,
  | 'spotsTotal'
  | 'spotsFree'
  | 'byType'
  | 'arrivalsSoon'
  | 'noShows'
  | 'noShowsWeekBefore'
  | 'openIncidents'
  | 'urgentIncidents'
> {
  readonly takings?: Overview['takings'];
  readonly gateP95Ms?: number | null;
}

/** The large figures of the first screen, each with the way to its rows. `today` is the day that the rows are asked for; without it, each lot's own today. */
export function Figures({ day, today }: { day: Day; today?: string }) {
  const { say, locale } = useConsole();
  const taken = day.spotsTotal - day.spotsFree;
  const days: Record<string, string> = today === undefined ? {} : { from: today, until: today };
  const rows = (states: string) => addressOf(['reservations'], { states, ...days });
  return (
    <section class="figures" aria-label={say('figures')}>
      <Figure name={say('occupied')} value={percent(taken, day.spotsTotal, locale)} href={addressOf(['lots'])}>
        {say('takenOf', { taken, total: day.spotsTotal })}
      </Figure>
      <Figure name={say('arrivalsSoon')} value={day.arrivalsSoon} href={rows('CONFIRMED')}>
        {say('nextHours', { hours: 3 })}
      </Figure>
      {day.takings?.map(({ today: now, weekBefore }) => (
        <Figure
          key={now.currency}
          name={say('takenToday')}
          value={formatAmount(now, locale)}
          href={addressOf(['reports'], days)}
        >
          <Compared {...{ now, weekBefore }} />
        </Figure>
      ))}
      <Figure name={say('noShows')} value={day.noShows} href={rows('NO_SHOW')}>
        {say('weekBefore', { value: String(day.noShowsWeekBefore) })}
      </Figure>
      <Figure
        name={say('openIncidents')}
        value={day.openIncidents}
        href={addressOf(['lanes'])}
        tone={day.urgentIncidents > 0 ? 'bad' : undefined}
      >
        {say('urgent', { count: day.urgentIncidents })}
      </Figure>
      {day.gateP95Ms !== undefined && (
        <Figure
          name={say('gateP95')}
          href={addressOf(['lanes'])}
          value={day.gateP95Ms === null ? '—' : say('milliseconds', { ms: day.gateP95Ms })}
        >
          {say(day.gateP95Ms === null ? 'gateP95None' : 'gateP95Hint')}
        </Figure>
      )}
    </section>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string | number;
  readonly href?: string;
  readonly tone?: 'bad' | undefined;
  readonly children: ComponentChildren;
}

function Figure({ name, value, href, tone, children }: FigureProps) {
  return (
    <div class={`figure-card card ${tone ?? ''}`}>
      <h2>{href === undefined ? name : <a href={href}>{name}</a>}</h2>
      <p class="big">{value}</p>
      <p class="quiet">{children}</p>
    </div>
  );
}

/** Today beside the same weekday: the difference in words and with a sign, never by colour alone. */
export function Compared({ now, weekBefore }: { now: Amount; weekBefore: Amount }) {
  const { say, locale } = useConsole();
  const value = formatAmount(weekBefore, locale);
  if (weekBefore.amountMinor === 0) return <>{say('weekBefore', { value })}</>;
  const share = (now.amountMinor - weekBefore.amountMinor) / weekBefore.amountMinor;
  const change = new Intl.NumberFormat(locale, {
    ...{ style: 'percent', maximumFractionDigits: 0, signDisplay: 'exceptZero' },
  }).format(share);
  return <>{say('weekBeforeChange', { value, change })}</>;
}

export function percent(part: number, whole: number, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 }).format(
    whole === 0 ? 0 : part / whole,
  );
}

import { formatAmount } from '../../format/money.ts';
import { formatDayAndClock } from '../../format/time.ts';
import { useConsole } from '../frame/console-context.ts';
import type { WholeReservation } from './reservation-view.tsx';

type Moment = WholeReservation['timeline'][number];

const TONES: Readonly<Partial<Record<Moment['kind'], string>>> = {
  CONFIRMED: 'good',
  CHECKED_IN: 'good',
  COMPLETED: 'good',
  NO_SHOW: 'bad',
  CANCELLED: 'bad',
  EXPIRED: 'bad',
  INCIDENT: 'bad',
  PAID: 'money',
  REFUND_PROMISED: 'money',
  REFUNDED: 'money',
};

/** Everything that happened to a reservation, oldest first. */
export function Timeline({ moments, timeZone }: { moments: readonly Moment[]; timeZone: string }) {
  const { say, locale } = useConsole();
  return (
    <section class="card stack">
      <h2>{say('timeline')}</h2>
      <ol class="timeline">
        {moments.map((moment, index) => (
          <li key={index} class={TONES[moment.kind] ?? ''}>
            <time class="quiet small" dateTime={moment.at}>
              {formatDayAndClock(moment.at, { locale, timeZone })}
            </time>
            <strong>
              {say(`moment_${moment.kind}`, {
                amount: moment.amount ? formatAmount(moment.amount, locale) : '',
                gate: moment.gate?.name ?? '',
                detail: wordOf(moment.note ?? moment.detail ?? ''),
              })}
            </strong>
            <More moment={moment} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** What else is known of a moment, and who did it. */
function More({ moment }: { moment: Moment }) {
  const { say } = useConsole();
  const { kind, detail, note, by } = moment;
  const isScan = kind === 'SCANNED';
  const words = [isScan || detail == null ? [] : wordOf(detail), isScan || note == null ? [] : `“${note}”`].flat();
  const text = [...words, ...(by ? [say('byName', { name: by.name })] : [])].join(' · ');
  return text === '' ? null : <span class="quiet small">{text}</span>;
}

/** A word of the interface as people read it: NO_SHOW_FULL is "No show full". */
function wordOf(text: string): string {
  if (!/^[A-Z_]+$/.test(text)) return text;
  const words = text.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

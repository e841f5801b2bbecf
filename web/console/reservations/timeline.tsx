import { formatAmount } from '../../format/money.ts';
import { formatDayAndClock } from '../../format/time.ts';
import { useConsole, type ConsoleKey } from '../frame/console-context.ts';
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
  const titleOf = ({ kind, detail, note, amount, gate }: Moment): string => {
    const key = kind === 'INCIDENT' ? `incident_${detail}` : `done_${detail}`;
    const words = kind === 'INCIDENT' || kind === 'ACT_OF_STAFF' ? say(key as ConsoleKey) : key;
    if (words !== key) return words;
    return say(`moment_${kind}`, {
      amount: amount ? formatAmount(amount, locale) : '',
      gate: gate?.name ?? '',
      detail: wordOf(note ?? detail ?? ''),
    });
  };
  return (
    <section class="card stack">
      <h2>{say('timeline')}</h2>
      <ol class="timeline">
        {moments.map((moment, index) => (
          <li key={index} class={TONES[moment.kind] ?? ''}>
            <time class="quiet small" dateTime={moment.at}>
              {formatDayAndClock(moment.at, { locale, timeZone })}
            </time>
            <strong>{titleOf(moment)}</strong>
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
  const isSaid = kind === 'SCANNED' || kind === 'ACT_OF_STAFF' || kind === 'INCIDENT';
  const words = [
    isSaid || detail == null ? [] : wordOf(detail),
    kind === 'SCANNED' || note == null ? [] : `“${wordsOf(note)}”`,
  ].flat();
  const text = [...words, ...(by ? [say('byName', { name: by.name })] : [])].join(' · ');
  return text === '' ? null : <span class="quiet small">{text}</span>;
}

/** A note without the id of who wrote it, which says nothing to people; their name stands beside what they did. */
export function wordsOf(note: string): string {
  return note.replace(/ \(staff [^)]*\)$/, '');
}

/** A word of the interface as people read it: NO_SHOW_FULL is "No show full". */
function wordOf(text: string): string {
  if (!/^[A-Z_]+$/.test(text)) return text;
  const words = text.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

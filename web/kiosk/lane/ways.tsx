import { useState } from 'preact/hooks';
import type { Place } from '../door.ts';
import { useKiosk, type KioskKey } from '../kiosk-context.ts';
import { HelpDialog } from './help.tsx';
import type { Lane } from './use-lane.ts';

/** How a driver says who they are. */
export type Means = 'pass' | 'plate' | 'code';

const SIGNS: Readonly<Record<Means | 'ticket' | 'lost', string>> = {
  pass: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 20v-2',
  plate: 'M2 7h20v10H2zM6 10v4M10 10v4M14 10v4M18 10v4',
  code: 'M5 5h2M11 5h2M17 5h2M5 12h2M11 12h2M17 12h2M11 19h2',
  ticket: 'M3 8V5h18v3a2 2 0 0 0 0 8v3H3v-3a2 2 0 0 0 0-8M14 5v14',
  lost: 'M9 9a3 3 0 1 1 4 3c-1 .5-1 1-1 2M12 18v.1M12 2a10 10 0 1 0 .1 0',
};

const WAYS: readonly (readonly [Means, KioskKey])[] = [
  ['pass', 'showPass'],
  ['plate', 'enterPlate'],
  ['code', 'enterCode'],
];

/** One large button for each way; at an entry a ticket, at an exit what to do without one. */
export function Ways({ place, lane, onMeans }: { place: Place; lane: Lane; onMeans: (means: Means) => void }) {
  const { say } = useKiosk();
  const [isLost, setLost] = useState(false);
  const isEntry = place.direction === 'ENTRY';
  return (
    <div class="choices">
      {WAYS.map(([means, text]) => (
        <Choice key={means} sign={means} text={say(text)} onPress={() => onMeans(means)} />
      ))}
      {isEntry && <Choice sign="ticket" text={say('takeTicket')} onPress={() => lane.scan({ ticket: true })} />}
      {!isEntry && <Choice sign="lost" text={say('lostTicket')} onPress={() => setLost(true)} />}
      {isLost && <HelpDialog place={place} reason="LOST_TICKET" onClose={() => setLost(false)} />}
    </div>
  );
}

function Choice({ sign, text, onPress }: { sign: keyof typeof SIGNS; text: string; onPress: () => void }) {
  return (
    <button type="button" class="choice" onClick={onPress}>
      <svg viewBox="0 0 24 24" aria-hidden="true">
        <path d={SIGNS[sign]} />
      </svg>
      {text}
    </button>
  );
}

import { useEffect, useState } from 'preact/hooks';
import { Languages } from '../languages.tsx';
import type { Place } from '../door.ts';
import { useKiosk } from '../kiosk-context.ts';
import { Frame } from './frame.tsx';
import { Keypad } from './keypad.tsx';
import { Reader } from './reader.tsx';
import { useLane, type Lane } from './use-lane.ts';
import { Verdict } from './verdict.tsx';
import { credentialOf } from './word.ts';

export type Means = 'pass' | 'plate' | 'code';

/** After this long without a touch the screen is the next driver's. */
const IDLE_MS = 90_000;

/** The screen at one gate. */
export function LaneView({ place }: { place: Place }) {
  const lane = useLane(place);
  const [means, setMeans] = useState<Means>();
  const { asked, begin } = lane;
  const restart = () => {
    setMeans(undefined);
    begin();
  };
  useIdle(restart, means !== undefined || asked?.decision !== undefined);
  useEffect(() => setMeans(undefined), [asked?.scan.scanId]);
  return (
    <Frame place={place} lane={lane}>
      {means !== undefined ? (
        <Typing means={means} lane={lane} onBack={() => setMeans(undefined)} />
      ) : asked ? (
        <Verdict key={asked.scan.scanId} of={{ asked, place, lane, onMeans: setMeans, onRestart: restart }} />
      ) : (
        <Welcome place={place} lane={lane} onMeans={setMeans} />
      )}
    </Frame>
  );
}

function Welcome({ place, lane, onMeans }: { place: Place; lane: Lane; onMeans: (means: Means) => void }) {
  const { say } = useKiosk();
  return (
    <div class="welcome">
      <h2>{say(place.direction === 'EXIT' ? 'goodbye' : 'welcome')}</h2>
      <p class="lead">{say('howToPass')}</p>
      <Ways onMeans={onMeans} lane={lane} hasTicket={place.direction === 'ENTRY'} />
      <Languages />
    </div>
  );
}

/** How to say who one is, one large button each. */
export function Ways(props: { onMeans: (means: Means) => void; lane: Lane; hasTicket: boolean }) {
  const { onMeans, lane, hasTicket } = props;
  const { say } = useKiosk();
  return (
    <div class="choices">
      <button type="button" class="choice" onClick={() => onMeans('pass')}>
        {say('showPass')}
      </button>
      <button type="button" class="choice" onClick={() => onMeans('plate')}>
        {say('enterPlate')}
      </button>
      <button type="button" class="choice" onClick={() => onMeans('code')}>
        {say('enterCode')}
      </button>
      {hasTicket && (
        <button type="button" class="choice" onClick={() => lane.scan({ ticket: true })}>
          {say('takeTicket')}
        </button>
      )}
    </div>
  );
}

function Typing({ means, lane, onBack }: { means: Means; lane: Lane; onBack: () => void }) {
  const { say } = useKiosk();
  return (
    <div class="typing">
      <button type="button" class="button back" onClick={onBack}>
        ← {say('back')}
      </button>
      {means === 'pass' && <Reader onRead={(text) => lane.scan(credentialOf(text))} />}
      {means === 'plate' && <Keypad kind="plate" onDone={(text) => lane.scan({ plate: { text } })} />}
      {means === 'code' && <Keypad kind="code" onDone={(code) => lane.scan({ code })} />}
    </div>
  );
}

function useIdle(onIdle: () => void, isWatched: boolean): void {
  useEffect(() => {
    if (!isWatched) return;
    let timer = setTimeout(onIdle, IDLE_MS);
    const touched = () => {
      clearTimeout(timer);
      timer = setTimeout(onIdle, IDLE_MS);
    };
    addEventListener('pointerdown', touched);
    addEventListener('keydown', touched);
    return () => {
      clearTimeout(timer);
      removeEventListener('pointerdown', touched);
      removeEventListener('keydown', touched);
    };
  }, [isWatched]);
}

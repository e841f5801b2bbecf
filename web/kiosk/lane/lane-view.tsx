import { useEffect, useState } from 'preact/hooks';
import { Languages } from '../languages.tsx';
import type { Place } from '../door.ts';
import { useKiosk } from '../kiosk-context.ts';
import { Frame } from './frame.tsx';
import { idleMs, StillThere } from './idle.tsx';
import { forgetTyped, isTypedKept, Keypad } from './keypad.tsx';
import { Reader } from './reader.tsx';
import { useLane, type Lane } from './use-lane.ts';
import { Verdict } from './verdict.tsx';
import { Ways, type Means } from './ways.tsx';
import { credentialOf } from './word.ts';

/** The screen at one gate. */
export function LaneView({ place }: { place: Place }) {
  const lane = useLane(place);
  const { choose, isOwnLanguage } = useKiosk();
  const [means, setMeans] = useState<Means>();
  const { asked, begin } = lane;
  const restart = () => {
    setMeans(undefined);
    begin();
  };
  const next = () => {
    forgetTyped();
    restart();
    choose();
  };
  useEffect(() => setMeans(undefined), [asked?.scan.scanId]);
  const isTyping = means !== undefined || (asked === undefined && isTypedKept());
  const view = `${means ?? ''} ${asked?.scan.scanId ?? ''} ${asked?.decision?.action ?? ''}`;
  return (
    <Frame place={place} lane={lane} view={view}>
      {means !== undefined ? (
        <Typing means={means} lane={lane} onMeans={setMeans} />
      ) : asked ? (
        <Verdict key={asked.scan.scanId} of={{ asked, place, lane, onMeans: setMeans, onRestart: restart }} />
      ) : (
        <Welcome place={place} lane={lane} onMeans={setMeans} />
      )}
      <StillThere ms={idleMs(asked, { isTyping, isOwnLanguage })} view={view} onIdle={next} />
    </Frame>
  );
}

function Welcome({ place, lane, onMeans }: { place: Place; lane: Lane; onMeans: (means: Means) => void }) {
  const { say } = useKiosk();
  return (
    <div class="welcome">
      <h2>{say(place.direction === 'EXIT' ? 'goodbye' : 'welcome')}</h2>
      <p class="lead">{say('howToPass')}</p>
      <Ways place={place} lane={lane} onMeans={onMeans} />
      <Languages />
    </div>
  );
}

function Typing({ means, lane, onMeans }: { means: Means; lane: Lane; onMeans: (means: Means | undefined) => void }) {
  const { say } = useKiosk();
  return (
    <div class="typing">
      <button type="button" class="button back" onClick={() => onMeans(undefined)}>
        ← {say('back')}
      </button>
      {means === 'pass' && <Reader onRead={(text) => lane.scan(credentialOf(text))} onMeans={onMeans} />}
      {means === 'plate' && <Keypad key={means} kind="plate" onDone={(text) => lane.scan({ plate: { text } })} />}
      {means === 'code' && <Keypad key={means} kind="code" onDone={(code) => lane.scan({ code })} />}
    </div>
  );
}

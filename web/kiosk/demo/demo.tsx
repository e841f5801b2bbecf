import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import type { Place } from '../door.ts';
import { useKiosk } from '../kiosk-context.ts';
import { LaneView } from '../lane/lane-view.tsx';
import { OPEN_EVENT, READ_EVENT } from '../lane/use-lane.ts';
import { Drawing, type Car } from './drawing.tsx';
import { tellPassage, useCommands } from './hardware.ts';

/** A lane for anyone without one: a camera that reads what is typed, an arm, and a loop that feels the car. Beside it the kiosk itself. */
export function Demo({ place, onForget }: { place: Place; onForget: () => void }) {
  const { say } = useKiosk();
  const [plate, setPlate] = useState('ABC123');
  const [car, setCar] = useState<Car>('AWAY');
  const [isUp, setUp] = useState(false);
  useEffect(() => {
    const open = () => setUp(true);
    addEventListener(OPEN_EVENT, open);
    return () => removeEventListener(OPEN_EVENT, open);
  }, []);
  useCommands(place.key, () => setUp(true));
  const come = (credential: object) => {
    setCar('WAITING');
    setUp(false);
    dispatchEvent(new CustomEvent(READ_EVENT, { detail: credential }));
  };
  const drive = (outcome: 'PASSED' | 'BACKED_OUT') => {
    if (isUp) void tellPassage(place.key, outcome);
    setCar(outcome === 'PASSED' ? 'THROUGH' : 'AWAY');
    setUp(false);
  };
  return (
    <div class="demo">
      <section class="bench" aria-label={say('demoLane')}>
        <h2>{say('demoLane')}</h2>
        <Drawing of={{ car, isUp, plate }} />
        <p role="status">{say(isUp ? 'armUp' : 'armDown')}</p>
        <Field label={say('demoPlate')} value={plate} onInput={({ currentTarget }) => setPlate(currentTarget.value)} />
        <div class="row-of">
          <Button
            kind="main"
            disabled={plate.trim() === ''}
            onClick={() => come({ plate: { text: plate.trim(), confidence: 0.97, arrivalKey: crypto.randomUUID() } })}
          >
            {say('demoCome')}
          </Button>
          <Button onClick={() => come({ unreadable: true })}>{say('demoUnread')}</Button>
          <Button disabled={!isUp} onClick={() => drive('PASSED')}>
            {say('demoThrough')}
          </Button>
          <Button disabled={car !== 'WAITING'} onClick={() => drive('BACKED_OUT')}>
            {say('demoBack')}
          </Button>
          <Button onClick={onForget}>{say('demoOther')}</Button>
        </div>
      </section>
      <LaneView place={place} />
    </div>
  );
}

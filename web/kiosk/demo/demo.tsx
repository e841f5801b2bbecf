import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Choice } from '../../design/field.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import type { Place } from '../door.ts';
import { useKiosk } from '../kiosk-context.ts';
import { LaneView } from '../lane/lane-view.tsx';
import { SetUp } from '../set-up.tsx';
import { Bench } from './bench.tsx';
import { findDemoLots, findGates, type DemoLot } from './lanes.ts';

/** A lane for anyone without one: beside the kiosk a camera, an arm, loops, and a car to drive through both gates of a lot. */
export function Demo() {
  const { say } = useKiosk();
  const [lots, setLots] = useState<readonly DemoLot[] | 'LOOKING' | 'NONE'>('LOOKING');
  const [gates, setGates] = useState<readonly Place[]>([]);
  const [at, setAt] = useState(0);
  const [isAway, setAway] = useState(false);
  const choose = (lot: DemoLot | undefined) => {
    setAway(false);
    findGates(lot?.keys ?? [])
      .then((found) => {
        setGates(found);
        setAt(0);
        if (found.length === 0) setLots('NONE');
      })
      .catch(() => setAway(true));
  };
  const look = () =>
    void findDemoLots().then((found) => {
      setLots(found ?? 'NONE');
      if (found) choose(found[0]);
    });
  useEffect(look, []);
  const place = gates[at];
  if (isAway)
    return (
      <main class="alone">
        <Notice tone="bad" actions={<Button onClick={look}>{say('tryAgain')}</Button>}>
          {say('serverAway')}
        </Notice>
      </main>
    );
  // Without keys of the demo whoever has the key of a gate tries that one.
  if (lots === 'NONE' && !place) return <SetUp onDone={(only) => setGates([only])} />;
  if (!place)
    return (
      <main class="alone">
        <h1>{say('demoLane')}</h1>
        <Waiting label={say('looking')} />
      </main>
    );
  return (
    <div class="demo">
      <Bench of={{ gates, at, onGate: setAt }}>
        {typeof lots === 'object' && lots.length > 1 && (
          <Choice
            label={say('demoLot')}
            options={lots.map(({ code }) => ({ value: code, text: code }))}
            onChange={({ currentTarget }) => choose(lots.find(({ code }) => code === currentTarget.value))}
          />
        )}
      </Bench>
      <LaneView key={place.gateId} place={place} />
    </div>
  );
}

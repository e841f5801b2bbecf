import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import type { KioskDecisionFragment } from '../../generated/graphql.ts';
import type { Credential, Place } from '../door.ts';
import { useKiosk, type KioskKey } from '../kiosk-context.ts';
import { OPEN_EVENT, READ_EVENT } from '../lane/use-lane.ts';
import { Drawing, type Car } from './drawing.tsx';
import { tellPassage, useCommands, type OpenedBy } from './hardware.ts';

interface Props {
  readonly gates: readonly Place[];
  readonly at: number;
  readonly onGate: (at: number) => void;
}

const FEELS: Readonly<Record<Car, KioskKey>> = { AWAY: 'loopNothing', WAITING: 'loopBefore', THROUGH: 'loopBehind' };

/** The hardware of a lane, and the person who plays its driver. */
export function Bench({ of: { gates, at, onGate }, children }: { of: Props; children: ComponentChildren }) {
  const { say } = useKiosk();
  const [plate, setPlate] = useState('ABC123');
  const [car, setCar] = useState<Car>('AWAY');
  const { isUp, lower, openedBy } = useArm(gates[at]?.key ?? '');
  const goTo = (next: number) => {
    setCar('AWAY');
    lower();
    onGate(next);
  };
  const come = (credential: Credential) => {
    setCar('WAITING');
    lower();
    dispatchEvent(new CustomEvent(READ_EVENT, { detail: credential }));
  };
  const drive = (outcome: 'PASSED' | 'BACKED_OUT') => {
    if (isUp) void tellPassage(gates[at]?.key ?? '', outcome, openedBy.current);
    setCar(outcome === 'PASSED' ? 'THROUGH' : 'AWAY');
    lower();
  };
  return (
    <section class="bench" aria-label={say('demoLane')}>
      <h2>{say('demoLane')}</h2>
      {children}
      <div class="row-of" role="group" aria-label={say('demoGates')}>
        {gates.map(({ gateId, gateName }, index) => (
          <Button key={gateId} aria-pressed={index === at} onClick={() => goTo(index)}>
            {gateName}
          </Button>
        ))}
      </div>
      <Drawing of={{ car, isUp, plate }} />
      <p role="status">
        {say(isUp ? 'armUp' : 'armDown')} · {say(FEELS[car])}
      </p>
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
        <Button disabled={!isUp || car !== 'WAITING'} onClick={() => drive('PASSED')}>
          {say('demoThrough')}
        </Button>
        <Button disabled={car !== 'WAITING'} onClick={() => drive('BACKED_OUT')}>
          {say('demoBack')}
        </Button>
      </div>
    </section>
  );
}

/** The arm, raised by the kiosk's own answer or by a command that somebody gave from afar. */
function useArm(key: string) {
  const [isUp, setUp] = useState(false);
  const openedBy = useRef<OpenedBy>({});
  useEffect(() => {
    const open = (event: Event) => {
      openedBy.current = { scanId: (event as CustomEvent<KioskDecisionFragment>).detail.scanId };
      setUp(true);
    };
    addEventListener(OPEN_EVENT, open);
    return () => removeEventListener(OPEN_EVENT, open);
  }, []);
  useCommands(key, (commandId) => {
    openedBy.current = { commandId };
    setUp(true);
  });
  return { isUp, lower: () => setUp(false), openedBy };
}

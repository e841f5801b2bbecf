import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Choice, Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import {
  ConsoleRegisterGateDocument,
  ConsoleUpdateGateDocument,
  type ConsoleDevicesQuery,
  type GateDirection,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useKept } from '../frame/kept.ts';
import { useLot } from '../frame/lot.ts';
import { Problem, refusalText, type Refused } from '../frame/problem.tsx';
import { tell } from './texts.ts';

type Gate = NonNullable<ConsoleDevicesQuery['lot']>['gates'][number];
const DIRECTIONS = ['ENTRY', 'EXIT', 'BOTH'] as const satisfies readonly GateDirection[];

/** Where vehicles come in and go out: more of them, and whether they are in use. */
export function Gates({ gates, onChange }: { gates: readonly Gate[]; onChange: () => void }) {
  const { say } = useConsole();
  const [{ fetching, error }, update] = useDo(ConsoleUpdateGateDocument);
  const [refused, setRefused] = useState<Refused>();
  const turn = async ({ id, inService }: Gate) => {
    const payload = (await update({ input: { gateId: id, inService: !inService } }))?.updateGate;
    setRefused(payload?.userErrors[0]);
    onChange();
  };
  return (
    <section class="card stack">
      <h2>{tell('gates')}</h2>
      {gates.length === 0 && <p class="quiet">{tell('noGates')}</p>}
      {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
      {error && !fetching && <Problem error={error} />}
      <ul class="rows lined">
        {gates.map((gate) => (
          <li key={gate.id} class="row-of spread">
            <div>
              <h3>{gate.name}</h3>
              <p class="quiet">{tell(`direction_${gate.direction}`)}</p>
            </div>
            <span class="row-of">
              <span class={`badge ${gate.inService ? 'good' : 'warn'}`}>
                {tell(gate.inService ? 'inUse' : 'notInUse')}
              </span>
              <Button
                isBusy={fetching}
                aria-label={`${tell(gate.inService ? 'takeOut' : 'putBack')}: ${gate.name}`}
                onClick={() => void turn(gate)}
              >
                {tell(gate.inService ? 'takeOut' : 'putBack')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      <details>
        <summary>{tell('addGate')}</summary>
        <NewGate onChange={onChange} />
      </details>
    </section>
  );
}

function NewGate({ onChange }: { onChange: () => void }) {
  const { say } = useConsole();
  const { id: lotId } = useLot();
  const [name, setName] = useKept('gate.name', () => '');
  const [direction, setDirection] = useKept<GateDirection>('gate.direction', () => 'ENTRY');
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, register] = useDo(ConsoleRegisterGateDocument);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const payload = (await register({ input: { lotId, name: name.trim(), direction } }))?.registerGate;
    setRefused(payload?.userErrors[0]);
    if (!payload?.gate) return;
    setName('');
    onChange();
  };
  return (
    <form class="stack narrow" onSubmit={(event) => void submit(event)}>
      <Field
        {...{ label: tell('name'), value: name, required: true, maxLength: 60 }}
        onInput={({ currentTarget }) => setName(currentTarget.value)}
      />
      <Choice
        label={tell('direction')}
        value={direction}
        options={DIRECTIONS.map((value) => ({ value, text: tell(`direction_${value}`) }))}
        onChange={({ currentTarget }) => setDirection(currentTarget.value as GateDirection)}
      />
      {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
      {error && !fetching && <Problem error={error} />}
      <div>
        <Button kind="main" type="submit" isBusy={fetching}>
          {tell('addGate')}
        </Button>
      </div>
    </form>
  );
}

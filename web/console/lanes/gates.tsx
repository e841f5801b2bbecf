import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { ConsoleOpenGateDocument, type ConsoleScanFragment } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import type { ChosenLot } from '../frame/lot.ts';
import { ReasonDialog } from '../frame/reason-dialog.tsx';

type Gate = ChosenLot['gates'][number];

/** The gates of a lot with what each did last, and the way to open one by hand. */
export function Gates({ lot, scans }: { lot: ChosenLot; scans: readonly ConsoleScanFragment[] }) {
  const { say } = useConsole();
  const [asked, setAsked] = useState<Gate>();
  const [opened, setOpened] = useState<string>();
  return (
    <section class="card stack">
      <h2>{say('lanes')}</h2>
      {opened !== undefined && <Notice tone="good">{say('gateOpened', { name: opened })}</Notice>}
      {lot.gates.length === 0 && <p class="quiet">{say('noGates')}</p>}
      <ul class="plain">
        {lot.gates.map((gate) => {
          const last = scans.find(({ gateId }) => gateId === gate.id)?.decision;
          return (
            <li key={gate.id} class="row-of spread">
              <span>
                <strong>{gate.name}</strong>{' '}
                <span class="quiet small">
                  {say(`direction_${gate.direction}`)}
                  {!gate.inService && `, ${say('outOfUse')}`}
                </span>
                <br />
                <span class="quiet small">{last?.displayText ?? '—'}</span>
              </span>
              <Button aria-label={say('openGateTitle', { name: gate.name })} onClick={() => setAsked(gate)}>
                {say('openGate')}
              </Button>
            </li>
          );
        })}
      </ul>
      {asked && (
        <OpenDialog
          gate={asked}
          onClose={() => setAsked(undefined)}
          onDone={() => {
            setOpened(asked.name);
            setAsked(undefined);
          }}
        />
      )}
    </section>
  );
}

function OpenDialog({ gate, onClose, onDone }: { gate: Gate; onClose: () => void; onDone: () => void }) {
  const { say } = useConsole();
  const [state, open] = useDo(ConsoleOpenGateDocument);
  return (
    <ReasonDialog
      {...{ name: `gate.${gate.id}`, title: say('openGateTitle', { name: gate.name }), action: say('openGate') }}
      {...{ state, onClose, onDone }}
      act={async (said, keyOf) => {
        const wish = { gateId: gate.id, ...said };
        return (await open({ input: { ...wish, idempotencyKey: keyOf(wish) } }))?.openGate;
      }}
    />
  );
}

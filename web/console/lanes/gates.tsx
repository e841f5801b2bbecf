import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { ConsoleOpenGateDocument, type ConsoleScanFragment } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { forgetKey, keyFor, useKept, writeKept } from '../frame/kept.ts';
import type { ChosenLot } from '../frame/lot.ts';
import { Problem, refusalText, type Refused } from '../frame/problem.tsx';
import { Reason } from '../reservations/actions.tsx';

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
  const name = `gate.${gate.id}`;
  const [reason, setReason] = useKept(name, () => '');
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, open] = useDo(ConsoleOpenGateDocument);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (reason.trim() === '') return setRefused({ code: 'REASON_REQUIRED', message: '' });
    const wish = { gateId: gate.id, reason };
    const payload = (await open({ input: { ...wish, idempotencyKey: keyFor(name, wish) } }))?.openGate;
    if (payload === undefined) return undefined;
    forgetKey(name);
    setRefused(payload.userErrors[0]);
    if (payload.userErrors.length > 0) return undefined;
    writeKept(name, undefined);
    return onDone();
  };
  return (
    <Dialog title={say('openGateTitle', { name: gate.name })} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
        <Reason {...{ reason, refused }} onInput={setReason} />
        {refused && refused.code !== 'REASON_REQUIRED' && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
        {error && !fetching && <Problem error={error} />}
        <div class="row-of">
          <Button kind="main" type="submit" isBusy={fetching}>
            {say('openGate')}
          </Button>
          <Button onClick={onClose}>{say('goBack')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

import { useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Choice } from '../../design/field.tsx';
import type { ConsoleIncidentFragment, IncidentAction } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useKept, writeKept } from '../frame/kept.ts';
import { Reason } from '../frame/reason-dialog.tsx';

const ACTIONS = [
  'NOTHING_TO_DO',
  'FALSE_ALARM',
  'SPOKE_TO_DRIVER',
  'VEHICLE_MOVED',
  'VEHICLE_TURNED_AWAY',
  'COUNT_CORRECTED',
  'REPAIRED',
  'REPORTED_TO_AUTHORITIES',
] as const satisfies readonly IncidentAction[];

interface Props {
  readonly incident: ConsoleIncidentFragment;
  readonly isBusy: boolean;
  readonly onClose: () => void;
  readonly onSettle: (action: IncidentAction, reason: string) => void;
}

/** Settles an incident in a person's own words. */
export function SettleDialog({ incident, isBusy, onClose, onSettle }: Props) {
  const { say } = useConsole();
  const name = `settle.${incident.id}`;
  const [form, setForm] = useKept(name, (): { action: IncidentAction; reason: string } => ({
    action: 'NOTHING_TO_DO',
    reason: '',
  }));
  const [isReasonWrong, setReasonWrong] = useState(false);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const isEmpty = form.reason.trim() === '';
    setReasonWrong(isEmpty);
    if (isEmpty) return;
    writeKept(name, undefined);
    onSettle(form.action, form.reason);
  };
  return (
    <Dialog title={say('settleTitle')} onClose={onClose}>
      <form class="stack" onSubmit={submit} noValidate>
        <p>{say(`incident_${incident.kind}`)}</p>
        <Choice
          label={say('whatWasDone')}
          value={form.action}
          options={ACTIONS.map((value) => ({ value, text: say(`act_${value}`) }))}
          onChange={({ currentTarget }) => setForm({ ...form, action: currentTarget.value as IncidentAction })}
        />
        <Reason
          reason={form.reason}
          refused={isReasonWrong ? { code: 'REASON_REQUIRED', message: '' } : undefined}
          onInput={(reason) => setForm({ ...form, reason })}
        />
        <div class="row-of">
          <Button kind="main" type="submit" isBusy={isBusy}>
            {say('settle')}
          </Button>
          <Button onClick={onClose}>{say('goBack')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

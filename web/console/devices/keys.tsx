import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Choice, Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { ConsoleIssueKeyDocument, ConsoleRevokeKeyDocument, type DeviceRole } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useLot } from '../frame/lot.ts';
import { Problem, refusalText, type Refused } from '../frame/problem.tsx';
import { tell } from './texts.ts';

const ROLES = ['GATE', 'LANE', 'BOARD', 'SENSOR'] as const satisfies readonly DeviceRole[];

interface Props {
  readonly gates: readonly { readonly id: string; readonly name: string }[];
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** A new key: asked for, then shown once. It is kept nowhere on the page. */
export function IssueDialog({ gates, onChange, onClose }: Props) {
  const { say } = useConsole();
  const { id: lotId } = useLot();
  const [name, setName] = useState('');
  const [role, setRole] = useState<DeviceRole>('GATE');
  const [gateId, setGate] = useState(gates[0]?.id ?? '');
  const [refused, setRefused] = useState<Refused>();
  const [issued, setIssued] = useState<Issued>();
  const [{ fetching, error }, issue] = useDo(ConsoleIssueKeyDocument);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const gate = role === 'GATE' && gateId !== '' ? { gateId } : {};
    const payload = (await issue({ input: { lotId, name: name.trim(), role, ...gate } }))?.issueDeviceKey;
    setRefused(payload?.userErrors[0]);
    if (payload?.key == null) return;
    setIssued({ key: payload.key, cloudKey: payload.cloudKey ?? null });
    onChange();
  };
  if (issued) return <KeyOnce {...{ issued, name, onClose }} />;
  return (
    <Dialog title={tell('issue')} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Field
          {...{ label: tell('name'), value: name, required: true, maxLength: 60 }}
          onInput={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Choice
          label={tell('role')}
          value={role}
          options={ROLES.map((value) => ({ value, text: tell(`role_${value}`) }))}
          onChange={({ currentTarget }) => setRole(currentTarget.value as DeviceRole)}
        />
        {role === 'GATE' && (
          <Choice
            label={tell('gate')}
            value={gateId}
            options={gates.map(({ id, name: text }) => ({ value: id, text }))}
            onChange={({ currentTarget }) => setGate(currentTarget.value)}
          />
        )}
        {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
        {error && !fetching && <Problem error={error} />}
        <div class="row-of">
          <Button kind="main" type="submit" isBusy={fetching}>
            {tell('issue')}
          </Button>
          <Button onClick={onClose}>{tell('goBack')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

interface Issued {
  readonly key: string;
  readonly cloudKey: string | null;
}

function KeyOnce({ issued, name, onClose }: { issued: Issued; name: string; onClose: () => void }) {
  const [copied, setCopied] = useState(false);
  // Browsers give the clipboard to encrypted pages only.
  const canCopy = isSecureContext;
  const copy = async () => {
    await navigator.clipboard.writeText(issued.key);
    setCopied(true);
  };
  return (
    <Dialog title={tell('key')} onClose={onClose}>
      <Notice tone="warn">{tell('keyOnce', { name })}</Notice>
      <Field {...{ label: tell('key'), value: issued.key, readOnly: true }} />
      {issued.cloudKey !== null && <Field {...{ label: tell('cloudKey'), value: issued.cloudKey, readOnly: true }} />}
      <div class="row-of">
        {canCopy && <Button onClick={() => void copy()}>{tell(copied ? 'copied' : 'copy')}</Button>}
        <Button kind="main" onClick={onClose}>
          {tell('done')}
        </Button>
      </div>
    </Dialog>
  );
}

interface RevokeProps {
  readonly device: { readonly id: string; readonly name: string };
  readonly onChange: () => void;
  readonly onClose: () => void;
}

/** Takes a device's key away, after asking. */
export function RevokeDialog({ device: { id, name }, onChange, onClose }: RevokeProps) {
  const { say } = useConsole();
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, revoke] = useDo(ConsoleRevokeKeyDocument);
  const confirm = async () => {
    const payload = (await revoke({ input: { deviceId: id } }))?.revokeDeviceKey;
    setRefused(payload?.userErrors[0]);
    if (!payload?.device) return;
    onChange();
    onClose();
  };
  return (
    <Dialog title={tell('revokeTitle', { name })} onClose={onClose}>
      <p>{tell('revokeSays')}</p>
      {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
      {error && !fetching && <Problem error={error} />}
      <div class="row-of">
        <Button kind="danger" isBusy={fetching} onClick={() => void confirm()}>
          {tell('revoke')}
        </Button>
        <Button onClick={onClose}>{tell('goBack')}</Button>
      </div>
    </Dialog>
  );
}

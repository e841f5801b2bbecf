import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { ConsoleInviteDocument } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useKept } from '../frame/kept.ts';
import { useLot } from '../frame/lot.ts';
import { Problem, refusalText, type Refused } from '../frame/problem.tsx';
import { RoleAndLots, type Duty } from './role-and-lots.tsx';
import { tell } from './texts.ts';

interface Wish extends Duty {
  readonly name: string;
  readonly email: string;
}

const NOBODY: Wish = { name: '', email: '', role: 'ATTENDANT', lots: 'ONE' };

/** Invites a person to this lot or to all of the operator's; the password is shown once. */
export function InviteDialog({ onChange, onClose }: { onChange: () => void; onClose: () => void }) {
  const { say } = useConsole();
  const { id: lotId } = useLot();
  const [wish, setWish] = useKept<Wish>('invite', () => NOBODY);
  const [refused, setRefused] = useState<Refused>();
  const [invited, setInvited] = useState<{ name: string; password: string }>();
  const [{ fetching, error }, invite] = useDo(ConsoleInviteDocument);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const { name, email, role, lots } = wish;
    const input = { name: name.trim(), email: email.trim(), role, ...(lots === 'ONE' ? { lotIds: [lotId] } : {}) };
    const payload = (await invite({ input }))?.inviteStaff;
    setRefused(payload?.userErrors[0]);
    if (payload?.oneTimePassword == null) return;
    setInvited({ name: input.name, password: payload.oneTimePassword });
    setWish(NOBODY);
    onChange();
  };
  if (invited)
    return (
      <Dialog title={tell('password')} onClose={onClose}>
        <Notice tone="warn">{tell('passwordOnce', { name: invited.name })}</Notice>
        <Field {...{ label: tell('password'), value: invited.password, readOnly: true }} />
        <div>
          <Button kind="main" onClick={onClose}>
            {tell('done')}
          </Button>
        </div>
      </Dialog>
    );
  return (
    <Dialog title={tell('invite')} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Wished {...{ wish, setWish }} />
        {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
        {error && !fetching && <Problem error={error} />}
        <div class="row-of">
          <Button kind="main" type="submit" isBusy={fetching}>
            {tell('invite')}
          </Button>
          <Button onClick={onClose}>{tell('goBack')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Wished({ wish, setWish }: { wish: Wish; setWish: (wish: Wish) => void }) {
  const { staff } = useConsole();
  return (
    <>
      <Field
        {...{ label: tell('name'), value: wish.name, required: true }}
        onInput={({ currentTarget }) => setWish({ ...wish, name: currentTarget.value })}
      />
      <Field
        {...{ label: tell('email'), type: 'email', value: wish.email, required: true, autocomplete: 'off' }}
        onInput={({ currentTarget }) => setWish({ ...wish, email: currentTarget.value })}
      />
      <RoleAndLots duty={wish} canHaveAll={staff.role !== 'ADMIN'} onDuty={(duty) => setWish({ ...wish, ...duty })} />
    </>
  );
}

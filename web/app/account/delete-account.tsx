import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { AppDeleteAccountDocument } from '../../generated/graphql.ts';
import { useApp } from '../frame/app-context.ts';
import { forgetKept } from '../frame/kept.ts';
import { forgetCopies } from '../frame/offline.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';

/** Deletes the account, after saying what goes and what has to stay. */
export function DeleteAccount() {
  const { say } = useApp();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <p>
        <Button kind="danger" onClick={() => setOpen(true)}>
          {say('deleteAccount')}
        </Button>
      </p>
      {isOpen && <DeleteDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function DeleteDialog({ onClose }: { onClose: () => void }) {
  const { say, session } = useApp();
  const refusalText = useRefusalText();
  const [password, setPassword] = useState('');
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, remove] = useDo(AppDeleteAccountDocument);
  const submit = async (event: Event) => {
    event.preventDefault();
    const answer = await remove({ input: { password } });
    setRefused(answer?.deleteAccount.userErrors[0]);
    if (answer?.deleteAccount.deleted !== true) return;
    forgetCopies();
    forgetKept();
    session.forget();
  };
  return (
    <Dialog title={say('deleteTitle')} onClose={onClose}>
      <p>{say('deleteGoes')}</p>
      <p>{say('deleteStays')}</p>
      <form class="stack" onSubmit={(event) => void submit(event)}>
        <Field
          label={say('password')}
          type="password"
          required
          autocomplete="current-password"
          value={password}
          onInput={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
        {error && <Problem error={error} />}
        <div class="row-of">
          <Button type="submit" kind="danger" isBusy={fetching} disabled={password === ''}>
            {say('deleteNow')}
          </Button>
          <Button onClick={onClose}>{say('keepAccount')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

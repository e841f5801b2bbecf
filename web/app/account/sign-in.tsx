import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { AppSignUpDocument, SignInDocument } from '../../generated/graphql.ts';
import { useApp } from '../frame/app-context.ts';
import { useKept } from '../frame/kept.ts';
import { forgetCopies } from '../frame/offline.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';

const SHORTEST_PASSWORD = 10;

/** Signs in, or makes an account, without leaving what one was doing. */
export function SignIn() {
  const { say, session, locale } = useApp();
  const refusalText = useRefusalText();
  const [isNew, setNew] = useKept('sign-in.new', () => false);
  const [typed, setTyped] = useKept('sign-in', () => ({ email: '', name: '' }));
  const [password, setPassword] = useState('');
  const [refused, setRefused] = useState<Refused>();
  const [signingIn, signIn] = useDo(SignInDocument);
  const [signingUp, signUp] = useDo(AppSignUpDocument);
  const error = isNew ? signingUp.error : signingIn.error;
  const submit = async (event: Event) => {
    event.preventDefault();
    setRefused(undefined);
    const { email, name } = typed;
    const answer = isNew
      ? (await signUp({ input: { email, name, password, locale } }))?.signUp
      : (await signIn({ input: { email, password } }))?.signIn;
    if (!answer?.login) return setRefused(answer?.userErrors[0]);
    // A login that ran out leaves its passes behind: who signs in now may be somebody else.
    forgetCopies();
    session.keep(answer.login);
  };
  return (
    <form class="stack" onSubmit={(event) => void submit(event)}>
      <div class="chips" role="group" aria-label={say('account')}>
        <button type="button" class="chip" aria-pressed={!isNew} onClick={() => setNew(false)}>
          {say('haveAccount')}
        </button>
        <button type="button" class="chip" aria-pressed={isNew} onClick={() => setNew(true)}>
          {say('newAccount')}
        </button>
      </div>
      {isNew && (
        <Field
          label={say('name')}
          required
          maxLength={100}
          autocomplete="name"
          value={typed.name}
          onInput={({ currentTarget }) => setTyped({ ...typed, name: currentTarget.value })}
        />
      )}
      <Field
        label={say('email')}
        type="email"
        required
        autocomplete="email"
        value={typed.email}
        onInput={({ currentTarget }) => setTyped({ ...typed, email: currentTarget.value })}
      />
      <Field
        label={say('password')}
        type="password"
        required
        hint={isNew ? say('passwordHint', { length: SHORTEST_PASSWORD }) : undefined}
        minLength={isNew ? SHORTEST_PASSWORD : undefined}
        autocomplete={isNew ? 'new-password' : 'current-password'}
        value={password}
        onInput={({ currentTarget }) => setPassword(currentTarget.value)}
      />
      {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
      {error && <Problem error={error} />}
      <Button type="submit" kind="main" isBusy={signingIn.fetching || signingUp.fetching}>
        {say(isNew ? 'createAccount' : 'signIn')}
      </Button>
    </form>
  );
}

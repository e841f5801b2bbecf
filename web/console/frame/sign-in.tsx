import { useEffect, useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import mark from '../../design/mark.svg';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { SignInDocument } from '../../generated/graphql.ts';
import type { DoorFacts } from './console-context.ts';
import { useKept } from './kept.ts';
import { Languages } from './languages.tsx';
import { ProblemNotice, refusalText, type Refused } from './problem.tsx';

/** The door of the console. The address stays in the field when something goes wrong; the password never leaves this view. */
export function SignIn({ say, locale, session }: DoorFacts) {
  const [email, setEmail] = useKept('email', () => '');
  const [password, setPassword] = useState('');
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, signIn] = useDo(SignInDocument);
  useEffect(() => {
    document.title = `${say('signIn')} · Parkwell`;
  }, [say]);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    setRefused(undefined);
    const answer = await signIn({ input: { email, password } });
    if (answer?.signIn.login) session.keep(answer.signIn.login);
    else setRefused(answer?.signIn.userErrors[0]);
  };
  return (
    <main class="door">
      <form class="card stack" onSubmit={(event) => void submit(event)}>
        <h1>
          <img src={mark} alt="" width="40" height="40" />
          {say('signInTitle')}
        </h1>
        {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
        {error && !fetching && <ProblemNotice {...{ error, say }} />}
        <Field
          {...{ label: say('email'), type: 'email', autocomplete: 'username', required: true, value: email }}
          onInput={({ currentTarget }) => setEmail(currentTarget.value)}
        />
        <Field
          {...{ label: say('password'), type: 'password', autocomplete: 'current-password', required: true }}
          value={password}
          onInput={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        <Button kind="main" type="submit" isBusy={fetching}>
          {say('signIn')}
        </Button>
        <Languages {...{ say, locale }} />
      </form>
    </main>
  );
}

import { Provider } from '@urql/preact';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { openClient, useAsk } from '../data/ask.ts';
import { openLive } from '../data/live.ts';
import type { Session } from '../data/session.ts';
import { Button } from '../design/button.tsx';
import { Notice, Waiting } from '../design/notice.tsx';
import { ConsoleViewerDocument } from '../generated/graphql.ts';
import type { Messages } from '../messages/open-messages.ts';
import { CONNECTED, connectionAfter, ConnectionContext } from './frame/connection.ts';
import { ConsoleContext, type ConsoleKey } from './frame/console-context.ts';
import { Frame } from './frame/frame.tsx';
import { ProblemNotice } from './frame/problem.tsx';
import { followLinks } from './frame/router.ts';
import { SignIn } from './frame/sign-in.tsx';

interface Props {
  readonly messages: Messages<ConsoleKey>;
  readonly session: Session;
}

/** The operators' page: its connection belongs to whoever is signed in, so that nothing of one person is shown to the next. */
export function Console({ messages, session }: Props) {
  const isSignedIn = useSignedIn(session);
  const [connection, setConnection] = useState(CONNECTED);
  const live = useMemo(() => {
    const onState = (state: 'CONNECTED' | 'GONE') => setConnection((known) => connectionAfter(known, state));
    return openLive({ authorization: () => session.authorization(), onState });
  }, [session, isSignedIn]);
  const client = useMemo(() => openClient(session, live), [session, live]);
  useEffect(() => () => void live.dispose(), [live]);
  useEffect(() => {
    addEventListener('click', followLinks);
    return () => removeEventListener('click', followLinks);
  }, []);
  return (
    <Provider value={client}>
      <ConnectionContext.Provider value={connection}>
        {isSignedIn ? <ForStaff {...{ messages, session }} /> : <SignIn {...messages} session={session} />}
      </ConnectionContext.Provider>
    </Provider>
  );
}

/** Asks who it is, and opens the console to staff alone. */
function ForStaff({ messages, session }: Props) {
  const { say } = messages;
  const [{ data, error }, again] = useAsk(ConsoleViewerDocument, {});
  const viewer = data?.viewer;
  if (viewer?.__typename === 'StaffMember') {
    const facts = { ...messages, session, staff: viewer, isOperator: viewer.role !== 'ATTENDANT' };
    return (
      <ConsoleContext.Provider value={facts}>
        <Frame />
      </ConsoleContext.Provider>
    );
  }
  if (error) return <Alone>{<ProblemNotice {...{ error, say }} onRetry={again} />}</Alone>;
  if (data === undefined) return <Alone>{<Waiting label={say('loading')} />}</Alone>;
  return (
    <Alone>
      <Notice tone="warn" actions={<Button onClick={() => session.forget()}>{say('signInOther')}</Button>}>
        {say('notStaff')}
      </Notice>
    </Alone>
  );
}

function Alone({ children }: { children: ComponentChildren }) {
  return (
    <main class="door">
      <h1 class="heard">Parkwell</h1>
      {children}
    </main>
  );
}

function useSignedIn(session: Session): boolean {
  const [isSignedIn, setSignedIn] = useState(session.isSignedIn);
  useEffect(() => session.onChange(() => setSignedIn(session.isSignedIn)), [session]);
  return isSignedIn;
}

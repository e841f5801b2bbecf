import type { CombinedError } from '@urql/core';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import type { Say } from '../../messages/open-messages.ts';
import { useConsole, type ConsoleKey } from './console-context.ts';

/** What a verb refused with. */
export interface Refused {
  readonly code: string;
  readonly message: string;
}

/** A refusal in the reader's language; what has no words of its own is said in the server's. */
export function refusalText(say: Say<ConsoleKey>, { code, message }: Refused): string {
  const key = `error_${code}`;
  const text = say(key as ConsoleKey);
  return text === key ? message : text;
}

/** What came in the way of a request, with the id to quote when asking for help, and a way to try again. */
export function Problem({ error, onRetry }: { error: CombinedError; onRetry?: () => void }) {
  const { say } = useConsole();
  return <ProblemNotice {...{ error, say }} {...(onRetry === undefined ? {} : { onRetry })} />;
}

/** The same, where nobody has signed in yet. */
export function ProblemNotice(props: { error: CombinedError; say: Say<ConsoleKey>; onRetry?: () => void }) {
  const { error, say, onRetry } = props;
  const extensions = error.graphQLErrors[0]?.extensions as { code?: string; requestId?: string } | undefined;
  const requestId = extensions?.requestId;
  return (
    <Notice
      tone="bad"
      requestId={requestId === undefined ? undefined : say('requestId', { id: requestId })}
      actions={onRetry && <Button onClick={onRetry}>{say('tryAgain')}</Button>}
    >
      {say(sentenceOf(error, extensions?.code))}
    </Notice>
  );
}

const SENTENCES: Readonly<Record<string, ConsoleKey>> = {
  RATE_LIMITED: 'problem_busy',
  UNAUTHENTICATED: 'problem_signedOut',
  FORBIDDEN: 'problem_forbidden',
  NOT_FOUND: 'problem_notFound',
};

function sentenceOf({ networkError }: CombinedError, code: string | undefined): ConsoleKey {
  if (networkError) return 'problem_offline';
  return (code === undefined ? undefined : SENTENCES[code]) ?? 'problem_server';
}

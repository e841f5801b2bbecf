import type { CombinedError } from '@urql/core';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { useApp, type AppKey } from './app-context.ts';

/** What a verb refused with. */
export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly field?: readonly string[] | null | undefined;
}

/** A refusal in the reader's language; what has no words of its own is said in the server's. */
export function useRefusalText(): (refused: Refused) => string {
  const { say } = useApp();
  return ({ code, message }) => {
    const key = `error_${code}`;
    const text = say(key as AppKey);
    return text === key ? message : text;
  };
}

/** What came in the way of a request, with the id to quote when asking for help, and a way to try again. */
export function Problem({ error, onRetry }: { error: CombinedError; onRetry?: () => void }) {
  const { say } = useApp();
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

function sentenceOf({ networkError }: CombinedError, code: string | undefined): AppKey {
  if (networkError) return 'problem_offline';
  if (code === 'RATE_LIMITED') return 'problem_busy';
  return code === 'UNAUTHENTICATED' ? 'problem_signedOut' : 'problem_server';
}

/** Whether an answer failed because who asks is not signed in (any more). */
export function isSignedOut(error: CombinedError | undefined): boolean {
  return error?.graphQLErrors.some(({ extensions }) => extensions['code'] === 'UNAUTHENTICATED') === true;
}

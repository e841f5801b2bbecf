import type { CombinedError } from '@urql/core';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { useConsole } from './console-context.ts';
import { forgetKey, keyFor, useKept, writeKept } from './kept.ts';
import { Problem, refusalText, type Refused } from './problem.tsx';

const UNSAID: Refused = { code: 'REASON_REQUIRED', message: '' };

interface Answer {
  readonly userErrors: readonly Refused[];
}

interface Props<A extends Answer> {
  /** What it is kept under while it is open: the reason outlives a reload, the key a lost connection. */
  readonly name: string;
  readonly title: string;
  /** What the button says. */
  readonly action: string;
  readonly kind?: 'main' | 'danger';
  readonly state: { readonly fetching: boolean; readonly error?: CombinedError | undefined };
  /** Does it with `wish` and the key of its asking; undefined when no answer came. */
  readonly act: (wish: { readonly reason: string }, keyOf: (wish: object) => string) => Promise<A | undefined>;
  readonly onClose: () => void;
  readonly onDone: (answer: A) => void;
  /** What stands above the reason. */
  readonly children?: ComponentChildren;
}

/** Something that a person does by hand and has to say why. */
export function ReasonDialog<A extends Answer>(props: Props<A>) {
  const { name, title, action, kind = 'main', state, act, onClose, onDone, children } = props;
  const { say } = useConsole();
  const [reason, setReason] = useKept(name, () => '');
  const [refused, setRefused] = useState<Refused>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (reason.trim() === '') return setRefused(UNSAID);
    const answer = await act({ reason: reason.trim() }, (wish) => keyFor(name, wish));
    if (answer === undefined) return undefined;
    forgetKey(name);
    setRefused(answer.userErrors[0]);
    if (answer.userErrors.length > 0) return undefined;
    writeKept(name, undefined);
    return onDone(answer);
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
        {children}
        <Reason {...{ reason, refused }} onInput={setReason} />
        <Refusal {...{ refused, state }} />
        <div class="row-of">
          <Button {...{ kind }} type="submit" isBusy={state.fetching}>
            {action}
          </Button>
          <Button onClick={onClose}>{say('goBack')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Why it was not done, where that is not said at a field. */
export function Refusal({ refused, state }: { refused: Refused | undefined; state: Props<Answer>['state'] }) {
  const { say } = useConsole();
  const { fetching, error } = state;
  return (
    <>
      {refused && refused.code !== UNSAID.code && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
      {error && !fetching && <Problem error={error} />}
    </>
  );
}

interface ReasonProps {
  readonly reason: string;
  readonly refused: Refused | undefined;
  readonly onInput: (reason: string) => void;
}

/** Why a person does something: asked for by every action that is recorded. */
export function Reason({ reason, refused, onInput }: ReasonProps) {
  const { say } = useConsole();
  return (
    <Field
      {...{ label: say('reason'), hint: say('reasonHint'), value: reason, maxLength: 300, autocomplete: 'off' }}
      wrong={refused?.code === UNSAID.code ? say('reasonWrong') : undefined}
      onInput={({ currentTarget }) => onInput(currentTarget.value)}
    />
  );
}

import type { ComponentChildren } from 'preact';

interface Props {
  readonly tone: 'good' | 'warn' | 'bad';
  /** What to do about it: buttons. */
  readonly actions?: ComponentChildren;
  readonly requestId?: string | undefined;
  readonly children: ComponentChildren;
}

/** Says what happened. What is wrong is said at once to those who listen, the rest when they are done listening. */
export function Notice({ tone, actions, requestId, children }: Props) {
  return (
    <div class={`notice ${tone}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <div>
        {children}
        {requestId !== undefined && <small>{requestId}</small>}
      </div>
      {actions}
    </div>
  );
}

/** Something takes longer than a moment. */
export function Waiting({ label }: { label: string }) {
  return (
    <div role="progressbar" aria-label={label}>
      <div class="waiting" />
    </div>
  );
}

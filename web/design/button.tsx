import type { ButtonHTMLAttributes, ComponentChildren } from 'preact';

interface Props extends Omit<ButtonHTMLAttributes, 'class' | 'type'> {
  readonly kind?: 'main' | 'plain' | 'danger';
  /** It has been pressed and is being done: it can't be pressed again, and those who listen are told. */
  readonly isBusy?: boolean;
  readonly type?: 'button' | 'submit';
  readonly children: ComponentChildren;
}

/** Something to press. One `main` a view. */
export function Button({ kind = 'plain', isBusy = false, type = 'button', children, disabled, ...rest }: Props) {
  return (
    <button {...rest} type={type} class={`button ${kind}`} aria-busy={isBusy} disabled={disabled === true || isBusy}>
      {children}
    </button>
  );
}

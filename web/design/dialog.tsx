import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  readonly title: string;
  /** Called when it is left by Escape or by a press outside. */
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A question in front of the page. Focus stays in it and goes back to where it was; the browser does both. */
export function Dialog({ title, onClose, children }: Props) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before it is painted: until it is open it would stand in the page, and Escape would do nothing.
  useLayoutEffect(() => element.current?.showModal(), []);
  return (
    <dialog
      ref={element}
      class="dialog stack"
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === element.current && element.current?.close()}
    >
      <h2 id={id}>{title}</h2>
      {children}
    </dialog>
  );
}

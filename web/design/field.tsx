import type { ComponentChild, InputHTMLAttributes, SelectHTMLAttributes } from 'preact';
import { useId } from 'preact/hooks';

interface Named {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with what stands in it, and what to do; undefined: nothing. */
  readonly wrong?: string | undefined;
}

interface Props extends Omit<InputHTMLAttributes, 'id' | 'class' | 'label'>, Named {}

/** One line to fill in, with its name above, a hint, and what is wrong below. */
export function Field({ label, hint, wrong, ...input }: Props) {
  return <Framed of={{ label, hint, wrong }}>{(named) => <input {...input} {...named} />}</Framed>;
}

interface ChoiceProps extends Omit<SelectHTMLAttributes, 'id' | 'class' | 'label'>, Named {
  readonly options: readonly { readonly value: string; readonly text: string }[];
}

/** One of several, when there are too many for buttons. */
export function Choice({ label, hint, wrong, options, ...select }: ChoiceProps) {
  return (
    <Framed of={{ label, hint, wrong }}>
      {(named) => (
        <select {...select} {...named}>
          {options.map(({ value, text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Framed>
  );
}

interface Wiring {
  readonly id: string;
  readonly 'aria-invalid': boolean;
  readonly 'aria-describedby': string | undefined;
}

function Framed({ of, children }: { of: Named; children: (wiring: Wiring) => ComponentChild }) {
  const { label, hint, wrong } = of;
  const id = useId();
  const described = [hint === undefined ? [] : `${id}-hint`, wrong === undefined ? [] : `${id}-wrong`].flat().join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({
        id,
        'aria-invalid': wrong !== undefined,
        'aria-describedby': described === '' ? undefined : described,
      })}
      {hint !== undefined && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {wrong !== undefined && (
        <span class="wrong" id={`${id}-wrong`}>
          {wrong}
        </span>
      )}
    </div>
  );
}

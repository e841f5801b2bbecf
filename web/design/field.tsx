import type {
  ComponentChild,
  InputHTMLAttributes,
  PartialInputHTMLAttributes,
  PartialSelectHTMLAttributes,
} from 'preact';
import { useId } from 'preact/hooks';

interface Named {
  readonly label: string;
  readonly hint?: string | undefined;
  /** What is wrong with what stands in it, and what to do; undefined: nothing. */
  readonly wrong?: string | undefined;
}

type FieldType = 'text' | 'email' | 'password' | 'search' | 'tel' | 'number' | 'date' | 'time' | 'datetime-local';

interface Props
  extends Omit<PartialInputHTMLAttributes<HTMLInputElement>, 'id' | 'class' | 'label' | 'role' | 'type'>, Named {
  readonly type?: FieldType;
}

/** One line to fill in, with its name above, a hint, and what is wrong below. */
export function Field({ label, hint, wrong, type = 'text', ...input }: Props) {
  return (
    <Framed of={{ label, hint, wrong }}>
      {(named) => <input {...({ ...input, ...named, type } as InputHTMLAttributes)} />}
    </Framed>
  );
}

interface ChoiceProps
  extends Omit<PartialSelectHTMLAttributes<HTMLSelectElement>, 'id' | 'class' | 'label' | 'role' | 'size'>, Named {
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

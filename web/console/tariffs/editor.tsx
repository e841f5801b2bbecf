import { useId } from 'preact/hooks';
import { Field } from '../../design/field.tsx';
import { useLot } from '../frame/lot.ts';
import { documentOf, fieldOfPath, simpleOf, wrongFields, type SimpleTariff, type TariffJson } from './simple.ts';
import { Mistakes, mistakesOf, type TariffRefused } from './refused.tsx';
import { tell } from './texts.ts';

/** What is being written: in the form's fields, or as JSON text. */
export type Draft =
  { readonly as: 'FORM'; readonly simple: SimpleTariff } | { readonly as: 'JSON'; readonly text: string };

/** The draft that a document begins as. */
export function draftOf(document: TariffJson, currency: string): Draft {
  const simple = simpleOf(document, currency);
  return simple === undefined ? asJson(document) : { as: 'FORM', simple };
}

const asJson = (document: TariffJson): Draft => ({ as: 'JSON', text: JSON.stringify(document, null, 2) });

/** The document that a draft means; a text instead: why it means none. */
export function meantBy(draft: Draft, before: TariffJson, currency: string): TariffJson | string {
  if (draft.as === 'FORM') return documentOf(draft.simple, before, currency) ?? tell('notNumber');
  try {
    const parsed: unknown = JSON.parse(draft.text);
    const isObject = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
    return isObject ? (parsed as TariffJson) : tell('notJson', { message: '{ … }' });
  } catch (error) {
    return tell('notJson', { message: error instanceof Error ? error.message : '' });
  }
}

interface Props {
  readonly draft: Draft;
  readonly before: TariffJson;
  /** Why it was refused when it was last to be published; undefined once anything was changed. */
  readonly refused: TariffRefused | undefined;
  readonly onDraft: (draft: Draft) => void;
}

/** The common cases as a form, everything as JSON; from one to the other without losing what was written. */
export function Editor({ draft, before, refused, onDraft }: Props) {
  const { currency } = useLot();
  const meant = meantBy(draft, before, currency);
  const simple = typeof meant === 'string' ? undefined : simpleOf(meant, currency);
  const way = useId();
  return (
    <>
      <fieldset class="segments">
        <legend class="heard">{tell('draft')}</legend>
        {(['FORM', 'JSON'] as const).map((as) => (
          <label key={as}>
            <input
              type="radio"
              name={way}
              checked={draft.as === as}
              disabled={draft.as !== as && (as === 'FORM' ? simple === undefined : typeof meant === 'string')}
              onChange={() => {
                if (as === 'JSON' && typeof meant !== 'string') onDraft(asJson(meant));
                if (as === 'FORM' && simple !== undefined) onDraft({ as, simple });
              }}
            />
            {tell(as === 'FORM' ? 'form' : 'json')}
          </label>
        ))}
      </fieldset>
      {draft.as === 'JSON' && typeof meant !== 'string' && simple === undefined && (
        <p class="quiet">{tell('notSimple')}</p>
      )}
      {draft.as === 'FORM' ? (
        <Form
          simple={draft.simple}
          refused={refused}
          onChange={(changed) => onDraft({ as: 'FORM', simple: changed })}
        />
      ) : (
        <Text
          text={draft.text}
          wrong={typeof meant === 'string' ? meant : undefined}
          onChange={(text) => onDraft({ as: 'JSON', text })}
        />
      )}
      {draft.as === 'JSON' && <Mistakes refused={refused} />}
    </>
  );
}

const FIELDS = ['blockMinutes', 'blockPrice', 'dayMost', 'graceMinutes', 'taxPercent'] as const;

interface FormProps {
  readonly simple: SimpleTariff;
  readonly refused: TariffRefused | undefined;
  readonly onChange: (simple: SimpleTariff) => void;
}

/** What the server refused stands below its own field; what belongs to none, below them all. */
function Form({ simple, refused, onChange }: FormProps) {
  const { currency } = useLot();
  const wrong = wrongFields(simple);
  const { atFields, elsewhere } = mistakesOf(refused, fieldOfPath);
  return (
    <>
      <div class="aligned">
        {FIELDS.map((field) => (
          <Field
            key={field}
            {...{ label: tell(field, { currency }), inputMode: 'decimal', value: simple[field] }}
            hint={field === 'dayMost' ? tell('dayMostHint') : undefined}
            wrong={wrong.includes(field) ? tell('notNumber') : atFields.get(field)}
            onInput={({ currentTarget }) => onChange({ ...simple, [field]: currentTarget.value.trim() })}
          />
        ))}
      </div>
      <Mistakes refused={elsewhere} />
    </>
  );
}

interface TextProps {
  readonly text: string;
  readonly wrong: string | undefined;
  readonly onChange: (text: string) => void;
}

function Text({ text, wrong, onChange }: TextProps) {
  const id = useId();
  const named = wrong === undefined ? {} : { 'aria-invalid': true, 'aria-describedby': `${id}-wrong` };
  return (
    <div class="field">
      <label for={id}>{tell('document')}</label>
      <textarea
        {...{ id, rows: 18, spellcheck: false, class: 'mono', value: text, ...named }}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
      {wrong !== undefined && (
        <span class="wrong" id={`${id}-wrong`} role="alert">
          {wrong}
        </span>
      )}
    </div>
  );
}

import { useId } from 'preact/hooks';
import { Field } from '../../design/field.tsx';
import { Notice } from '../../design/notice.tsx';
import { useLot } from '../frame/lot.ts';
import { documentOf, simpleOf, wrongFields, type SimpleTariff, type TariffJson } from './simple.ts';
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
  readonly onDraft: (draft: Draft) => void;
}

/** The common cases as a form, everything as JSON; from one to the other without losing what was written. */
export function Editor({ draft, before, onDraft }: Props) {
  const { currency } = useLot();
  const meant = meantBy(draft, before, currency);
  const simple = typeof meant === 'string' ? undefined : simpleOf(meant, currency);
  const way = useId();
  return (
    <>
      <fieldset class="row-of plain">
        {(['FORM', 'JSON'] as const).map((as) => (
          <label key={as} class="row-of">
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
        <Form simple={draft.simple} onChange={(changed) => onDraft({ as: 'FORM', simple: changed })} />
      ) : (
        <Text text={draft.text} onChange={(text) => onDraft({ as: 'JSON', text })} />
      )}
      {draft.as === 'JSON' && typeof meant === 'string' && <Notice tone="bad">{meant}</Notice>}
    </>
  );
}

const FIELDS = ['blockMinutes', 'blockPrice', 'dayMost', 'graceMinutes', 'taxPercent'] as const;

function Form({ simple, onChange }: { simple: SimpleTariff; onChange: (simple: SimpleTariff) => void }) {
  const { currency } = useLot();
  const wrong = wrongFields(simple);
  return (
    <div class="filters">
      {FIELDS.map((field) => (
        <Field
          key={field}
          {...{ label: tell(field, { currency }), inputMode: 'decimal', value: simple[field] }}
          hint={field === 'dayMost' ? tell('dayMostHint') : undefined}
          wrong={wrong.includes(field) ? tell('notNumber') : undefined}
          onInput={({ currentTarget }) => onChange({ ...simple, [field]: currentTarget.value.trim() })}
        />
      ))}
    </div>
  );
}

function Text({ text, onChange }: { text: string; onChange: (text: string) => void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{tell('document')}</label>
      <textarea
        {...{ id, rows: 18, spellcheck: false, class: 'mono', value: text }}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </div>
  );
}

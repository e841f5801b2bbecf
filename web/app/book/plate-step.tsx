import { Field } from '../../design/field.tsx';
import { useApp } from '../frame/app-context.ts';
import { useViewer } from '../account/viewer.ts';

/** Which vehicle comes, and whether a person has looked at its plate. */
export interface PlateEntry {
  readonly text: string;
  /** The plate as it was when it was confirmed; another plate has to be confirmed anew. */
  readonly confirmed: string | undefined;
}

/** In its one spelling: capitals, no separators. */
export const plainPlate = (text: string): string => text.toLocaleUpperCase('en').replaceAll(/[^\p{L}\p{N}]/gu, '');

export function isConfirmed({ text, confirmed }: PlateEntry): boolean {
  return confirmed !== undefined && confirmed === plainPlate(text);
}

interface Props {
  readonly entry: PlateEntry;
  readonly onEntry: (entry: PlateEntry) => void;
}

/** Asks which vehicle comes. */
export function PlateStep({ entry, onEntry }: Props) {
  const { say } = useApp();
  return (
    <section class="card stack" aria-labelledby="plate">
      <h2 id="plate">{say('plateTitle')}</h2>
      <PlateEntryFields entry={entry} onEntry={onEntry} />
    </section>
  );
}

/** Asks for the plate and shows it back in large letters: a wrong one is found here, not at the gate. */
export function PlateEntryFields({ entry, onEntry }: Props) {
  const { say } = useApp();
  const vehicles = useViewer().driver?.vehicles ?? [];
  const plain = plainPlate(entry.text);
  return (
    <>
      {vehicles.length > 0 && (
        <div class="chips" role="group" aria-label={say('vehicles')}>
          {vehicles.map(({ id, plate, nickname }) => (
            <button
              key={id}
              type="button"
              class="chip"
              aria-pressed={plate === plain}
              onClick={() => onEntry({ text: plate, confirmed: undefined })}
            >
              {nickname ?? plate}
            </button>
          ))}
        </div>
      )}
      <Field
        label={say('plate')}
        hint={say('plateHint')}
        value={entry.text}
        maxLength={16}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        onInput={({ currentTarget }) => onEntry({ ...entry, text: currentTarget.value })}
      />
      {plain.length >= 2 && (
        <div class="plate-check">
          <output class="plate large">{plain}</output>
          <label class="check">
            <input
              type="checkbox"
              checked={isConfirmed(entry)}
              onChange={({ currentTarget }) =>
                onEntry({ ...entry, confirmed: currentTarget.checked ? plain : undefined })
              }
            />
            {say('plateConfirm')}
          </label>
        </div>
      )}
    </>
  );
}

import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Field } from '../../design/field.tsx';
import { fromLocalField, toLocalField } from '../../format/time.ts';
import { ConsoleCorrectPresenceDocument, type ConsoleVisitFragment } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { nowMs } from '../../data/now.ts';
import { ReasonDialog } from '../frame/reason-dialog.tsx';

/** Asked again this often, until it stands. */
const LOOKS = 20;
const LOOK_AGAIN_MS = 250;
const FURTHEST_BACK_MS = 7 * 86_400_000;

interface Props {
  readonly lot: { readonly id: string; readonly timeZone: string };
  /** A visit that is over, or the code of a reservation whose vehicle is inside. */
  readonly of: { readonly stay: ConsoleVisitFragment } | { readonly code: string };
  readonly onClose: () => void;
  /** Told in a sentence what was done. */
  readonly onDone: (text: string) => void;
}

/** A person saw what no gate did: a vehicle that has left, or one that is inside. Says when, and why it is known. */
export function PresenceDialog({ lot, of, onClose, onDone }: Props) {
  const { say } = useConsole();
  const [state, correct] = useDo(ConsoleCorrectPresenceDocument);
  const now = new Date(nowMs());
  const [typed, setTyped] = useState<string>();
  const isLeft = 'stay' in of;
  const earliest = isLeft ? new Date(of.stay.enteredAt) : new Date(now.getTime() - FURTHEST_BACK_MS);
  const at = typed === undefined ? undefined : fromLocalField(typed, lot.timeZone)?.toISOString();
  const correction = isLeft
    ? { left: { stayId: of.stay.id, ...(at === undefined ? {} : { at }) } }
    : { inside: { lotId: lot.id, credential: { code: of.code }, ...(at === undefined ? {} : { at }) } };
  return (
    <ReasonDialog
      {...{ title: say(isLeft ? 'markLeftTitle' : 'markInsideTitle'), state, onClose }}
      name={isLeft ? `left.${of.stay.id}` : `inside.${of.code}`}
      action={say(isLeft ? 'markLeft' : 'markInside')}
      act={async (said, keyOf) => {
        const wish = { correction, ...said };
        const input = { ...wish, idempotencyKey: keyOf(wish) };
        for (let look = 1; ; look += 1) {
          const answer = (await correct({ input }))?.correctPresence;
          if (answer?.decision?.durable !== false || look === LOOKS) return answer;
          await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
        }
      }}
      onDone={({ decision }) =>
        onDone(isLeft ? say('markedLeft') : say('markedInside', { spot: decision?.spotLabel ?? '' }))
      }
    >
      <p>{say(isLeft ? 'markLeftHint' : 'markInsideHint')}</p>
      <Field
        {...{ label: say(isLeft ? 'whenLeft' : 'whenCame'), type: 'datetime-local' }}
        hint={say('whenHint')}
        value={typed ?? ''}
        min={toLocalField(earliest, lot.timeZone)}
        max={toLocalField(now, lot.timeZone)}
        onInput={({ currentTarget }) => setTyped(currentTarget.value === '' ? undefined : currentTarget.value)}
      />
    </ReasonDialog>
  );
}

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { CombinedError } from '@urql/core';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { useConsole } from '../frame/console-context.ts';
import { Problem, refusalText, type Refused } from '../frame/problem.tsx';
import { tell } from './texts.ts';

export interface Offer {
  readonly id: string;
  readonly name: string;
  /** What there is to say about it, in a line. */
  readonly facts: string;
  readonly isEnded: boolean;
}

interface Props {
  readonly title: string;
  readonly explains: string;
  readonly empty: string;
  readonly add: string;
  readonly offers: readonly Offer[];
  /** Ends one; gives why it was refused. */
  readonly onEnd: (id: string) => Promise<Refused | undefined>;
  /** The fields of a new one. */
  readonly children: ComponentChildren;
}

/** A small list of what is offered, with a way to end each and to add another. */
export function OfferList({ title, explains, empty, add, offers, onEnd, children }: Props) {
  const [ending, setEnding] = useState<Offer>();
  return (
    <section class="card stack">
      <h2>{title}</h2>
      <p class="quiet">{explains}</p>
      {offers.length === 0 && <p>{empty}</p>}
      <ul class="rows lined">
        {offers.map((offer) => (
          <li key={offer.id} class="row-of spread">
            <div>
              <h3>{offer.name}</h3>
              <p class="quiet">{offer.facts}</p>
            </div>
            {offer.isEnded ? (
              <span class="badge">{tell('ended')}</span>
            ) : (
              <Button aria-label={`${tell('end')}: ${offer.name}`} onClick={() => setEnding(offer)}>
                {tell('end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <details>
        <summary>{add}</summary>
        {children}
      </details>
      {ending && <EndDialog offer={ending} onEnd={onEnd} onClose={() => setEnding(undefined)} />}
    </section>
  );
}

interface EndProps extends Pick<Props, 'onEnd'> {
  readonly offer: Offer;
  readonly onClose: () => void;
}

function EndDialog({ offer: { id, name }, onEnd, onClose }: EndProps) {
  const { say } = useConsole();
  const [refused, setRefused] = useState<Refused>();
  const [isBusy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    const why = await onEnd(id);
    setBusy(false);
    setRefused(why);
    if (why === undefined) onClose();
  };
  return (
    <Dialog title={tell('endTitle', { name })} onClose={onClose}>
      <p>{tell('endSays')}</p>
      {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
      <div class="row-of">
        <Button kind="danger" isBusy={isBusy} onClick={() => void confirm()}>
          {tell('end')}
        </Button>
        <Button onClick={onClose}>{tell('goBack')}</Button>
      </div>
    </Dialog>
  );
}

interface FormProps {
  readonly add: string;
  readonly refused: Refused | undefined;
  readonly error: CombinedError | undefined;
  readonly isBusy: boolean;
  readonly onSubmit: () => Promise<void>;
  readonly children: ComponentChildren;
}

/** The frame of a new one's fields: what came in the way is said below them, and they keep what was typed. */
export function OfferForm({ add, refused, error, isBusy, onSubmit, children }: FormProps) {
  const { say } = useConsole();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void onSubmit();
  };
  return (
    <form class="stack" onSubmit={submit}>
      <div class="aligned">{children}</div>
      {refused && <Notice tone="bad">{refusalText(say, refused)}</Notice>}
      {error && !isBusy && <Problem error={error} />}
      <div>
        <Button kind="main" type="submit" isBusy={isBusy}>
          {add}
        </Button>
      </div>
    </form>
  );
}

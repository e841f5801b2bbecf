import { useEffect, useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { Waiting } from '../../design/notice.tsx';
import { ConsoleLotsDocument } from '../../generated/graphql.ts';
import { useConsole } from './console-context.ts';
import { Heading } from './heading.tsx';
import type { ChosenLot } from './lot.ts';
import { Problem } from './problem.tsx';
import { addressOf, go, withQuery } from './router.ts';
import { useSettled } from './settled.ts';

const PAGE = 20;

/** The lot that is looked at, and the way to another one. */
export function LotButton({ lot }: { lot: ChosenLot | undefined }) {
  const { say } = useConsole();
  const [isOpen, setOpen] = useState(false);
  const choose = (code: string | null) => {
    setOpen(false);
    go(withQuery({ lot: code }));
  };
  return (
    <>
      <button type="button" class="lot-button" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <span class="heard">{say('lot')}: </span>
        <span class="lot-name">{lot?.name ?? say('allLots')}</span>
        <span aria-hidden="true">▾</span>
      </button>
      {isOpen && (
        <Dialog title={say('chooseLot')} onClose={() => setOpen(false)}>
          {lot !== undefined && <Button onClick={() => choose(null)}>{say('allLots')}</Button>}
          <LotList onChoose={choose} />
        </Dialog>
      )}
    </>
  );
}

/** Shown by a section that is about one lot while none is chosen; whoever serves a single lot is not asked. */
export function ChooseLot({ title }: { title: string }) {
  const { say } = useConsole();
  return (
    <>
      <Heading title={title} />
      <section class="card stack">
        <p>{say('chooseLotFirst')}</p>
        <LotList isOnlyTaken onChoose={(code) => go(withQuery({ lot: code }), { replace: true })} />
      </section>
    </>
  );
}

interface ListProps {
  readonly onChoose: (code: string) => void;
  /** Whether a lot is taken without asking where there is no other. */
  readonly isOnlyTaken?: boolean;
}

/** Lots by a part of their code, name or address, a page at a time: there may be a thousand. */
function LotList({ onChoose, isOnlyTaken = false }: ListProps) {
  const { say } = useConsole();
  const [typed, setTyped] = useState('');
  const text = useSettled(typed.trim(), 250);
  const [{ data, error, fetching }, again] = useAsk(ConsoleLotsDocument, {
    first: PAGE,
    text: text === '' ? null : text,
    after: null,
  });
  const lots = data?.servedLots.nodes ?? [];
  const only = isOnlyTaken && text === '' && data && !data.servedLots.pageInfo.hasNextPage && lots.length === 1;
  const onlyCode = only ? lots[0]?.code : undefined;
  useEffect(() => {
    if (onlyCode !== undefined) onChoose(onlyCode);
  }, [onlyCode]);
  return (
    <>
      <Field
        {...{ label: say('lotText'), type: 'search', value: typed }}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      {error && <Problem error={error} onRetry={again} />}
      {fetching && <Waiting label={say('loading')} />}
      {data && lots.length === 0 && <p class="quiet">{say(text === '' ? 'noLots' : 'noLotsFound')}</p>}
      <ul class="choices">
        {lots.map(({ code, name, address }) => (
          <li key={code}>
            <button type="button" onClick={() => onChoose(code)}>
              <strong>{name}</strong>
              <span class="quiet">
                {code} · {address}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {data?.servedLots.pageInfo.hasNextPage === true && (
        <p class="quiet">
          {say('moreLots')} <a href={addressOf(['lots'])}>{say('nav_lots')}</a>
        </p>
      )}
    </>
  );
}

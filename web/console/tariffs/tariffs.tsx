import { useState } from 'preact/hooks';
import { useAsk, useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatDayAndClock } from '../../format/time.ts';
import {
  ConsolePublishTariffDocument,
  ConsoleTariffsDocument,
  type ConsoleTariffFragment,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { Heading } from '../frame/heading.tsx';
import { useKept } from '../frame/kept.ts';
import { useLot } from '../frame/lot.ts';
import { Problem } from '../frame/problem.tsx';
import { Calculator } from './calculator.tsx';
import { Difference } from './difference.tsx';
import { draftOf, Editor, meantBy, type Draft } from './editor.tsx';
import { Mistakes, type TariffRefused } from './refused.tsx';
import type { TariffJson } from './simple.ts';
import { tell } from './texts.ts';

/** The prices of a lot: what is in force, what was, and a draft that can be tried before it is published. */
export default function Tariffs() {
  const lot = useLot();
  const [published, setPublished] = useState<number>();
  const [{ data, error }, again] = useAsk(ConsoleTariffsDocument, { lot: lot.id });
  const tariff = data?.lot?.tariff;
  return (
    <>
      <Heading title={tell('title')} />
      {published !== undefined && <Notice tone="good">{tell('published', { number: published })}</Notice>}
      {error && <Problem error={error} onRetry={again} />}
      {data === undefined && !error && <Waiting label={tell('loading')} />}
      {data?.lot && tariff && (
        <>
          <Drafting
            key={tariff.id}
            tariff={tariff}
            versions={data.lot.tariffs.nodes}
            onPublish={(number) => {
              setPublished(number);
              again();
            }}
          />
          <Versions versions={data.lot.tariffs.nodes} inForce={tariff.id} />
        </>
      )}
    </>
  );
}

interface DraftingProps {
  readonly tariff: ConsoleTariffFragment;
  readonly versions: readonly ConsoleTariffFragment[];
  readonly onPublish: (versionNumber: number) => void;
}

function Drafting({ tariff, versions, onPublish }: DraftingProps) {
  const { currency } = useLot();
  const [draft, setDraft] = useKept<Draft>(`tariff.${tariff.id}`, () => draftOf(tariff.document, currency));
  const [isAsked, setAsked] = useState(false);
  const meant = meantBy(draft, tariff.document, currency);
  const document = typeof meant === 'string' ? undefined : meant;
  return (
    <>
      <section class="card stack">
        <h2>{tell('draft')}</h2>
        <p class="quiet">{tell('draftOf', { number: tariff.versionNumber })}</p>
        <Editor {...{ draft, before: tariff.document }} onDraft={setDraft} />
        <div class="row-of">
          <Button kind="main" disabled={document === undefined} onClick={() => setAsked(true)}>
            {tell('publish')}
          </Button>
          <Button onClick={() => setDraft(draftOf(tariff.document, currency))}>{tell('startOver')}</Button>
        </div>
      </section>
      <div class="two">
        <Calculator document={document} />
        <Difference {...{ document, versions }} />
      </div>
      {isAsked && document && <Publish {...{ document, onPublish }} onClose={() => setAsked(false)} />}
    </>
  );
}

interface PublishProps {
  readonly document: TariffJson;
  readonly onPublish: (versionNumber: number) => void;
  readonly onClose: () => void;
}

function Publish({ document, onPublish, onClose }: PublishProps) {
  const { id: lotId } = useLot();
  const [refused, setRefused] = useState<TariffRefused>();
  const [{ fetching, error }, publish] = useDo(ConsolePublishTariffDocument);
  const confirm = async () => {
    const payload = (await publish({ input: { lotId, tariff: document } }))?.publishTariff;
    setRefused(payload?.userErrors[0]);
    if (payload?.tariff) onPublish(payload.tariff.versionNumber);
  };
  return (
    <Dialog title={tell('publishTitle')} onClose={onClose}>
      <p>{tell('publishSays')}</p>
      <Mistakes refused={refused} />
      {error && !fetching && <Problem error={error} />}
      <div class="row-of">
        <Button kind="main" isBusy={fetching} onClick={() => void confirm()}>
          {tell('publish')}
        </Button>
        <Button onClick={onClose}>{tell('goBack')}</Button>
      </div>
    </Dialog>
  );
}

function Versions({ versions, inForce }: { versions: readonly ConsoleTariffFragment[]; inForce: string }) {
  const { locale } = useConsole();
  const { timeZone } = useLot();
  return (
    <section class="card stack">
      <h2>{tell('versions')}</h2>
      <ul class="rows">
        {versions.map(({ id, versionNumber, publishedAt, document }) => (
          <li key={id}>
            <details>
              <summary>
                {tell('version', { number: versionNumber })} · {formatDayAndClock(publishedAt, { locale, timeZone })}{' '}
                {id === inForce && <span class="badge good">{tell('inForce')}</span>}
              </summary>
              <div
                class="table-frame"
                role="region"
                aria-label={tell('version', { number: versionNumber })}
                tabIndex={0}
              >
                <pre>{JSON.stringify(document, null, 2)}</pre>
              </div>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

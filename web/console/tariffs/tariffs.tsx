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
import type { TariffRefused } from './refused.tsx';
import type { TariffJson } from './simple.ts';
import { tell } from './texts.ts';
import './tariffs.css';

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
  const [refused, setRefused] = useState<TariffRefused>();
  const write = (changed: Draft) => {
    setRefused(undefined);
    setDraft(changed);
  };
  const meant = meantBy(draft, tariff.document, currency);
  const document = typeof meant === 'string' ? undefined : meant;
  return (
    <>
      <section class="card stack">
        <h2>{tell('draft')}</h2>
        <p class="quiet">{tell('draftOf', { number: tariff.versionNumber })}</p>
        <Editor {...{ draft, before: tariff.document, refused }} onDraft={write} />
        {refused && <Notice tone="bad">{tell('notPublished')}</Notice>}
        <div class="row-of">
          <Button kind="main" disabled={document === undefined} onClick={() => setAsked(true)}>
            {tell('publish')}
          </Button>
          <Button onClick={() => write(draftOf(tariff.document, currency))}>{tell('startOver')}</Button>
        </div>
      </section>
      <Calculator document={document} />
      <Difference {...{ document, versions }} />
      <Versions
        {...{ versions, inForce: tariff.id }}
        onTake={(version) => {
          write(draftOf(version.document, currency));
          scrollTo({ top: 0 });
        }}
      />
      {isAsked && document && (
        <Publish
          {...{ document, onPublish }}
          onRefuse={(why) => {
            setAsked(false);
            setRefused(why);
          }}
          onClose={() => setAsked(false)}
        />
      )}
    </>
  );
}

interface PublishProps {
  readonly document: TariffJson;
  readonly onPublish: (versionNumber: number) => void;
  readonly onRefuse: (refused: TariffRefused) => void;
  readonly onClose: () => void;
}

/** Asks once more. A tariff that is refused goes back to where it is written, with what is wrong at its place. */
function Publish({ document, onPublish, onRefuse, onClose }: PublishProps) {
  const { id: lotId } = useLot();
  const [{ fetching, error }, publish] = useDo(ConsolePublishTariffDocument);
  const confirm = async () => {
    const payload = (await publish({ input: { lotId, tariff: document } }))?.publishTariff;
    const refused = payload?.userErrors[0];
    if (refused) onRefuse(refused);
    if (payload?.tariff) onPublish(payload.tariff.versionNumber);
  };
  return (
    <Dialog title={tell('publishTitle')} onClose={onClose}>
      <p>{tell('publishSays')}</p>
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

interface VersionsProps {
  readonly versions: readonly ConsoleTariffFragment[];
  readonly inForce: string;
  readonly onTake: (version: ConsoleTariffFragment) => void;
}

/** What was published and when; each can be looked at and taken as the draft. */
function Versions({ versions, inForce, onTake }: VersionsProps) {
  const { locale } = useConsole();
  const { timeZone } = useLot();
  return (
    <section class="card stack">
      <h2>{tell('versions')}</h2>
      <ul class="rows">
        {versions.map((version) => {
          const { id, versionNumber, publishedAt, document } = version;
          const name = tell('version', { number: versionNumber });
          return (
            <li key={id}>
              <details>
                <summary>
                  {name} · {formatDayAndClock(publishedAt, { locale, timeZone })}{' '}
                  {id === inForce && <span class="badge good">{tell('inForce')}</span>}
                </summary>
                <div class="stack">
                  <div class="document" role="region" aria-label={name} tabIndex={0}>
                    <pre>{JSON.stringify(document, null, 2)}</pre>
                  </div>
                  <div>
                    <Button aria-label={`${tell('takeAsDraft')}: ${name}`} onClick={() => onTake(version)}>
                      {tell('takeAsDraft')}
                    </Button>
                  </div>
                </div>
              </details>
            </li>
          );
        })}
      </ul>
    </section>
  );
}

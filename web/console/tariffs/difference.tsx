import { useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Choice } from '../../design/field.tsx';
import { Waiting } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { formatDuration } from '../../format/time.ts';
import {
  ConsoleTariffDifferenceDocument,
  type ConsoleComparedStayFragment,
  type ConsoleTariffFragment,
  type TariffDifferenceInput,
} from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useLot } from '../frame/lot.ts';
import { Problem } from '../frame/problem.tsx';
import { Mistakes } from './refused.tsx';
import type { TariffJson } from './simple.ts';
import { tell } from './texts.ts';
import { localWhen } from './when.ts';

const AMOUNTS: ReadonlySet<string> = new Set(['old', 'new', 'change']);

interface Props {
  readonly document: TariffJson | undefined;
  readonly versions: readonly ConsoleTariffFragment[];
}

/** How the draft differs from a version: in what it says, and in what sample visits cost. */
export function Difference({ document, versions }: Props) {
  const { id: lotId } = useLot();
  const [from, setFrom] = useState(versions[0]?.id ?? '');
  const [asked, setAsked] = useState<TariffDifferenceInput>();
  const compare = (event: SubmitEvent) => {
    event.preventDefault();
    if (document !== undefined) setAsked({ lotId, fromTariffId: from, toDocument: document });
  };
  return (
    <section class="card stack">
      <h2>{tell('difference')}</h2>
      <form class="aligned" onSubmit={compare}>
        <Choice
          label={tell('compareWith')}
          value={from}
          options={versions.map(({ id, versionNumber }) => ({
            value: id,
            text: tell('version', { number: versionNumber }),
          }))}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <div class="act">
          <Button type="submit" disabled={document === undefined}>
            {tell('compare')}
          </Button>
        </div>
      </form>
      {asked && <Answer asked={asked} />}
    </section>
  );
}

function Answer({ asked }: { asked: TariffDifferenceInput }) {
  const [{ data, error, fetching }, again] = useAsk(ConsoleTariffDifferenceDocument, { input: asked });
  if (error) return <Problem error={error} onRetry={again} />;
  if (data === undefined || fetching) return <Waiting label={tell('loading')} />;
  const { difference, userErrors } = data.tariffDifference;
  if (!difference) return <Mistakes refused={userErrors[0]} />;
  const { fields, stays, rises, falls } = difference;
  if (fields.length + rises.length + falls.length === 0) return <p role="status">{tell('same')}</p>;
  return (
    <>
      <Effect stays={stays} />
      <ul class="changes">
        {fields.map(({ field, sentence }) => (
          <li key={field}>{sentence}</li>
        ))}
      </ul>
      {rises.length + falls.length > 0 && (
        <>
          <h3>{tell('mostChanged')}</h3>
          <Compared stays={[...rises, ...falls]} />
        </>
      )}
    </>
  );
}

interface Sample {
  readonly old: { readonly amountMinor: number };
  readonly difference: { readonly amountMinor: number };
}

/** What becomes of all sample visits: in a sentence, and as a bar of the dearer, the unchanged and the cheaper. */
function Effect({ stays }: { stays: readonly Sample[] }) {
  const { locale } = useConsole();
  const dearer = stays.filter(({ difference }) => difference.amountMinor > 0).length;
  const cheaper = stays.filter(({ difference }) => difference.amountMinor < 0).length;
  const same = stays.length - dearer - cheaper;
  const sum = (of: (stay: Sample) => number) => stays.reduce((total, stay) => total + of(stay), 0);
  const before = sum(({ old }) => old.amountMinor);
  const share = before === 0 ? undefined : sum(({ difference }) => difference.amountMinor) / before;
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'always' });
  const parts = [
    { tone: 'dearer', from: 0, count: dearer },
    { tone: 'same', from: dearer, count: same },
    { tone: 'cheaper', from: dearer + same, count: cheaper },
  ].filter(({ count }) => count > 0);
  const width = (count: number) => `${(count * 100) / (stays.length || 1)}%`;
  return (
    <>
      <p role="status">
        {tell('differenceSays', { count: stays.length, dearer, cheaper, same })}{' '}
        {share !== undefined && tell('differenceShare', { share: percent.format(share) })}
      </p>
      <svg class="change-bar" aria-hidden="true">
        {parts.map(({ tone, from, count }) => (
          <rect key={tone} class={tone} x={width(from)} width={width(count)} height="12" />
        ))}
      </svg>
    </>
  );
}

function Compared({ stays }: { stays: readonly ConsoleComparedStayFragment[] }) {
  const { locale } = useConsole();
  return (
    <div class="table-frame" role="region" aria-label={tell('mostChanged')} tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            {(['arrival', 'length', 'old', 'new', 'change'] as const).map((column) => (
              <th key={column} scope="col" class={AMOUNTS.has(column) ? 'number' : undefined}>
                {tell(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stays.map(({ arrival, minutes, old, new: fresh, difference }) => (
            <tr key={`${arrival} ${minutes}`}>
              <td>{localWhen(arrival, locale)}</td>
              <td>{formatDuration(minutes * 60_000, locale)}</td>
              <td class="number">{formatAmount(old, locale)}</td>
              <td class="number">{formatAmount(fresh, locale)}</td>
              <td class="number">
                {difference.amountMinor > 0 ? '+' : ''}
                {formatAmount(difference, locale)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

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
      <form class="stack narrow" onSubmit={compare}>
        <Choice
          label={tell('compareWith')}
          value={from}
          options={versions.map(({ id, versionNumber }) => ({ value: id, text: String(versionNumber) }))}
          onChange={({ currentTarget }) => setFrom(currentTarget.value)}
        />
        <div>
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
  const { fields, rises, falls, unchanged } = difference;
  if (fields.length + rises.length + falls.length === 0) return <p role="status">{tell('same')}</p>;
  return (
    <>
      <p role="status">{tell('differenceSays', { rises: rises.length, falls: falls.length, unchanged })}</p>
      <ul>
        {fields.map(({ field, sentence }) => (
          <li key={field}>{sentence}</li>
        ))}
      </ul>
      {rises.length + falls.length > 0 && <Compared stays={[...rises, ...falls]} />}
    </>
  );
}

function Compared({ stays }: { stays: readonly ConsoleComparedStayFragment[] }) {
  const { locale } = useConsole();
  return (
    <div class="table-frame" role="region" aria-label={tell('difference')} tabIndex={0}>
      <table class="table">
        <thead>
          <tr>
            {(['arrival', 'length', 'old', 'new', 'change'] as const).map((column) => (
              <th key={column} scope="col">
                {tell(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {stays.map(({ arrival, minutes, old, new: fresh, difference }) => (
            <tr key={`${arrival} ${minutes}`}>
              <td>{arrival.replace('T', ' ')}</td>
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

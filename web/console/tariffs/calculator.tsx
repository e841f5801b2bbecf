import { useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Choice, Field } from '../../design/field.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { fromLocalField, toLocalField } from '../../format/time.ts';
import { ConsolePriceForDocument, type PriceForInput, type SpotType } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useKept } from '../frame/kept.ts';
import { useLot } from '../frame/lot.ts';
import { nowMs } from '../../data/now.ts';
import { Problem } from '../frame/problem.tsx';
import { Mistakes } from './refused.tsx';
import type { TariffJson } from './simple.ts';
import { tell } from './texts.ts';
import { localSpan } from './when.ts';

const HOUR_MS = 3_600_000;
const SPOT_TYPES = [
  'STANDARD',
  'COMPACT',
  'LARGE',
  'EV',
  'ACCESSIBLE',
  'MOTORCYCLE',
  'BUS',
] as const satisfies readonly SpotType[];

/** "Price for …": what a visit would cost by the draft, line by line. */
export function Calculator({ document }: { document: TariffJson | undefined }) {
  const { say } = useConsole();
  const { id: lotId, timeZone } = useLot();
  const hour = Math.ceil(nowMs() / HOUR_MS) * HOUR_MS;
  const [from, setFrom] = useKept('price.from', () => toLocalField(new Date(hour), timeZone));
  const [until, setUntil] = useKept('price.until', () => toLocalField(new Date(hour + 3 * HOUR_MS), timeZone));
  const [spotType, setSpotType] = useKept<SpotType>('price.type', () => 'STANDARD');
  const [asked, setAsked] = useState<PriceForInput>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const [startsAt, endsAt] = [fromLocalField(from, timeZone), fromLocalField(until, timeZone)];
    if (!startsAt || !endsAt || document === undefined) return;
    setAsked({ lotId, document, spotType, period: { startsAt: startsAt.toISOString(), endsAt: endsAt.toISOString() } });
  };
  return (
    <section class="card stack">
      <h2>{tell('calculator')}</h2>
      <form class="stack" onSubmit={submit}>
        <div class="aligned">
          <Field
            {...{ label: tell('from'), type: 'datetime-local', value: from, required: true }}
            onInput={({ currentTarget }) => setFrom(currentTarget.value)}
          />
          <Field
            {...{ label: tell('until'), type: 'datetime-local', value: until, required: true }}
            onInput={({ currentTarget }) => setUntil(currentTarget.value)}
          />
          <Choice
            label={tell('spotType')}
            value={spotType}
            options={SPOT_TYPES.map((value) => ({ value, text: say(`spot_${value}`) }))}
            onChange={({ currentTarget }) => setSpotType(currentTarget.value as SpotType)}
          />
          <div class="act">
            <Button type="submit" disabled={document === undefined}>
              {tell('calculate')}
            </Button>
          </div>
        </div>
      </form>
      {asked && <Answer asked={asked} />}
    </section>
  );
}

function Answer({ asked }: { asked: PriceForInput }) {
  const { locale } = useConsole();
  const [{ data, error, fetching }, again] = useAsk(ConsolePriceForDocument, { input: asked });
  if (error) return <Problem error={error} onRetry={again} />;
  if (data === undefined || fetching) return <Waiting label={tell('loading')} />;
  const { result, userErrors } = data.priceFor;
  if (!result) return <Mistakes refused={userErrors[0]} />;
  return (
    <>
      <p role="status" class="big">
        <span class="heard">{tell('total')}: </span>
        {formatAmount(result.price.total, locale)}
      </p>
      {result.warnings.map((warning) => (
        <Notice key={warning} tone="warn">
          {warning}
        </Notice>
      ))}
      <div class="table-frame" role="region" aria-label={tell('calculator')} tabIndex={0}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{tell('when')}</th>
              <th scope="col">{tell('line')}</th>
              <th scope="col" class="number">
                {tell('amount')}
              </th>
            </tr>
          </thead>
          <tbody>
            {result.price.lines.map(({ localFrom, localTo, description, amount }, at) => (
              <tr key={at}>
                <td>{localSpan(localFrom, localTo, locale)}</td>
                <td>{description}</td>
                <td class="number">{formatAmount(amount, locale)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={2}>
                {tell('total')}
              </th>
              <td class="number">
                <strong>{formatAmount(result.price.total, locale)}</strong>
              </td>
            </tr>
          </tfoot>
        </table>
      </div>
    </>
  );
}

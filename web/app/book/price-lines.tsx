import type { AppPriceFragment } from '../../generated/graphql.ts';
import { formatAmount } from '../../format/money.ts';
import { useApp, type AppKey } from '../frame/app-context.ts';

/** A price line by line, with the clock of the lot, the tax and the sum. */
export function PriceLines({ price }: { price: AppPriceFragment }) {
  const { say, locale } = useApp();
  return (
    <table class="table lines">
      <caption class="heard">{say('priceLines')}</caption>
      <tbody>
        {price.lines.map((line, index) => (
          <tr key={index}>
            <th scope="row">
              {say(`rule_${line.rule}` as AppKey)}
              <small>{locale === 'en' ? line.description : ''}</small>
              {line.rule === 'BLOCK' && <small>{localSpan(line.localFrom, line.localTo, locale)}</small>}
            </th>
            <td class="number">{formatAmount(line.amount, locale)}</td>
          </tr>
        ))}
        <tr class="sum">
          <th scope="row">{say('total')}</th>
          <td class="number">{formatAmount(price.total, locale)}</td>
        </tr>
        {price.taxPercent != null && (
          <tr class="quiet">
            <th scope="row">{say('taxIncluded', { percent: price.taxPercent })}</th>
            <td class="number">{formatAmount(price.tax, locale)}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

/** The lot's own clock comes without an offset, so it is written as it is. */
function localSpan(from: string, to: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    ...{ weekday: 'short', hour: '2-digit', minute: '2-digit', timeZone: 'UTC' },
  }).formatRange(new Date(`${from}Z`), new Date(`${to}Z`));
}

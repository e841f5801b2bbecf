import { useAsk } from '../../data/ask.ts';
import { Notice } from '../../design/notice.tsx';
import { AppDebtsDocument } from '../../generated/graphql.ts';
import { formatAmount } from '../../format/money.ts';
import { formatDayAndClock } from '../../format/time.ts';
import { useApp } from '../frame/app-context.ts';

/** What was left owing, each with the page on which it is paid. Nothing is shown when nothing is owed. */
export function Debts() {
  const { say, locale } = useApp();
  const [{ data }] = useAsk(AppDebtsDocument, {});
  return (
    <>
      {data?.debts.nodes.map(({ id, lot, left, payUrl, createdAt }) => (
        <Notice
          key={id}
          tone="warn"
          actions={
            payUrl != null && (
              <a class="button" href={payUrl}>
                {say('payNow', { amount: formatAmount(left, locale) })}
              </a>
            )
          }
        >
          {say('owed', { lot: lot.name, time: formatDayAndClock(createdAt, { locale, timeZone: lot.timeZone }) })}
        </Notice>
      ))}
    </>
  );
}

import { useAsk } from '../../data/ask.ts';
import { Waiting } from '../../design/notice.tsx';
import { ConsoleOffersDocument } from '../../generated/graphql.ts';
import { Heading } from '../frame/heading.tsx';
import { useLot } from '../frame/lot.ts';
import { Problem } from '../frame/problem.tsx';
import { Merchants } from './merchants.tsx';
import { MonthlyPasses } from './monthly-passes.tsx';
import { PromoCodes } from './promo-codes.tsx';
import { tell } from './texts.ts';
import '../devices/devices.css';
import '../tariffs/tariffs.css';

/** What makes parking at a lot cheaper: monthly passes, promo codes, and merchants who take a part of it over. */
export default function OffersOfLot() {
  const { id: lot } = useLot();
  const [{ data, error }, again] = useAsk(ConsoleOffersDocument, { lot });
  return (
    <>
      <Heading title={tell('title')} />
      {error && <Problem error={error} onRetry={again} />}
      {data === undefined && !error && <Waiting label={tell('loading')} />}
      {data && (
        <>
          <MonthlyPasses products={data.monthlyPassProducts} sold={data.lotMonthlyPasses.nodes} onChange={again} />
          <PromoCodes codes={data.promoCodes.nodes} onChange={again} />
          <Merchants merchants={data.merchants.nodes} onChange={again} />
        </>
      )}
    </>
  );
}

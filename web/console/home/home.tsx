import { useEffect, useMemo } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { ConsoleHomeDocument, ConsoleLotHomeDocument, type LotTodayFragment } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { useAgainWhenBack } from '../frame/connection.ts';
import { todayAt } from '../frame/days.ts';
import { Heading } from '../frame/heading.tsx';
import { useLotOrNone } from '../frame/lot.ts';
import { More } from '../frame/pages.tsx';
import { Problem } from '../frame/problem.tsx';
import { addressOf } from '../frame/router.ts';
import { usePages } from '../frame/use-pages.ts';
import { Compared, Figures } from './figures.tsx';
import { useCounts, useCountsInSight, type Counts } from './live-counts.ts';
import { ByType, Occupancy } from './occupancy.tsx';

const LOTS_PAGE = 24;
const LOOK_AGAIN_MS = 20_000;

/** The first screen: the day of all lots, or of the one that is chosen. */
export default function Home() {
  const lot = useLotOrNone();
  return lot === undefined ? <AllLots /> : <OneLot code={lot.code} />;
}

function AllLots() {
  const { say, isOperator } = useConsole();
  const pages = usePages<LotTodayFragment>('home');
  const [{ data, error, fetching }, again] = useAsk(ConsoleHomeDocument, {
    isOperator,
    first: LOTS_PAGE,
    after: pages.after,
  });
  useEvery(LOOK_AGAIN_MS, again);
  useAgainWhenBack(again);
  const lots = pages.rows(data?.servedLots);
  const { list, counts } = useCountsInSight(lots.map(({ id }) => id));
  return (
    <>
      <Heading title={say('nav_home')}>
        {fetching && data !== undefined && <span class="heard">{say('loading')}</span>}
      </Heading>
      {error && <Problem error={error} onRetry={again} />}
      {data === undefined && !error && <Waiting label={say('loading')} />}
      {data && data.overview.lots === 0 && <Notice tone="warn">{say('noLots')}</Notice>}
      {data && data.overview.lots > 0 && (
        <>
          <Figures day={data.overview} />
          <section class="card stack" aria-label={say('byType')}>
            <h2>{say('byType')}</h2>
            <ByType counts={data.overview.byType} />
          </section>
          <section class="stack">
            <h2>{say('lotsNow')}</h2>
            <ul class="lots" ref={list}>
              {lots.map((lot) => (
                <LotCard key={lot.id} lot={lot} counts={counts.get(lot.id) ?? lot.availability} />
              ))}
            </ul>
            <More
              hasMore={data.servedLots.pageInfo.hasNextPage}
              isBusy={fetching}
              shown={lots.length}
              onMore={() => pages.onMore(data.servedLots)}
            />
          </section>
        </>
      )}
    </>
  );
}

/** Drawn again only when its own figures changed: there may be a thousand of them. */
function LotCard({ lot, counts }: { lot: LotTodayFragment; counts: Counts }) {
  return useMemo(() => <DrawnCard {...{ lot, counts }} />, [lot, counts]);
}

function DrawnCard({ lot, counts }: { lot: LotTodayFragment; counts: Counts }) {
  const { say, locale } = useConsole();
  const { today, takings } = lot;
  return (
    <li class="card lot-card" data-lot={lot.id}>
      <h3>
        <a href={addressOf([], { lot: lot.code })}>{lot.name}</a>
        {lot.state !== 'OPEN' && <span class="badge warn">{say('lotClosed')}</span>}
      </h3>
      <Occupancy name={say('occupied')} total={counts.total} free={counts.free} />
      <dl class="inline-facts">
        <div>
          <dt>{say('arrivalsSoon')}</dt>
          <dd>{today.arrivalsSoon}</dd>
        </div>
        <div>
          <dt>{say('noShows')}</dt>
          <dd>{today.noShows}</dd>
        </div>
        <div class={today.urgentIncidents > 0 ? 'bad-ink' : ''}>
          <dt>{say('openIncidents')}</dt>
          <dd>
            {today.openIncidents > 0 ? (
              <a href={addressOf(['lanes'], { lot: lot.code })}>{today.openIncidents}</a>
            ) : (
              today.openIncidents
            )}
          </dd>
        </div>
        {takings && (
          <div>
            <dt>{say('takenToday')}</dt>
            <dd>
              {formatAmount(takings.today, locale)}
              <span class="quiet small">
                <Compared now={takings.today} weekBefore={takings.weekBefore} />
              </span>
            </dd>
          </div>
        )}
      </dl>
    </li>
  );
}

function OneLot({ code }: { code: string }) {
  const { say, isOperator } = useConsole();
  const [{ data, error }, again] = useAsk(ConsoleLotHomeDocument, { isOperator, code });
  useEvery(LOOK_AGAIN_MS, again);
  useAgainWhenBack(again);
  const lot = data?.lot;
  const counts = useCounts(lot ? [lot.id] : []).get(lot?.id ?? '') ?? lot?.availability;
  return (
    <>
      <Heading title={lot?.name ?? say('nav_home')} />
      {error && <Problem error={error} onRetry={again} />}
      {data === undefined && !error && <Waiting label={say('loading')} />}
      {lot && counts && (
        <>
          <Figures
            day={{
              ...lot.today,
              ...{ spotsTotal: counts.total, spotsFree: counts.free, byType: counts.byType },
              ...(lot.takings ? { takings: [lot.takings] } : {}),
            }}
            today={todayAt(lot.timeZone)}
          />
          <section class="card stack">
            <h2>{say('byType')}</h2>
            <ByType counts={counts.byType} />
          </section>
        </>
      )}
    </>
  );
}

/** Does something every so often while the page is looked at. */
function useEvery(everyMs: number, act: () => void): void {
  useEffect(() => {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') act();
    }, everyMs);
    return () => clearInterval(timer);
  });
}

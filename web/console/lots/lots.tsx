import { useMemo, useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { Field } from '../../design/field.tsx';
import { Waiting } from '../../design/notice.tsx';
import { ConsoleLotListDocument, type ConsoleLotListQuery } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { Heading } from '../frame/heading.tsx';
import { useLotOrNone } from '../frame/lot.ts';
import { More } from '../frame/pages.tsx';
import { Problem } from '../frame/problem.tsx';
import { addressOf } from '../frame/router.ts';
import { useSettled } from '../frame/settled.ts';
import { usePages } from '../frame/use-pages.ts';
import { useCountsInSight, type Counts } from '../home/live-counts.ts';
import { Occupancy } from '../home/occupancy.tsx';
import { Plan } from './plan.tsx';

const PAGE = 50;

/** The plan of the lot that is chosen; without one, all lots to choose from. */
export default function Lots() {
  const lot = useLotOrNone();
  return lot === undefined ? <LotList /> : <Plan key={lot.id} lot={lot} />;
}

type ListedLot = ConsoleLotListQuery['servedLots']['nodes'][number];

function LotList() {
  const { say } = useConsole();
  const [typed, setTyped] = useState('');
  const text = useSettled(typed.trim(), 250);
  const pages = usePages<ListedLot>(text);
  const asked = { first: PAGE, text: text === '' ? null : text, after: pages.after };
  const [{ data, error, fetching }, again] = useAsk(ConsoleLotListDocument, asked);
  const lots = pages.rows(data?.servedLots);
  const { list, counts } = useCountsInSight(lots.map(({ id }) => id));
  return (
    <>
      <Heading title={say('nav_lots')} />
      <div class="narrow">
        <Field
          {...{ label: say('lotText'), type: 'search', value: typed }}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      </div>
      {error && <Problem error={error} onRetry={again} />}
      {fetching && <Waiting label={say('loading')} />}
      {data && lots.length === 0 && <p class="quiet">{say(text === '' ? 'noLots' : 'noLotsFound')}</p>}
      <ul class="rows" ref={list}>
        {lots.map((lot) => (
          <LotRow key={lot.id} lot={lot} counts={counts.get(lot.id) ?? lot.availability} />
        ))}
      </ul>
      <More
        hasMore={data?.servedLots.pageInfo.hasNextPage === true}
        isBusy={fetching}
        shown={lots.length}
        onMore={() => pages.onMore(data?.servedLots)}
      />
    </>
  );
}

/** Drawn again only when its own figures changed: there may be a thousand of them. */
function LotRow({ lot, counts }: { lot: ListedLot; counts: Counts }) {
  return useMemo(() => <DrawnRow {...{ lot, counts }} />, [lot, counts]);
}

function DrawnRow({ lot, counts }: { lot: ListedLot; counts: Counts }) {
  const { say } = useConsole();
  return (
    <li class="card lot-row" data-lot={lot.id}>
      <div>
        <a href={addressOf(['lots'], { lot: lot.code })}>{lot.name}</a>
        {lot.state !== 'OPEN' && <span class="badge warn">{say('lotClosed')}</span>}
        <p class="quiet small">
          {lot.code} · {lot.address}
        </p>
      </div>
      <Occupancy name={say('occupied')} {...counts} />
    </li>
  );
}

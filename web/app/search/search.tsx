import { useState } from 'preact/hooks';
import { useAsk, useLive } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { AppFreeDocument, AppLotsDocument, type AppLotsQuery, type SpotType } from '../../generated/graphql.ts';
import { useTrip } from '../book/trip.ts';
import { useApp } from '../frame/app-context.ts';
import { Heading } from '../frame/heading.tsx';
import { useKept } from '../frame/kept.ts';
import { Problem } from '../frame/problem.tsx';
import { useSettled } from '../frame/settled.ts';
import { Filters, type Wish } from './filters.tsx';
import { LotCard } from './lot-card.tsx';
import { LotMap } from './lot-map.tsx';

export type FoundLot = AppLotsQuery['lots']['edges'][number];

const PAGE = 25;
/** A subscription takes at most this many lots. */
const MOST_LIVE = 50;
/** How long typing has to pause before it is asked for. */
const TYPING_MS = 250;
const LONGEST_TEXT = 100;

/** Which type of spot a vehicle of this kind always needs, so that the price in the list is the one that will be asked for. */
const TYPES_OF: Partial<Record<string, SpotType>> = {
  MOTORCYCLE: 'MOTORCYCLE',
  VAN: 'LARGE',
  BUS: 'BUS',
  TRUCK: 'BUS',
};

/** Finds a lot: a list first, a map beside it for who would rather look. */
export function Search() {
  const { say } = useApp();
  const [trip, change] = useTrip();
  const [wish, setWish] = useKept<Wish>('wish', () => ({ text: '', near: undefined }));
  const [first, setFirst] = useState(PAGE);
  const [isMapShown, setMapShown] = useKept('map', () => false);
  const isInOrder = trip.startsAt < trip.endsAt;
  const spotType = trip.spotType ?? TYPES_OF[trip.vehicleClass];
  const text = useSettled(wish.text.trim().slice(0, LONGEST_TEXT), TYPING_MS);
  const asked = {
    first,
    radiusMeters: 50_000,
    period: { startsAt: trip.startsAt, endsAt: trip.endsAt },
    ...(wish.near ? { near: wish.near } : {}),
    ...(spotType ? { spotType } : {}),
    ...(text === '' ? {} : { text }),
    ...(trip.heightCm == null ? {} : { heightCm: trip.heightCm }),
  };
  const [{ data, fetching, error }, again] = useAsk(AppLotsDocument, asked, !isInOrder);
  const edges = data?.lots.edges ?? [];
  const found = edges.filter(({ node }) => isMeant(wish.text, node));
  const free = useFreeNow(found);
  return (
    <>
      <Heading title={say('searchTitle')} />
      <div class="search">
        <Filters trip={trip} change={change} wish={wish} setWish={setWish} />
        <section class="stack" aria-label={say('results')}>
          <div class="row-of spread">
            <p role="status" class="quiet">
              {data ? say('found', { count: found.length }) : ''}
            </p>
            <Button aria-pressed={isMapShown} onClick={() => setMapShown(!isMapShown)}>
              {say('map')}
            </Button>
          </div>
          {fetching && !data && <Waiting label={say('searching')} />}
          {error && <Problem error={error} onRetry={again} />}
          {data && found.length === 0 && <NothingFound isNear={wish.near !== undefined} />}
          {isMapShown && found.length > 0 && <LotMap lots={found} near={wish.near} />}
          <ul class="list">
            {found.map((lot) => (
              <LotCard key={lot.node.id} lot={lot} period={trip} freeNow={free.get(lot.node.id)} />
            ))}
          </ul>
          {data?.lots.pageInfo.hasNextPage && (
            <Button isBusy={fetching} onClick={() => setFirst(Math.min(100, first + PAGE))} disabled={first >= 100}>
              {say('more')}
            </Button>
          )}
        </section>
      </div>
    </>
  );
}

function NothingFound({ isNear }: { isNear: boolean }) {
  const { say } = useApp();
  return <Notice tone="warn">{say(isNear ? 'nothingNear' : 'nothingFound')}</Notice>;
}

/** While the answer to what is typed is under way, the one before is narrowed by it. */
function isMeant(text: string, { name, address, code }: FoundLot['node']): boolean {
  const said = `${name} ${address} ${code}`.toLocaleLowerCase();
  return text
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => said.includes(word));
}

/** How many spots each lot has free at this moment, as the boards say. */
function useFreeNow(lots: readonly FoundLot[]): ReadonlyMap<string, number> {
  const [counts] = useState(() => new Map<string, number>());
  const lotIds = lots.slice(0, MOST_LIVE).map(({ node }) => node.id);
  const news = useLive(AppFreeDocument, { lotIds }, lotIds.length === 0)?.availability;
  if (news) counts.set(news.lotId, news.free);
  return counts;
}

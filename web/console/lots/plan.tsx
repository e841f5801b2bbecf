import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { useConsole } from '../frame/console-context.ts';
import { Heading } from '../frame/heading.tsx';
import type { ChosenLot } from '../frame/lot.ts';
import { addressOf, usePlace, withQuery } from '../frame/router.ts';
import { useSettled } from '../frame/settled.ts';
import { useCounts } from '../home/live-counts.ts';
import { Occupancy } from '../home/occupancy.tsx';
import type { SpotState } from '../../generated/graphql.ts';
import { SpotDialog } from './spot-dialog.tsx';
import { SpotPage, type PlanSpot } from './spot-page.tsx';
import { MARKS, MarkSwatch, STATES, Swatch, type Mark } from './states.tsx';

/** So many pages are read without asking; a larger level is read on by hand. */
const PAGES_AT_ONCE = 3;
/** A burst at the gates is drawn once. */
const SETTLE_MS = 400;

/** A lot's levels and spots, drawn, in the colours of the moment. */
export function Plan({ lot }: { lot: ChosenLot }) {
  const { say } = useConsole();
  const { query } = usePlace();
  const level = lot.levels.find(({ id }) => id === query.get('level')) ?? lot.levels[0];
  const counts = useCounts([lot.id]).get(lot.id);
  const version = useSettled(counts?.version ?? 0, SETTLE_MS);
  return (
    <>
      <Heading title={lot.name}>
        {counts !== undefined && <span class="badge good">{say('liveOn')}</span>}
        <a class="button" href={addressOf(['lots'], { lot: null })}>
          {say('allLots')}
        </a>
      </Heading>
      {counts && <Occupancy name={say('occupied')} total={counts.total} free={counts.free} />}
      {level === undefined ? (
        <p class="card">{say('noLevels')}</p>
      ) : (
        <>
          {lot.levels.length > 1 && (
            <nav class="tabs" aria-label={say('levels')}>
              {lot.levels.map(({ id, name }) => (
                <a key={id} href={withQuery({ level: id })} aria-current={id === level.id ? 'page' : undefined}>
                  {name}
                </a>
              ))}
            </nav>
          )}
          <LevelPlan key={level.id} {...{ lot, version }} levelId={level.id} levelName={level.name} />
        </>
      )}
    </>
  );
}

interface LevelProps {
  readonly lot: ChosenLot;
  readonly levelId: string;
  readonly levelName: string;
  readonly version: number;
}

/** What is known of one page of spots: how many stand in each state, and where the next page begins. */
export interface PageKnown {
  readonly counts: Readonly<Record<SpotState, number>>;
  /** What else is to be seen on one of them. */
  readonly marks: ReadonlySet<Mark>;
  readonly next: string | null;
}

function LevelPlan({ lot, levelId, levelName, version }: LevelProps) {
  const { say } = useConsole();
  const [pages, setPages] = useState<readonly (PageKnown | undefined)[]>([]);
  const [most, setMost] = useState(PAGES_AT_ONCE);
  const [spot, setSpot] = useState<PlanSpot>();
  const [changed, setChanged] = useState(0);
  const cursors = [null, ...pages.flatMap((page) => page?.next ?? [])].slice(0, most);
  const hasMore = pages.length >= most && pages[most - 1]?.next != null;
  const sum = (state: SpotState) => pages.reduce((total, page) => total + (page?.counts[state] ?? 0), 0);
  const all = STATES.reduce((total, state) => total + sum(state), 0);
  useEffect(() => setMost(PAGES_AT_ONCE), [levelId]);
  return (
    <section class="card stack plan" aria-label={say('planOf', { name: levelName })}>
      <ul class="legend" aria-label={say('legend')}>
        {STATES.map((state) => (
          <li key={state}>
            <Swatch state={state} />
            {say(`state_${state}`)} <strong>{sum(state)}</strong>
          </li>
        ))}
        {MARKS.filter((mark) => pages.some((page) => page?.marks.has(mark))).map((mark) => (
          <li key={mark}>
            <MarkSwatch mark={mark} />
            {say(mark)}
          </li>
        ))}
      </ul>
      <p class="quiet small">{say('planKeys')}</p>
      {cursors.map((after, index) => (
        <SpotPage
          key={after ?? ''}
          {...{ lotId: lot.id, levelId, after, index }}
          version={version + changed}
          onKnown={(known) => setPages((before) => replaced(before, index, known))}
          onOpen={setSpot}
        />
      ))}
      {pages[0] !== undefined && all === 0 && <p>{say('noSpots')}</p>}
      {hasMore && <Button onClick={() => setMost(most + PAGES_AT_ONCE)}>{say('more')}</Button>}
      {spot && (
        <SpotDialog
          {...{ lot, spot }}
          onClose={() => setSpot(undefined)}
          onChanged={() => setChanged((times) => times + 1)}
        />
      )}
    </section>
  );
}

function replaced<T>(list: readonly T[], index: number, value: T): readonly T[] {
  const copy = [...list];
  copy[index] = value;
  return copy;
}

import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useAsk } from '../../data/ask.ts';
import { Waiting } from '../../design/notice.tsx';
import { ConsoleSpotsDocument, type ConsoleSpotsQuery, type SpotState } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { Problem } from '../frame/problem.tsx';
import type { PageKnown } from './plan.tsx';
import { StateMark, type Mark } from './states.tsx';

export type PlanSpot = NonNullable<ConsoleSpotsQuery['lot']>['spots']['nodes'][number];

const PAGE = 100;
const WIDTH = 58;
const HEIGHT = 48;
const GAP = 4;
/** Between two rows that face each other. */
const AISLE = 34;
const MARKS: Readonly<Record<string, string>> = {
  EV: 'E',
  ACCESSIBLE: 'A',
  MOTORCYCLE: 'M',
  LARGE: 'L',
  BUS: 'B',
  COMPACT: 'C',
};

interface Props {
  readonly lotId: string;
  readonly levelId: string;
  readonly after: string | null;
  readonly index: number;
  /** Grows with each change of the lot: then the page is read again. */
  readonly version: number;
  readonly onKnown: (known: PageKnown) => void;
  readonly onOpen: (spot: PlanSpot) => void;
}

/** A hundred spots in rows along aisles. One of them takes the focus; arrows move it. */
export function SpotPage({ lotId, levelId, after, index, version, onKnown, onOpen }: Props) {
  const { say } = useConsole();
  const [{ data, error, fetching }, again] = useAsk(ConsoleSpotsDocument, {
    lot: lotId,
    level: levelId,
    first: PAGE,
    after,
  });
  const page = data?.lot?.spots;
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) again();
    isFirst.current = false;
  }, [version]);
  useEffect(() => {
    if (page)
      onKnown({
        counts: countsOf(page.nodes),
        marks: new Set(page.nodes.flatMap(marksOf)),
        next: page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null,
      });
  }, [page]);
  return (
    <>
      {error && <Problem error={error} onRetry={again} />}
      {fetching && page === undefined && <Waiting label={say('loading')} />}
      {page && page.nodes.length > 0 && <Drawing spots={page.nodes} isEntrance={index === 0} onOpen={onOpen} />}
    </>
  );
}

function marksOf({ override, sensors }: PlanSpot): Mark[] {
  return [
    override ? ('overridden' as const) : [],
    sensors.some(({ isSilent }) => isSilent) ? ('sensorSilent' as const) : [],
  ].flat();
}

function countsOf(spots: readonly PlanSpot[]): Record<SpotState, number> {
  const counts = { FREE: 0, RESERVED: 0, OCCUPIED: 0, OUT_OF_SERVICE: 0 };
  for (const { state } of spots) if (state) counts[state] += 1;
  return counts;
}

interface DrawingProps {
  readonly spots: readonly PlanSpot[];
  readonly isEntrance: boolean;
  readonly onOpen: (spot: PlanSpot) => void;
}

function Drawing({ spots, isEntrance, onOpen }: DrawingProps) {
  const { say } = useConsole();
  const [frame, columns] = useColumns();
  const [focused, setFocused] = useState(0);
  const rows = Math.ceil(spots.length / columns);
  const height = yOf(rows - 1) + HEIGHT + GAP;
  const move = (event: KeyboardEvent) => {
    const to = neighbour(event.key, { at: focused, columns, count: spots.length });
    const spot =
      to === undefined
        ? beyond(frame.current, event.key)
        : frame.current?.querySelector<SVGGElement>(`[data-at="${to}"]`);
    if (!spot) return;
    event.preventDefault();
    spot.focus();
  };
  const width = columns * (WIDTH + GAP) + GAP;
  return (
    <div ref={frame} class="drawing" onKeyDown={move}>
      {isEntrance && <p class="entrance small">→ {say('entrance')}</p>}
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={say('plan')}>
        {Array.from({ length: Math.floor(rows / 2) }, (_, pair) => (
          <path key={pair} class="aisle" d={`M${GAP} ${yOf(pair * 2) + HEIGHT + AISLE / 2}H${width - GAP}`} />
        ))}
        {spots.map((spot, at) => (
          <Spot
            key={spot.id}
            {...{ spot, at, isFocused: at === Math.min(focused, spots.length - 1) }}
            x={(at % columns) * (WIDTH + GAP) + GAP}
            y={yOf(Math.floor(at / columns))}
            onFocus={() => setFocused(at)}
            onOpen={() => onOpen(spot)}
          />
        ))}
        {/* Beside the buttons, not in them: the sign of a type is said in their names. */}
        {spots.map(({ id, spotType }, at) => (
          <text
            key={id}
            class="kind"
            x={(at % columns) * (WIDTH + GAP) + GAP + WIDTH - 5}
            y={yOf(Math.floor(at / columns)) + HEIGHT - 6}
            text-anchor="end"
            aria-hidden="true"
          >
            {MARKS[spotType] ?? ''}
          </text>
        ))}
      </svg>
    </div>
  );
}

/** Rows stand back to back in pairs, an aisle between the two that face each other. */
function yOf(row: number): number {
  return GAP + row * (HEIGHT + GAP) + Math.ceil(row / 2) * AISLE;
}

interface SpotProps {
  readonly spot: PlanSpot;
  readonly at: number;
  readonly x: number;
  readonly y: number;
  readonly isFocused: boolean;
  readonly onFocus: () => void;
  readonly onOpen: () => void;
}

function Spot({ spot, at, x, y, isFocused, onFocus, onOpen }: SpotProps) {
  const { say } = useConsole();
  const { label, spotType } = spot;
  const state = spot.state ?? 'FREE';
  const marks = marksOf(spot);
  const plain = say('spotLabel', { label, type: say(`spot_${spotType}`), state: say(`state_${state}`) });
  const name = marks.reduce((said, mark) => say('spotSays', { name: said, more: say(mark) }), plain);
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onOpen();
  };
  return (
    <g
      class={`spot ${state}`}
      transform={`translate(${x} ${y})`}
      role="button"
      tabIndex={isFocused ? 0 : -1}
      aria-label={name}
      data-at={at}
      onFocus={onFocus}
      onClick={onOpen}
      onKeyDown={press}
    >
      <rect class="ground" width={WIDTH} height={HEIGHT} rx="5" />
      <StateMark state={state} width={WIDTH} height={HEIGHT} />
      {marks.includes('overridden') && <path class="said" d={`M${WIDTH - 14} 0h9a5 5 0 0 1 5 5v9z`} />}
      {marks.includes('sensorSilent') && <circle class="silent" cx="9" cy={HEIGHT - 10} r="4" />}
      <text x={5} y={17}>
        {label}
      </text>
    </g>
  );
}

function neighbour(
  key: string,
  { at, columns, count }: { at: number; columns: number; count: number },
): number | undefined {
  const steps: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    ArrowUp: -columns,
    ArrowDown: columns,
  };
  const to = key === 'Home' ? 0 : key === 'End' ? count - 1 : at + (steps[key] ?? Number.NaN);
  return to >= 0 && to < count ? to : undefined;
}

/** Over the end of a page of spots: the first of the next one, or the last of the one before. */
function beyond(drawing: HTMLElement | null, key: string): SVGGElement | undefined {
  const isForth = key === 'ArrowRight' || key === 'ArrowDown';
  if (!drawing || (!isForth && key !== 'ArrowLeft' && key !== 'ArrowUp')) return undefined;
  const drawings = [...(drawing.closest('.plan')?.querySelectorAll('.drawing') ?? [])];
  const other = drawings[drawings.indexOf(drawing) + (isForth ? 1 : -1)];
  const spots = [...(other?.querySelectorAll<SVGGElement>('g.spot') ?? [])];
  return isForth ? spots[0] : spots.at(-1);
}

/** How many spots stand side by side in the room that there is. */
function useColumns(): [RefObject<HTMLDivElement | null>, number] {
  const frame = useRef<HTMLDivElement>(null);
  const [columns, setColumns] = useState(5);
  useEffect(() => {
    const { current } = frame;
    if (!current) return undefined;
    const observer = new ResizeObserver(() =>
      setColumns(Math.max(3, Math.floor((current.clientWidth - GAP) / (WIDTH + GAP)))),
    );
    observer.observe(current);
    return () => observer.disconnect();
  }, []);
  return [frame, columns];
}

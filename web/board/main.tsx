import { render } from 'preact';
import loaders from 'virtual:messages/board';
import { openLive } from '../data/live.ts';
import type { BoardSubscription } from '../generated/graphql.ts';
import { openMessages } from '../messages/open-messages.ts';
// As text: the module of the typed documents brings those of all pages along.
import subscription from './board.graphql?raw';
import { Board } from './board.tsx';
import type { BoardKey, Drawing } from './draw.ts';
import { isStale, readWays, shownFor, type Shown } from './shown.ts';

/** What the server wrote into the page about the lot of this board. */
interface Lot {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly isOpen: boolean;
  readonly levels: readonly { readonly id: string; readonly name: string; readonly ordinal: number }[];
}

type Counted = BoardSubscription['availability'];

const TICK_MS = 1000;

const root = document.getElementById('board');
const lotText = document.getElementById('lot')?.textContent;
if (root && lotText) void showBoard(root, JSON.parse(lotText) as Lot);

async function showBoard(root: HTMLElement, lot: Lot): Promise<void> {
  const messages = await openMessages<BoardKey>(loaders);
  const ways = readWays(location.search);
  const clock = new Intl.DateTimeFormat(messages.locale, { timeStyle: 'short', timeZone: lot.timeZone });
  const shown = new Map<string, Shown>();
  let counted: Counted | undefined;
  let heardAtMs: number | undefined;

  const shownOf = (key: string, free: number): Shown => {
    const next = shownFor(free, shown.get(key));
    shown.set(key, next);
    return next;
  };
  const draw = () => {
    const now = Date.now();
    const current = isStale(heardAtMs, now) ? undefined : counted;
    const drawing: Drawing = {
      lotName: lot.name,
      isOpen: lot.isOpen,
      sum: current && shownOf('sum', current.free),
      levels: lot.levels.map(({ id, name, ordinal }) => {
        const free = current?.byLevel.find(({ levelId }) => levelId === id)?.free;
        return { name, way: ways.get(ordinal), figure: free === undefined ? undefined : shownOf(id, free) };
      }),
      clock: clock.format(now),
      updated: current && clock.format(new Date(current.asOf)),
    };
    render(<Board drawing={drawing} messages={messages} />, root);
  };

  const live = openLive({ onHeard: () => (heardAtMs = Date.now()) });
  live.subscribe<BoardSubscription>(
    { query: subscription, variables: { lotIds: [lot.id] } },
    {
      next: ({ data }) => {
        if (!data) return;
        counted = data.availability;
        draw();
      },
      error: () => setTimeout(() => location.reload(), 60_000),
      complete: () => undefined,
    },
  );
  setInterval(draw, TICK_MS);
  draw();
}

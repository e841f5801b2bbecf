import type { Messages } from '../messages/open-messages.ts';
import type { HungUp, Way } from './hung-up.ts';
import type { Drawing, Line } from './sheet.ts';
import { shownFor, type Shown } from './shown.ts';
import { figureHeard, figureText, type BoardKey, type Figure } from './words.ts';

/** What the server says of the lot: `BoardFacts` of `src/http/pages/board-page.ts`. */
export interface Facts {
  readonly lot: { readonly id: string; readonly name: string; readonly timeZone: string };
  readonly isOpen: boolean;
  readonly opensAt: string | null;
  readonly levels: readonly { readonly id: string; readonly name: string; readonly ordinal: number }[];
  readonly version: number | null;
  readonly free: number;
  readonly byLevel: readonly { readonly levelId: string; readonly free: number }[];
  readonly now: string;
  readonly page: string;
}

/** What is known, since when, and how far the server's clock is ahead of the device's. */
export interface Told {
  readonly facts: Facts;
  readonly confirmedAtMs: number;
  readonly aheadMs: number;
}

interface Moment {
  readonly told: Told;
  /** Whether the numbers are recent enough to be shown. */
  readonly isKnown: boolean;
  readonly hung: HungUp;
  readonly messages: Messages<BoardKey>;
  readonly serverNowMs: number;
}

const DAY_MS = 86_400_000;

/** What was shown before of each figure, which decides when a board takes a word back. */
const before = new Map<string, Shown>();

/** What the board says at a moment. */
export function drawingOf({ told, isKnown, hung, messages, serverNowMs }: Moment): Drawing {
  const { facts, confirmedAtMs, aheadMs } = told;
  const { say, locale } = messages;
  const levels = facts.levels.filter(({ ordinal }) => hung.levels?.has(ordinal) ?? true);
  const freeOf = (id: string) => facts.byLevel.find(({ levelId }) => levelId === id)?.free ?? 0;
  const isAll = levels.length === facts.levels.length;
  const free = isAll ? facts.free : levels.reduce((sum, { id }) => sum + freeOf(id), 0);
  const figureOf = (key: string, count: number): Figure => {
    if (!isKnown) return { kind: 'STALE' };
    if (!facts.isOpen) return { kind: 'CLOSED' };
    const shown = shownFor(count, before.get(key));
    before.set(key, shown);
    return shown;
  };
  const sum = figureOf('sum', free);
  const clock = (ms: number) =>
    new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: facts.lot.timeZone }).format(ms);
  const lineOf = (figure: Figure, way: Way | undefined): Line => ({ ...figureText(figure, say), way });
  const ways = levels.map(({ ordinal }) => hung.ways.get(ordinal));
  return {
    // One way for all is the board's own.
    sum: lineOf(sum, ways.every((way) => way === ways[0]) ? ways[0] : undefined),
    unit: unitOf({ sum, facts, messages, serverNowMs }),
    rows: new Map(levels.map(({ id, ordinal }) => [id, lineOf(figureOf(id, freeOf(id)), hung.ways.get(ordinal))])),
    clock: clock(serverNowMs),
    updated: say('updated', { time: clock(confirmedAtMs + aheadMs) }),
    heard: figureHeard(facts.lot.name, sum, say),
  };
}

function unitOf({
  sum,
  facts,
  messages,
  serverNowMs,
}: Pick<Moment, 'messages' | 'serverNowMs'> & { sum: Figure; facts: Facts }): string {
  const { say, locale } = messages;
  switch (sum.kind) {
    case 'STALE':
      return say('checkEntrance');
    case 'CLOSED': {
      if (facts.opensAt === null) return '';
      const isToday = Date.parse(facts.opensAt) - serverNowMs < DAY_MS;
      const { timeZone } = facts.lot;
      const day = isToday ? {} : ({ weekday: 'short' } as const);
      const format = new Intl.DateTimeFormat(locale, { ...day, hour: 'numeric', minute: '2-digit', timeZone });
      return say('opensAt', { time: format.format(Date.parse(facts.opensAt)) });
    }
    case 'FULL':
      return '';
    default:
      return say('free');
  }
}

import loaders from 'virtual:messages/board';
import { openLive } from '../data/live.ts';
import type { BoardSubscription } from '../generated/graphql.ts';
import { openMessages, type Messages } from '../messages/open-messages.ts';
// As text: the module of the typed documents brings those of all pages along.
import subscription from './board.graphql?raw';
import { drawingOf, type Facts, type Told } from './drawing.ts';
import { readAddress } from './hung-up.ts';
import { Sheet } from './sheet.ts';
import { isStale } from './shown.ts';
import type { BoardKey } from './words.ts';

const TICK_MS = 1000;
/** How often the server is asked whether the numbers still hold: twice before they are stale. */
const ASK_MS = 12_000;
const ANSWER_MS = 8000;
const LANGUAGE_MS = 8000;

const root = document.getElementById('board');
const factsText = document.getElementById('facts')?.textContent;
if (root && factsText) void hangUp(root, JSON.parse(factsText) as Facts);

async function hangUp(root: HTMLElement, first: Facts): Promise<void> {
  const hung = readAddress(location.search);
  const languages: Messages<BoardKey>[] = [];
  for (const locale of hung.locales) languages.push(await openMessages<BoardKey>(loaders, locale));
  const sheet = new Sheet(root);
  let told = hear(first);
  let turn = -1;

  const draw = () => {
    const now = Date.now();
    const next = Math.floor(now / LANGUAGE_MS) % languages.length;
    const messages = languages[next];
    if (!messages) return;
    if (next !== turn) document.documentElement.lang = messages.locale;
    turn = next;
    const isKnown = !isStale(told.confirmedAtMs, now);
    sheet.draw(drawingOf({ told, isKnown, hung, messages, serverNowMs: now + told.aheadMs }));
  };
  const ask = async () => {
    const facts = await askAgain();
    if (facts === undefined) return;
    // A newer page, or other levels: the server draws them.
    if (facts.page !== first.page || levelsOf(facts) !== levelsOf(first)) return location.reload();
    told = hear(facts, told);
    draw();
  };
  openLive().subscribe<BoardSubscription>(
    { query: subscription, variables: { lotIds: [first.lot.id] } },
    {
      next: ({ data }) => {
        if (!data || Number(data.availability.version) < Number(told.facts.version)) return;
        told = { ...told, facts: { ...told.facts, ...data.availability }, confirmedAtMs: Date.now() };
        draw();
      },
      // Asking goes on.
      error: () => undefined,
      complete: () => undefined,
    },
  );
  setInterval(draw, TICK_MS);
  setInterval(() => void ask(), ASK_MS);
  addEventListener('online', () => void ask());
  draw();
}

/** What the server says; of two counts the newer one. Its clock is the board's: the one of the device may be wrong. */
function hear(facts: Facts, before?: Told): Told {
  const nowMs = Date.now();
  const isOlder =
    before !== undefined && facts.version !== null && Number(facts.version) < Number(before.facts.version);
  const { version, free, byLevel } = isOlder ? before.facts : facts;
  return {
    facts: { ...facts, version, free, byLevel },
    confirmedAtMs: nowMs,
    aheadMs: Date.parse(facts.now) - nowMs,
  };
}

async function askAgain(): Promise<Facts | undefined> {
  try {
    const address = `${location.pathname.replace(/\/$/, '')}/now`;
    const response = await fetch(address, { cache: 'no-store', signal: AbortSignal.timeout(ANSWER_MS) });
    return response.ok ? ((await response.json()) as Facts) : undefined;
  } catch {
    return undefined;
  }
}

const levelsOf = ({ lot, levels }: Facts): string => JSON.stringify([lot, levels]);

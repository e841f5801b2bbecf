import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { countedNow, type CountedNow } from '../../availability/counted-now.ts';
import { isOpenAt, opensNextAt } from '../../domain/opening-hours.ts';
import { encodeId } from '../../domain/public-id.ts';
import { Level } from '../../entities/level.ts';
import { Lot } from '../../entities/lot.ts';
import type { Platform } from '../../platform/platform.ts';
import { remember } from '../../platform/remember.ts';
import { html, Html } from './html.ts';
import { PAGE_POLICY } from './page-policy.ts';

/** What a board knows of its lot. The script of the page starts from it, and asks for it again and again. */
interface BoardFacts {
  readonly lot: { readonly id: string; readonly name: string; readonly timeZone: string };
  readonly isOpen: boolean;
  /** While it is closed: when it opens next, where that is known. */
  readonly opensAt: string | null;
  readonly levels: readonly { readonly id: string; readonly name: string; readonly ordinal: number }[];
  readonly version: number | null;
  readonly free: number;
  readonly byLevel: readonly { readonly levelId: string; readonly free: number }[];
  /** The server's clock: the numbers were true then. */
  readonly now: string;
  /** Another one: the page itself is another, and the board loads it. */
  readonly page: string;
}

interface Place {
  readonly lot: Lot;
  readonly levels: readonly Level[];
  readonly readAtMs: number;
}

/** Boards ask often, and a lot's name and levels hardly ever change. */
const PLACE_KEPT_MS = 10_000;
const PLACES_KEPT = 10_000;

/**
 * GET /board/<lot code>: the board with the numbers of the moment in it, so that it says something without a script; and
 * GET /board/<lot code>/now: the same as facts, from which a board in use learns that its numbers are still true, that the lot has closed,
 * and that there is a newer page.
 */
export function serveBoard(scope: FastifyInstance, platform: Platform, template: string): void {
  const page = createHash('sha256').update(template).digest('base64url').slice(0, 12);
  const places = new Map<string, Place>();
  const read = async (code: string): Promise<BoardFacts | undefined> => {
    const place = await placeOf(platform, places, code);
    const counted = place && (await countedNow(platform, place.lot.id));
    return place && counted && factsOf(place, counted, { now: platform.clock.now(), page });
  };
  scope.get<{ Params: { code: string } }>('/board/:code', { helmet: PAGE_POLICY }, async ({ params }, reply) => {
    const facts = await read(params.code.toUpperCase());
    if (!facts) return reply.callNotFound();
    return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(boardText(template, facts));
  });
  scope.get<{ Params: { code: string } }>('/board/:code/now', async ({ params }, reply) => {
    const facts = await read(params.code.toUpperCase());
    if (!facts) return reply.callNotFound();
    return reply.header('cache-control', 'no-store').send(facts);
  });
}

async function placeOf(platform: Platform, places: Map<string, Place>, code: string): Promise<Place | undefined> {
  const nowMs = platform.clock.now().getTime();
  const known = places.get(code);
  if (known && Math.abs(nowMs - known.readAtMs) < PLACE_KEPT_MS) return known;
  const em = platform.orm.em.fork();
  const lot = await em.findOne(Lot, { code });
  if (!lot) return undefined;
  const levels = await em.find(Level, { lotId: lot.id }, { orderBy: { ordinal: 'asc' } });
  const place = { lot, levels, readAtMs: nowMs };
  remember(places, { key: code, value: place, limit: PLACES_KEPT });
  return place;
}

function factsOf({ lot, levels }: Place, counted: CountedNow, asked: { now: Date; page: string }): BoardFacts {
  const { name, timeZone, openingHours, state } = lot;
  const { now, page } = asked;
  const isOpen = state === 'OPEN' && isOpenAt(openingHours, timeZone, now);
  const opensAt = isOpen || state !== 'OPEN' ? undefined : opensNextAt(openingHours, timeZone, now);
  return {
    lot: { id: encodeId('lot', null, lot.id), name, timeZone },
    isOpen,
    opensAt: opensAt?.toISOString() ?? null,
    levels: levels.map(({ id, name, ordinal }) => ({ id: encodeId('lvl', lot.id, id), name, ordinal })),
    version: counted.version,
    free: counted.free,
    byLevel: counted.byLevel.map(({ levelId, free }) => ({ levelId: encodeId('lvl', lot.id, levelId), free })),
    now: now.toISOString(),
    page,
  };
}

/** The page with the numbers of the moment, and below them what its script starts from. Which word stands for a number: `web/board/shown.ts`. */
function boardText(template: string, facts: BoardFacts): string {
  const { lot, levels, isOpen, free, byLevel } = facts;
  const sum = isOpen ? figureOf(free) : { tone: 'closed', text: 'CLOSED' };
  const freeOf = (id: string) => byLevel.find(({ levelId }) => levelId === id)?.free ?? 0;
  const body = html`<div class="sheet${levels.length > 1 ? '' : ' single'}${isOpen ? '' : ' shut'}">
    <h1 class="name">${lot.name}</h1>
    <p class="sum ${sum.tone}" aria-hidden="true">
      <svg class="way" viewBox="0 0 24 24"><path d="M12 1 23 13h-7v10H8V13H1z" /></svg>
      <span class="figure">${sum.text}</span> <span class="unit"></span>
    </p>
    <ul class="levels">
      ${levels.map(({ id, name }) => {
        const { tone, text } = isOpen ? figureOf(freeOf(id)) : { tone: 'closed', text: '' };
        return html`<li class="row ${tone}" id="${id}">
          <svg class="way" viewBox="0 0 24 24" aria-hidden="true"><path d="M12 1 23 13h-7v10H8V13H1z" /></svg>
          <span class="level">${name}</span> <span class="figure">${text}</span>
        </li>`;
      })}
    </ul>
    <p class="foot"><time></time> <span class="updated"></span></p>
    <p class="heard" role="status">${lot.name}: ${sum.text}</p>
  </div>`;
  const data = new Html(JSON.stringify(facts).replaceAll('<', '\\u003c'));
  return template
    .replace('<!--title-->Parkwell', () => html`${lot.name} · Parkwell`.text)
    .replace('<!--board-->', () => body.text)
    .replace('</body>', () => html`<script id="facts" type="application/json">${data}</script></body>`.text);
}

const FEW_UNDER = 5;

function figureOf(free: number): { tone: string; text: string } {
  if (free <= 0) return { tone: 'full', text: 'FULL' };
  return free < FEW_UNDER ? { tone: 'few', text: `< ${FEW_UNDER}` } : { tone: 'count', text: String(free) };
}

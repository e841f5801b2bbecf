import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { computeAvailability, type LotAvailability } from '../../availability/compute-availability.ts';
import { readSnapshot } from '../../availability/snapshot.ts';
import { encodeId } from '../../domain/public-id.ts';
import { Level } from '../../entities/level.ts';
import { Lot } from '../../entities/lot.ts';
import type { Platform } from '../../platform/platform.ts';
import { countPages, type PageDoor } from './counted.ts';
import { html, Html } from './html.ts';
import { STRIPE_POLICY, withStripeKey } from './stripe-element.ts';

/** Where `npm run web` puts the pages; the same for the sources and for a build beside them. */
const BUILT = fileURLToPath(new URL('../../../web/dist', import.meta.url));
const YEAR_SECONDS = 365 * 24 * 3600;

/** The pages that are one file each, whatever comes after in the address. */
const WHOLE_PAGES = ['kiosk', 'console'] as const;

/** Where drivers pay: on their own page, and what they get to see on their phone at an exit. */
const PAYING = [
  ['app', ['/app', '/app/*']],
  ['kiosk', ['/kiosk/pay/*']],
] as const;

/**
 * GET /app, /kiosk, /console and /board/<lot code>, and what they are made of under /assets, from web/dist. A board comes with the numbers of
 * the moment in it, so that it says something without a script. GET /graphiql where anyone may ask for the schema. Pages that are not built
 * are not there: 404 as for any address.
 */
export async function registerWebPages(fastify: FastifyInstance, door: PageDoor): Promise<void> {
  if (!existsSync(BUILT)) return door.platform.log.warn('the pages are not built: run "npm run web"');
  await fastify.register(async (scope) => {
    countPages(scope, door);
    await scope.register(fastifyStatic, {
      root: join(BUILT, 'assets'),
      prefix: '/assets/',
      // Names change with their content.
      maxAge: YEAR_SECONDS * 1000,
      immutable: true,
      index: false,
      // The build put a packed copy beside each file.
      preCompressed: true,
    });
    const { publishableKey } = door.platform.config.stripe;
    for (const [name, urls] of PAYING) servePaying(scope, { name, urls }, publishableKey);
    for (const name of WHOLE_PAGES) serveWhole(scope, name);
    if (door.platform.config.introspection) serveWhole(scope, 'graphiql');
    serveOfflineWorker(scope);
    serveBoard(scope, door.platform);
  });
}

function template(name: string): string | undefined {
  const file = join(BUILT, name, 'index.html');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function serveWhole(scope: FastifyInstance, name: string): void {
  const text = template(name);
  if (text === undefined) return;
  for (const url of [`/${name}`, `/${name}/*`]) scope.get(url, (_request, reply) => send(reply, text));
}

/** A page on which cards are typed. Where that is Stripe's own element it knows the key, and its policy lets Stripe in. */
function servePaying(
  scope: FastifyInstance,
  { name, urls }: { name: string; urls: readonly string[] },
  publishableKey: string | undefined,
): void {
  const text = template(name);
  if (text === undefined) return;
  const page = publishableKey === undefined ? text : withStripeKey(text, publishableKey);
  const options = publishableKey === undefined ? {} : { helmet: STRIPE_POLICY };
  for (const url of urls) scope.get(url, options, (_request, reply) => send(reply, page));
}

/** What keeps the driver's page on their device; its scope is the page's own address, which has no slash at its end. */
function serveOfflineWorker(scope: FastifyInstance): void {
  const file = join(BUILT, 'app', 'offline.js');
  if (!existsSync(file)) return;
  const text = readFileSync(file, 'utf8');
  scope.get('/app/offline.js', (_request, reply) =>
    reply
      .header('cache-control', 'no-cache')
      .header('service-worker-allowed', '/app')
      .type('text/javascript; charset=utf-8')
      .send(text),
  );
}

function send(reply: FastifyReply, text: string): FastifyReply {
  return reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(text);
}

function serveBoard(scope: FastifyInstance, platform: Platform): void {
  const text = template('board');
  if (text === undefined) return;
  scope.get<{ Params: { code: string } }>('/board/:code', async ({ params }, reply) => {
    const em = platform.orm.em.fork();
    const lot = await em.findOne(Lot, { code: params.code.toUpperCase() });
    if (!lot) return reply.callNotFound();
    const levels = await em.find(Level, { lotId: lot.id }, { orderBy: { ordinal: 'asc' } });
    const counted =
      (await readSnapshot(platform, lot.id)) ?? (await computeAvailability(em, lot.id, platform.clock.now()));
    return send(reply, boardText(text, { lot, levels, counted }));
  });
}

interface BoardFacts {
  readonly lot: Lot;
  readonly levels: readonly Level[];
  readonly counted: Pick<LotAvailability, 'free' | 'byLevel'> | undefined;
}

/** The page with the numbers of the moment, and below them what its script starts from. */
function boardText(text: string, { lot, levels, counted }: BoardFacts): string {
  const isOpen = lot.state === 'OPEN';
  const start = {
    id: encodeId('lot', null, lot.id),
    name: lot.name,
    timeZone: lot.timeZone,
    isOpen,
    levels: levels.map(({ id, name, ordinal }) => ({ id: encodeId('lvl', lot.id, id), name, ordinal })),
  };
  const freeOf = (id: string) => counted?.byLevel.find(({ levelId }) => levelId === id)?.free ?? 0;
  const figure = (free: number) => (isOpen ? html`<span class="figure">${free > 0 ? free : 'FULL'}</span>` : html``);
  const body = html`<div class="top">
      <h1>${lot.name}</h1>
      <span class="total sum">${isOpen ? figure(counted?.free ?? 0) : 'CLOSED'}</span>
    </div>
    <ul class="levels">
      ${levels.map(
        ({ id, name }) =>
          html`<li class="row">
            <span></span><span>${name}</span>
            ${figure(freeOf(id))}
          </li>`,
      )}
    </ul>`;
  const data = new Html(JSON.stringify(start).replaceAll('<', '\\u003c'));
  return text
    .replace('<!--title-->Parkwell', () => html`${lot.name} · Parkwell`.text)
    .replace('<!--board-->', () => body.text)
    .replace('</body>', () => html`<script id="lot" type="application/json">${data}</script></body>`.text);
}

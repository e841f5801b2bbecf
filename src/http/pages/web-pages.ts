import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { serveBoard } from './board-page.ts';
import type { Config } from '../../config.ts';
import { countPages, type PageDoor } from './counted.ts';
import { serveDemoLanes } from './kiosk-demo.ts';
import { PAGE_POLICY, STRIPE_POLICY, WORKBENCH_POLICY } from './page-policy.ts';
import { withMeta } from './html.ts';

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
    for (const name of WHOLE_PAGES) serveWhole(scope, name, PAGE_POLICY);
    serveWorkbench(scope, door.platform.config);
    serveOfflineWorker(scope);
    serveDemoLanes(scope, door.platform.config.demoKeysFile);
    const board = template('board');
    if (board !== undefined) serveBoard(scope, door.platform, board);
  });
}

function template(name: string): string | undefined {
  const file = join(BUILT, name, 'index.html');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

function serveWhole(scope: FastifyInstance, name: string, helmet: typeof PAGE_POLICY): void {
  const text = template(name);
  if (text === undefined) return;
  for (const url of [`/${name}`, `/${name}/*`]) scope.get(url, { helmet }, (_request, reply) => send(reply, text));
}

/** Where anyone may ask for the schema: the operations to try it with, which know the demo's login where there is one. */
function serveWorkbench(scope: FastifyInstance, { introspection, demoLogin }: Config): void {
  const text = introspection ? template('graphiql') : undefined;
  if (text === undefined) return;
  const page = demoLogin === undefined ? text : withMeta(text, 'demo-login', demoLogin);
  scope.get('/graphiql', { helmet: WORKBENCH_POLICY }, (_request, reply) => send(reply, page));
}

/** A page on which cards are typed. Where that is Stripe's own element it knows the key, and its policy lets Stripe in. */
function servePaying(
  scope: FastifyInstance,
  { name, urls }: { name: string; urls: readonly string[] },
  publishableKey: string | undefined,
): void {
  const text = template(name);
  if (text === undefined) return;
  const page = publishableKey === undefined ? text : withMeta(text, 'stripe-key', publishableKey);
  const helmet = publishableKey === undefined ? PAGE_POLICY : STRIPE_POLICY;
  for (const url of urls) scope.get(url, { helmet }, (_request, reply) => send(reply, page));
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

import { readFileSync, statSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { checkout } from '../../sandbox/places.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';

const KEY = 'pk_test_0123456789abcdef';

let system: TestSystem;
let withStripe: TestSystem;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  withStripe = await startSystem({
    beside: system,
    roles: ['api'],
    env: { STRIPE_PUBLISHABLE_KEY: KEY, STRIPE_API_BASE: undefined, GRAPHQL_INTROSPECTION: 'off' },
  });
  await makeLot(system, { spots: { STANDARD: 3 }, code: 'PGS1' });
});
afterAll(async () => {
  await withStripe?.stop();
  await system?.stop();
});

/** What a page may load, by kind: `script-src` → `'self'`. */
function policyOf(headers: Headers): Record<string, string> {
  const policy = headers.get('content-security-policy') ?? '';
  return Object.fromEntries(
    policy.split(';').map((rule): [string, string] => [rule.split(' ')[0] ?? '', rule.split(' ').slice(1).join(' ')]),
  );
}

async function scriptOf(page: string): Promise<string> {
  const answer = await fetch(`${system.url}${page}`);
  const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(await answer.text()) ?? [];
  return script;
}

/** The bytes of an answer as they came; `fetch` would unpack them. */
async function packed(path: string, encoding: string): Promise<{ headers: Record<string, unknown>; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${system.url}${path}`, { headers: { 'accept-encoding': encoding } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => resolve({ headers: answer.headers, bytes: Buffer.concat(parts) }));
    });
    sent.on('error', reject).end();
  });
}

describe('A page', () => {
  test.each(['/app', '/app/parking/anything', '/console', '/console/lots', '/board/PGS1', '/graphiql'])(
    '%s is asked for anew each time, and loads nothing from elsewhere',
    async (path) => {
      const answer = await fetch(`${system.url}${path}`);
      expect(answer.status).toBe(200);
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
      expect(policyOf(answer.headers)).toMatchObject({
        'default-src': "'self'",
        'script-src': "'self'",
        'script-src-attr': "'none'",
        'object-src': "'none'",
        'frame-ancestors': "'self'",
        'style-src': path === '/graphiql' ? "'self' 'unsafe-inline'" : "'self'",
        'font-src': path === '/graphiql' ? "'self' data:" : "'self'",
      });
      // A page on a network without TLS must not ask for its own parts by https.
      expect(policyOf(answer.headers)).not.toHaveProperty('upgrade-insecure-requests');
      const page = await answer.text();
      expect(page).not.toMatch(/(?:src|href)="(?:https?:)?\/\//);
      // Data, which no browser runs, may stand in the page.
      expect(page).not.toMatch(/<script(?![^>]*(?:src=|type="application\/json"))/);
      expect(page).not.toContain(' style="');
    },
  );

  test.each([
    '/apps',
    '/board',
    '/board/NONE',
    '/assets/',
    '/assets/none.js',
    '/assets/..%2fapp%2findex.html',
    '/dist/app',
  ])('%s is not there', async (path) => {
    const answer = await fetch(`${system.url}${path}`);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { code: 'NOT_FOUND' } }] });
  });
});

describe('What pages are made of', () => {
  test('is kept for a year, because another content has another name', async () => {
    const answer = await fetch(`${system.url}${await scriptOf('/app')}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  test('is sent packed as the browser likes it, and plain to one that takes neither', async () => {
    const script = await scriptOf('/console');
    const plain = await packed(script, 'identity');
    const brotli = await packed(script, 'gzip, deflate, br');
    const gzip = await packed(script, 'gzip');
    expect([plain, brotli, gzip].map(({ headers }) => headers['content-encoding'])).toEqual([undefined, 'br', 'gzip']);
    expect(brotliDecompressSync(brotli.bytes).equals(plain.bytes)).toBe(true);
    expect(gunzipSync(gzip.bytes).equals(plain.bytes)).toBe(true);
    expect(brotli.bytes.length).toBeLessThan(plain.bytes.length / 2);
    for (const { headers } of [plain, brotli, gzip]) {
      expect(headers['content-type']).toMatch(/^(text|application)\/javascript/);
      expect(String(headers['vary']).toLowerCase()).toContain('accept-encoding');
    }
  });
});

describe('The door to Stripe', () => {
  test('is open where drivers pay, and only with a publishable key', async () => {
    for (const path of ['/app', '/kiosk/pay/x']) {
      const open = await fetch(`${withStripe.url}${path}`);
      expect(policyOf(open.headers)).toMatchObject({
        'default-src': "'self'",
        'script-src': "'self' https://js.stripe.com",
        'frame-src': 'https://js.stripe.com https://hooks.stripe.com',
        'connect-src': "'self' https://api.stripe.com",
      });
      expect(await open.text()).toContain(`<meta name="stripe-key" content="${KEY}" />`);
    }
    for (const url of [`${withStripe.url}/console`, `${withStripe.url}/kiosk`, `${system.url}/app`]) {
      const shut = await fetch(url);
      expect(shut.headers.get('content-security-policy')).not.toContain('stripe');
      expect(await shut.text()).not.toContain('stripe-key');
    }
  });
});

test('the workbench is not there where nobody may ask for the schema', async () => {
  expect((await fetch(`${withStripe.url}/graphiql`)).status).toBe(404);
});

test('README shows the pages in small pictures that are there, by day and by night', () => {
  const readme = readFileSync(join(checkout, 'README.md'), 'utf8');
  const pictures = [...readme.matchAll(/(?:src|srcset)="(docs\/pictures\/[^"]+)"/g)].map(([, file = '']) => file);
  expect(pictures).toEqual(
    expect.arrayContaining(['app', 'console', 'board', 'kiosk'].map((page) => `docs/pictures/${page}.png`)),
  );
  for (const file of pictures) expect(statSync(join(checkout, file)).size).toBeLessThan(150 * 1024);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { networkOf } from '../../src/http/client-address.ts';
import { DEFAULT_LIMITS } from '../../src/http/limits.ts';
import type { graphqlClient } from '../support/graphql-client.ts';
import { rawSocket } from '../support/raw-socket.ts';
import { LIFTED_LIMITS, startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';

const times = (count: number, text: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
const nested = (depth: number) => `${'{ a '.repeat(depth)}${'}'.repeat(depth)}`;
/** Each fragment spreads the next twice: 2^n fields from n lines. */
const bomb = (levels: number) =>
  `{ ...F0 } ${times(levels, (n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`)} fragment F${levels} on Query { __typename }`;

const HOSTILE: Record<string, string> = {
  'nested 500 levels deep': nested(500),
  'with 1,000 aliases of one field': `{ ${times(1000, (n) => `a${n}: __typename`)} }`,
  'with 40 aliases of an expensive field': `{ ${times(40, (n) => `a${n}: node(id: "x") { id }`)} }`,
  'of 5,000 tokens': `{ ${times(5000, () => '__typename')} }`,
  'whose fragments grow exponentially': bomb(20),
  'of 1,400 equal fields, on which merging takes quadratic time': `{ ${times(1400, () => 'a')} }`,
  'with 700 directives': `{ __typename ${times(340, () => '@skip(if: false)').slice(0, 5000)} }`,
  'whose fragment hides the depth': `{ a { ...F } } fragment F on Query ${nested(20)}`,
  'that asks for the schema': '{ __schema { types { name fields { name } } } }',
  'that asks for one type': '{ __type(name: "Query") { name } }',
};

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'], env: { GRAPHQL_INTROSPECTION: 'off' } });
});
afterAll(() => system?.stop());

/** How long the processor is kept busy, by client and server together; the best of five, because the machine is shared. */
async function leastCpuMs(work: () => Promise<unknown>): Promise<number> {
  const used: number[] = [];
  for (let attempt = 0; attempt < 5; attempt++) {
    const before = process.cpuUsage();
    await work();
    const { user, system: kernel } = process.cpuUsage(before);
    used.push((user + kernel) / 1000);
  }
  return Math.min(...used);
}

describe.each(Object.entries(HOSTILE))('a document %s', (_name, document) => {
  test('is refused over HTTP with a 4xx after 50 ms of work at most, also for who accepts plain JSON', async () => {
    const { status, errors, data } = await system.client().query(document);
    expect(status).toBe(400);
    expect(data).toBeUndefined();
    expect(['OPERATION_TOO_COMPLEX', 'GRAPHQL_VALIDATION_FAILED']).toContain(errors?.[0]?.extensions.code);
    expect((await system.client().query(document, {}, { accept: 'application/json' })).status).toBe(400);
    expect(await leastCpuMs(() => system.client().query(document))).toBeLessThan(50);
  });

  test('is refused over the websocket with the same words', async () => {
    const socket = await rawSocket(system.wsUrl);
    await socket.init();
    socket.send({ id: '1', type: 'subscribe', payload: { query: document } });
    const answer = await socket.next();
    const { errors } = await system.client().query(document);
    expect(answer).toMatchObject({ id: '1', type: 'error' });
    expect(answer.payload.map(({ message }: { message: string }) => message)).toEqual(
      errors?.map(({ message }) => message),
    );
    socket.ws.close();
  });
});

const fields = (count: number) => times(count, () => '__typename');

test('a fragment may have more fields than a document at its root', async () => {
  const { status, data } = await system
    .client()
    .query(`{ node(id: "lot_none") { ...Much } } fragment Much on Lot { ${fields(21)} }`);
  expect([status, data]).toEqual([200, { node: null }]);
});

test.each([
  ['a fragment', `{ ...Much } fragment Much on Query { ${fields(21)} }`],
  ['a fragment of fragments', `{ ...Much } fragment Much on Query { ... { ${fields(21)} } }`],
  ['two fragments', `{ ...A ...B } fragment A on Query { ${fields(11)} } fragment B on Query { ${fields(11)} }`],
])('fields at the root count, too, where they stand in %s', async (_where, document) => {
  const { status, errors } = await system.client().query(document);
  expect([status, errors?.[0]?.message]).toEqual([400, 'The document has more than 20 fields at its root.']);
});

test('several operations in one request are refused', async () => {
  const response = await fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([{ query: '{ __typename }' }, { query: '{ __typename }' }]),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'BAD_REQUEST' } }] });
});

test('a body over 64 KiB is refused before it is read to its end', async () => {
  const { status, errors } = await system.client().query(`{ __typename } # ${'x'.repeat(70_000)}`);
  expect([status, errors?.[0]?.extensions.code]).toEqual([413, 'BAD_REQUEST']);
});

test('an operation that asks for large pages of large pages is refused by its cost, told in advance by extensions.cost', async () => {
  const ids = Array.from({ length: 100 }, () => 'lot_none');
  const cheap = await system.client().query('query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(cheap.extensions.cost).toEqual({ requested: 101, limit: 1000 });
  const query = `query Q($ids: [ID!]!) { nodes(ids: $ids) { ... on Lot { spots(first: 100) { nodes { id level { id } } } } } }`;
  const costly = await system.client().query(query, { ids });
  expect([costly.status, costly.errors?.[0]?.extensions.code]).toEqual([400, 'OPERATION_TOO_COMPLEX']);
  expect((await system.client().query(query, { ids: [] })).errors?.[0]?.extensions.code).not.toBe(
    'OPERATION_TOO_COMPLEX',
  );
});

test('looking for many rows has its price, however little is asked of each', async () => {
  const ids = Array.from({ length: 100 }, () => 'lot_none');
  const query = `query Q($ids: [ID!]!) { ${times(20, (n) => `a${n}: nodes(ids: $ids) { id }`)} }`;
  const { status, errors } = await system.client().query(query, { ids });
  expect([status, errors?.[0]?.extensions.code]).toEqual([400, 'OPERATION_TOO_COMPLEX']);
});

test('introspection answers where it is on, also the large query of the tools', async () => {
  const open = await startSystem({ roles: ['api'], beside: system, env: { GRAPHQL_INTROSPECTION: 'on' } });
  try {
    const { getIntrospectionQuery } = await import('graphql');
    const { status, data } = await open.client().query(getIntrospectionQuery());
    expect([status, data['__schema'].queryType.name]).toEqual([200, 'Query']);
  } finally {
    await open.stop();
  }
});

test('who asks too often is told when to come back, each caller counted alone', async () => {
  const strict = { ...DEFAULT_LIMITS, requestsPerMinute: { ...LIFTED_LIMITS.requestsPerMinute, PUBLIC: 5, DRIVER: 5 } };
  const limited = await startSystem({ roles: ['api'], beside: system, limits: strict });
  try {
    const lot = await makeLot(system);
    const [one, other] = [limited.client(await lot.driverToken()), limited.client(await lot.driverToken())];
    const ask = async (client: ReturnType<typeof graphqlClient>) => (await client.query('{ __typename }')).status;
    const statuses = await Promise.all(Array.from({ length: 7 }, () => ask(one)));
    // At once: which of them are counted first is chance.
    expect(statuses.toSorted()).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const refused = await one.query('{ __typename }');
    expect(refused.errors?.[0]?.extensions.code).toBe('RATE_LIMITED');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await ask(other)).toBe(200);
    const from = (address: string) => limited.client().query('{ __typename }', {}, { 'x-forwarded-for': address });
    for (let request = 0; request < 5; request++) await from('203.0.113.7');
    expect((await from('203.0.113.7')).status).toBe(429);
    expect((await from('203.0.113.8')).status).toBe(200);
  } finally {
    await limited.stop();
  }
});

test('pages count as requests of their address, whether or not they lead anywhere', async () => {
  const strict = { ...LIFTED_LIMITS, requestsPerMinute: { ...LIFTED_LIMITS.requestsPerMinute, PUBLIC: 3 } };
  const limited = await startSystem({ roles: ['api'], beside: system, limits: strict });
  try {
    const look = (path: string, init: object = {}) => fetch(`${limited.url}${path}`, init);
    for (const path of ['/pay/nonsense', '/receipts/nonsense', '/receipts/nonsense/pdf'])
      expect((await look(path)).status).toBe(404);
    for (const path of ['/pay/nonsense', '/receipts/nonsense', '/receipts/nonsense/pdf'])
      expect((await look(path)).status).toBe(429);
    const post = await look('/pay/nonsense', { method: 'POST', body: new URLSearchParams() });
    expect([post.status, Number(post.headers.get('retry-after'))]).toEqual([429, expect.any(Number)]);
  } finally {
    await limited.stop();
  }
});

test('bad credentials count as requests of their address, also from another address of the same IPv6 network', async () => {
  const strict = { ...LIFTED_LIMITS, requestsPerMinute: { ...LIFTED_LIMITS.requestsPerMinute, PUBLIC: 3 } };
  const limited = await startSystem({ roles: ['api'], beside: system, limits: strict });
  try {
    const guess = async (address: string) =>
      (await limited.client('garbage').query('{ __typename }', {}, { 'x-forwarded-for': address })).status;
    for (const host of ['1', '2', '3']) expect(await guess(`2001:db8:0:7::${host}`)).toBe(401);
    expect(await guess('2001:db8::7:ffff:0:0:1')).toBe(429);
    expect(await guess('2001:db8:0:8::1')).toBe(401);
    expect(await guess('203.0.113.7')).toBe(401);
  } finally {
    await limited.stop();
  }
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:0DB8:0:00a1:1:2:3:4', '2001:db8:0:a1::/64'],
  ['::1', '0:0:0:0::/64'],
  ['1:2:3::', '1:2:3:0::/64'],
  ['64:ff9b:0:0:1::203.0.113.7', '64:ff9b:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('the caller at %s is counted as %s', (address, network) => {
  expect(networkOf(address)).toBe(network);
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeId } from '../../src/domain/public-id.ts';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';

const LOTS = 10;
const UNKNOWN = '01234567-89ab-7cde-8f01-23456789abcd';

let system: TestSystem;
let lots: TestLot[];
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lots = [];
  for (let made = 0; made < LOTS; made++) lots.push(await makeLot(system));
});
afterAll(() => system?.stop());

/** How many statements the database was asked while a query was answered, and the answer. */
async function counted(token: string | undefined, query: string, variables: Record<string, unknown> = {}) {
  const connection = system.platform.orm.em.getConnection();
  const execute = connection.execute.bind(connection);
  const ask = () => system.client(token).query(query, variables);
  await ask();
  let statements = 0;
  connection.execute = ((...args: Parameters<typeof execute>) => (statements++, execute(...args))) as never;
  try {
    const seen: (Awaited<ReturnType<typeof ask>> & { statements: number })[] = [];
    // A login is checked again every few seconds, beside what the query itself asks: the least of three is the query's own.
    for (let n = 0; n < 3; n++) {
      statements = 0;
      const answer = await ask();
      seen.push({ ...answer, statements });
    }
    return seen.reduce((least, one) => (one.statements < least.statements ? one : least));
  } finally {
    connection.execute = execute;
  }
}

const NODES = 'query Q($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }';

test('what hangs on lots is read for all lots of a page at once', async () => {
  const admin = await lots[0]!.staffToken('ADMIN');
  const query = `query Q($first: Int!) { lots(first: $first) { nodes {
    code tariff { currency } levels { name } gates { name } devices { name }
    spots(first: 1) { nodes { label inService level { name } } pageInfo { hasNextPage } }
    last: spots(last: 2, filter: { inService: true }) { nodes { label } }
  } } }`;
  const two = await counted(admin, query, { first: 2 });
  const all = await counted(admin, query, { first: LOTS });
  expect(all.errors).toBeUndefined();
  expect(two.statements).toBeGreaterThan(0);
  expect(all.statements).toBe(two.statements);
  expect(all.statements).toBeLessThanOrEqual(10);
  for (const { devices, spots, last } of all.data['lots'].nodes) {
    expect(devices.length).toBeGreaterThan(0);
    expect(spots).toMatchObject({ nodes: [{ label: expect.any(String) }], pageInfo: { hasNextPage: true } });
    expect(last.nodes).toHaveLength(2);
    expect(last.nodes.map(({ label }: { label: string }) => label)).not.toContain(spots.nodes[0].label);
  }
});

test('a page of spots goes on where the page before ended', async () => {
  const query =
    'query Q($id: ID!, $after: String) { lot(id: $id) { spots(first: 2, after: $after) { nodes { id label } pageInfo { endCursor hasNextPage } } } }';
  const labels: string[] = [];
  let page: any = { endCursor: null, hasNextPage: true };
  while (page.hasNextPage) {
    const { data } = await system.client().query(query, { id: lots[0]!.publicId, after: page.endCursor });
    const { nodes, pageInfo } = data['lot'].spots;
    labels.push(...nodes.map(({ label }: { label: string }) => label));
    page = pageInfo;
  }
  expect(labels).toEqual(labels.toSorted());
  expect(labels).toHaveLength(lots[0]!.spots.length);
});

test('nodes of one kind are read in one statement', async () => {
  const [lot] = lots;
  const driver = await makeDriver(system);
  const { id } = await reserveAndPay(
    system.client(driver.token),
    reserveInput(lot!, hoursFrom(system.clock.now(), 24, 4)),
  );
  const strangers = (kind: 'res' | 'pay') => lots.map(({ id: lotId }) => encodeId(kind, lotId, UNKNOWN));
  const own = await counted(driver.token, NODES, { ids: [id, ...strangers('res'), ...strangers('pay')] });
  expect(own.data['nodes'].filter(Boolean)).toEqual([{ __typename: 'Reservation', id }]);
  expect(own.statements).toBe(2);
  const vehicles = Array.from({ length: 20 }, (_, index) =>
    encodeId('veh', null, UNKNOWN.replace(/..$/, String(10 + index))),
  );
  expect((await counted(driver.token, NODES, { ids: vehicles })).statements).toBe(1);
  const devices = lots.map(({ id: lotId }) => encodeId('dev', lotId, UNKNOWN));
  expect((await counted(await lot!.staffToken('ADMIN'), NODES, { ids: devices })).statements).toBe(2);
});

test('for who may see nothing of a kind nothing is read', async () => {
  const kinds = ['res', 'pay', 'dev', 'sty'] as const;
  const ids = [
    ...kinds.flatMap((kind) => lots.map(({ id }) => encodeId(kind, id, UNKNOWN))),
    encodeId('veh', null, UNKNOWN),
    encodeId('drv', null, UNKNOWN),
  ];
  for (const token of [undefined, lots[0]!.boardKey]) {
    const { statements, data } = await counted(token, NODES, { ids });
    expect(data['nodes'].filter(Boolean)).toEqual([]);
    expect(statements).toBe(0);
  }
});

const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
const FOREIGN = [[], ['a', 'b'], ['not a code'], ['-7', 'lot_x'], ['a', 'b', 'c'], [1], 'text', {}].map(cursor);

test.each([
  ['lots by code', 'query Q($c: String!) { lots(after: $c) { nodes { id } } }', []],
  [
    'lots near a place',
    'query Q($c: String!) { lots(near: { latitude: 60, longitude: 24 }, after: $c) { nodes { id } } }',
    [cursor(['HEL1']), cursor(['-7', `lot_${'A'.repeat(22)}`]), cursor(['1e9', `lot_${'A'.repeat(22)}`])],
  ],
  ['spots', '', []],
])('%s take no cursor of another list', async (_name, query, more) => {
  const document =
    query || `query Q($c: String!) { lot(id: "${lots[0]!.publicId}") { spots(after: $c) { nodes { id } } } }`;
  const foreign = [...FOREIGN, ...more].filter((text) => query || text !== cursor(['not a code']));
  for (const text of foreign) {
    const { errors } = await system.client().query(document, { c: text });
    expect([text, errors?.[0]?.extensions.code]).toEqual([text, 'BAD_USER_INPUT']);
  }
});

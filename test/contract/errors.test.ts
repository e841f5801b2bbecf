import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rawSocket } from '../support/raw-socket.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

let system: TestSystem;
let lot: TestLot;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'], env: { LOG_LEVEL: 'silent', NODE_ENV: 'development' } });
  lot = await makeLot(system);
});
afterAll(() => system?.stop());

const SECRET = 'hunter2-Zebra';

/** Fails when an answer tells what only we should know: stack, statement, file, or what the caller sent. */
function expectNothingLeaks(answer: unknown): void {
  const text = JSON.stringify(answer);
  expect(text).not.toContain(SECRET);
  expect(text).not.toMatch(/\bat .+\.(?:ts|js|mjs):\d+/);
  expect(text).not.toMatch(/node_modules|\/src\/|stacktrace/);
  expect(text).not.toMatch(/select .+ from|insert into|relation|ioredis|ECONN/i);
  expect(text).not.toMatch(/did you mean/i);
}

const MISTAKES: Record<string, { query: string; variables?: Record<string, unknown>; code: string }> = {
  'a field that is not there': { query: '{ nodee }', code: 'GRAPHQL_VALIDATION_FAILED' },
  'text that is no GraphQL': { query: `{ node(id: "${SECRET}" `, code: 'GRAPHQL_PARSE_FAILED' },
  'a literal of the wrong type': {
    query: `{ node(id: { secret: "${SECRET}" }) { id } }`,
    code: 'GRAPHQL_VALIDATION_FAILED',
  },
  'a list where an id belongs': {
    query: 'query Q($id: ID!) { node(id: $id) { id } }',
    variables: { id: [SECRET] },
    code: 'BAD_USER_INPUT',
  },
  'a variable of the wrong type': {
    query: 'query Q($id: ID!) { node(id: $id) { id } }',
    variables: { id: { secret: SECRET } },
    code: 'BAD_USER_INPUT',
  },
  'a missing variable': { query: 'query Q($id: ID!) { node(id: $id) { id } }', code: 'BAD_USER_INPUT' },
  'a missing operation': { query: 'query A { __typename } query B { __typename }', code: 'BAD_REQUEST' },
};

test.each(Object.entries(MISTAKES))(
  '%s is told with its code, what is expected and the request id, and nothing of what was sent',
  async (_name, { query, variables, code }) => {
    const { status, errors } = await system.client().query(query, variables, { 'x-request-id': 'test-request-0001' });
    expect(status).toBe(400);
    expect(errors?.map(({ extensions }) => extensions)).toEqual([{ code, requestId: 'test-request-0001' }]);
    expectNothingLeaks(errors);
  },
);

test('a variable that does not fit is told by its path and what is expected there', async () => {
  const { errors } = await system
    .client()
    .query('query Q($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['lot_1', null, { a: SECRET }] });
  expect(errors?.map(({ message }) => message)).toEqual([
    'Variable "$ids.1": a value of type ID! is required.',
    'Variable "$ids.2": expected an id as text.',
  ]);
});

test('a subscription over HTTP is sent to the websocket, and is no failure of ours', async () => {
  const before = system.platform.metrics.refused;
  const internal = async () =>
    (await before.get()).values.find(({ labels }) => labels.reason === 'INTERNAL')?.value ?? 0;
  const failures = await internal();
  for (const accept of ['application/json', 'application/graphql-response+json']) {
    const { status, errors } = await system
      .client()
      .query('subscription S { availability(lotIds: []) { lotId } }', {}, { accept });
    expect([status, errors?.map(({ extensions, message }) => [extensions.code, message])]).toEqual([
      400,
      [['BAD_REQUEST', expect.stringContaining('websocket')]],
    ]);
  }
  expect(await internal()).toBe(failures);
});

test('what a resolver says of an argument arrives in its own words', async () => {
  const { errors } = await system.client().query('{ nodes(ids: []) { id } lot { id } }');
  expect(errors?.map(({ message, extensions, path }) => [message, extensions.code, path])).toEqual([
    [expect.stringMatching(/id.*code/), 'BAD_USER_INPUT', ['lot']],
  ]);
});

test('a scalar says what it expects, as a literal and as a variable', async () => {
  const mutation =
    'mutation M($input: SavePaymentMethodInput!) { savePaymentMethod(input: $input) { userErrors { code } } }';
  const { errors } = await system.client(await lot.driverToken()).query(mutation, { input: { [SECRET]: 1 } });
  expect(errors?.map(({ extensions }) => extensions.code)).toContain('BAD_USER_INPUT');
  expectNothingLeaks(errors);
});

test('a failure of ours is masked over HTTP, with a request id that the log has too', async () => {
  const broken = await startSystem({ roles: ['api'], env: { LOG_LEVEL: 'silent', NODE_ENV: 'development' } });
  try {
    const { publicId } = await makeLot(broken);
    await broken.platform.orm.em.fork().execute('alter table lot rename to lot_gone');
    const { data, errors } = await broken
      .client()
      .query('query Q($id: ID!) { node(id: $id) { id } }', { id: publicId });
    expect(data).toEqual({ node: null });
    expect(errors).toEqual([
      {
        message: expect.stringContaining('our side'),
        path: ['node'],
        locations: expect.anything(),
        extensions: { code: 'INTERNAL', requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
    ]);
    expectNothingLeaks(errors);
  } finally {
    await broken.stop();
  }
});

test('the masking notices a leak', () => {
  expect(() => expectNothingLeaks({ message: 'select * from lot' })).toThrow();
  expect(() => expectNothingLeaks({ message: `${SECRET}` })).toThrow();
});

test.each(Object.entries(MISTAKES))(
  'over the websocket, %s is told in the same way',
  async (_name, { query, variables }) => {
    const socket = await rawSocket(system.wsUrl);
    await socket.init();
    socket.send({ id: '1', type: 'subscribe', payload: { query, ...(variables === undefined ? {} : { variables }) } });
    const answer = await socket.next();
    expect(answer.type).toBe('error');
    expect(answer.payload[0].extensions).toEqual({ code: expect.any(String), requestId: expect.any(String) });
    expectNothingLeaks(answer);
    socket.ws.close();
  },
);

test('a token that is not good is refused with 401 and never served as nobody', async () => {
  for (const token of [
    'garbage',
    `pwk_${'A'.repeat(43)}_${'A'.repeat(43)}`,
    `${(await lot.driverToken()).slice(0, -4)}AAAA`,
  ]) {
    const { status, errors, data, headers } = await system.client(token).query('{ __typename }');
    expect([status, data, errors?.[0]?.extensions.code, headers.get('www-authenticate')]).toEqual([
      401,
      undefined,
      'UNAUTHENTICATED',
      'Bearer',
    ]);
    expectNothingLeaks(errors);
    expect(JSON.stringify(errors)).not.toContain(token);
  }
});

test('a body that is no JSON, another media type and an unknown path are told in the same shape', async () => {
  const post = (headers: Record<string, string>, body: string, path = '/graphql') =>
    fetch(`${system.url}${path}`, { method: 'POST', headers, body });
  const answers = [
    { expected: [400, 'BAD_REQUEST'], response: await post({ 'content-type': 'application/json' }, `{"${SECRET}`) },
    {
      expected: [400, 'BAD_REQUEST'],
      response: await post({ 'content-type': 'application/json' }, '{}', `/${SECRET}%zz`),
    },
    { expected: [415, 'BAD_REQUEST'], response: await post({ 'content-type': 'text/xml' }, SECRET) },
    { expected: [404, 'NOT_FOUND'], response: await post({ 'content-type': 'application/json' }, '{}', `/${SECRET}`) },
    {
      expected: [400, 'BAD_REQUEST'],
      response: await post({ 'content-type': 'application/json' }, '{"query": "{ __typename }", "variables": "text"}'),
    },
  ];
  for (const { expected, response } of answers) {
    const body = (await response.json()) as { errors: { extensions: { code: string; requestId: string } }[] };
    expect([response.status, body.errors[0]?.extensions.code]).toEqual(expected);
    expect(body.errors[0]?.extensions.requestId).toBe(response.headers.get('x-request-id'));
    expectNothingLeaks(body);
  }
});

test('a request id of the caller is kept when it is a plain word, and replaced when it is not', async () => {
  const idFor = async (given: string) =>
    (await system.client().query('{ __typename }', {}, { 'x-request-id': given })).headers.get('x-request-id');
  expect(await idFor('gate-7_2026-11-20')).toBe('gate-7_2026-11-20');
  expect(await idFor('<script>alert(1)</script>')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await idFor('x'.repeat(65))).toMatch(/^[0-9a-f-]{36}$/);
});

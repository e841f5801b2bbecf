import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_LIMITS } from '../../src/http/limits.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { eventuallyPasses } from '../support/eventually.ts';
import { SubscriptionFailed } from '../support/graphql-client.ts';
import { expectInTime } from '../support/in-time.ts';
import { rawSocket, type RawSocket } from '../support/raw-socket.ts';
import { timed } from '../support/standstill.ts';
import { LIFTED_LIMITS, startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot, type TestLot } from '../support/world.ts';

const WATCH = 'subscription Watch($lotIds: [ID!]!) { availability(lotIds: $lotIds) { lotId version free } }';

let system: TestSystem;
let lot: TestLot;
beforeAll(async () => {
  system = await startSystem({ env: { LOG_LEVEL: 'silent', ALLOWED_ORIGINS: 'https://park.example' } });
  lot = await makeLot(system);
});
afterAll(() => system?.stop());

const watch = (id = '1') => ({
  id,
  type: 'subscribe',
  payload: { query: WATCH, variables: { lotIds: [lot.publicId] } },
});

async function opened(payload?: Record<string, unknown>): Promise<RawSocket> {
  const socket = await rawSocket(system.wsUrl);
  await socket.init(payload);
  return socket;
}

describe('the protocol', () => {
  test('a session is opened, acknowledged, and shows the snapshot at once', async () => {
    const socket = await rawSocket(system.wsUrl);
    expect(await socket.init()).toEqual({ type: 'connection_ack' });
    socket.send(watch());
    expect(await socket.next()).toMatchObject({
      id: '1',
      type: 'next',
      payload: { data: { availability: { lotId: lot.publicId, free: 3 } } },
    });
    socket.send({ id: '1', type: 'complete' });
    socket.send({ type: 'ping', payload: { at: 1 } });
    expect(await socket.next()).toEqual({ type: 'pong', payload: { at: 1 } });
    socket.ws.close();
  });

  test('another subprotocol is closed with 4406', async () => {
    const socket = await rawSocket(system.wsUrl, { protocol: null });
    expect((await socket.closed).code).toBe(4406);
  });

  test('what is no message is closed with 4400', async () => {
    const socket = await opened();
    socket.send('{"type": "launch"}');
    expect(await socket.closed).toEqual({ code: 4400, reason: 'Invalid message received' });
  });

  test('subscribing before the session is open is closed with 4401', async () => {
    const socket = await rawSocket(system.wsUrl);
    socket.send(watch());
    expect((await socket.closed).code).toBe(4401);
  });

  test('a second subscription with a running id is closed with 4409', async () => {
    const socket = await opened();
    socket.send(watch());
    await socket.next();
    socket.send(watch());
    expect((await socket.closed).code).toBe(4409);
  });

  test('opening the session twice is closed with 4429', async () => {
    const socket = await opened();
    socket.send({ type: 'connection_init' });
    expect((await socket.closed).code).toBe(4429);
  });

  test('a session that is not opened within three seconds is closed with 4408', async () => {
    const socket = await rawSocket(system.wsUrl);
    const { result, ms } = await timed(() => socket.closed);
    expect(result.code).toBe(4408);
    expectInTime('closed', ms, 4000);
  });

  test('a credential that is not good is closed with 4403, never served as nobody', async () => {
    const socket = await rawSocket(system.wsUrl);
    socket.send({ type: 'connection_init', payload: { authorization: 'Bearer garbage' } });
    expect((await socket.closed).code).toBe(4403);
  });
});

describe('abuse', () => {
  test('a message over 64 KiB is closed with 1009', async () => {
    const socket = await opened();
    socket.send({ id: '1', type: 'subscribe', payload: { query: `${WATCH} #${'x'.repeat(70_000)}` } });
    expect((await socket.closed).code).toBe(1009);
  });

  test('a page of another origin gets no socket; one on the list, and machines without an origin, do', async () => {
    await expect(rawSocket(system.wsUrl, { headers: { origin: 'https://evil.example' } })).rejects.toThrow('403');
    for (const headers of [{ origin: 'https://park.example' }, { origin: system.url }, {}]) {
      const socket = await rawSocket(system.wsUrl, { headers: headers });
      socket.ws.close();
    }
  });

  test('another path gets no socket', async () => {
    await expect(rawSocket(system.wsUrl.replace('/graphql', '/other'))).rejects.toThrow('404');
  });

  test('who is refused a socket keeps none, although they never end theirs', async () => {
    const { port, hostname } = new URL(system.url);
    const client = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    const gone = new Promise<void>((resolve) => client.on('error', () => resolve()));
    client.resume();
    client.write('GET /other HTTP/1.1\r\nHost: parkwell\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await once(client, 'end');
    const knocking = setInterval(() => client.write('x'), 10);
    await gone;
    clearInterval(knocking);
    client.destroy();
  });

  test('bad credentials count as requests of their address: who keeps guessing is told to wait', async () => {
    const strict = { ...LIFTED_LIMITS, requestsPerMinute: { ...LIFTED_LIMITS.requestsPerMinute, PUBLIC: 2 } };
    const limited = await startSystem({ roles: ['api'], beside: system, limits: strict });
    try {
      const codes: number[] = [];
      for (let guess = 0; guess < 3; guess++) {
        const socket = await rawSocket(limited.wsUrl);
        socket.send({ type: 'connection_init', payload: { authorization: 'Bearer garbage' } });
        codes.push((await socket.closed).code);
      }
      expect(codes).toEqual([4403, 4403, 1013]);
    } finally {
      await limited.stop();
    }
  });

  test('queries and mutations are sent to HTTP', async () => {
    const socket = await opened();
    for (const query of ['{ __typename }', 'mutation { __typename }']) {
      socket.send({ id: query, type: 'subscribe', payload: { query } });
      expect(await socket.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'BAD_REQUEST' } }] });
    }
    socket.ws.close();
  });

  test('an id that is too long is refused and not repeated in a close reason', async () => {
    const socket = await opened();
    socket.send(watch('x'.repeat(200)));
    expect(await socket.next()).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'BAD_REQUEST' } }] });
    socket.ws.close();
  });

  test('limits per socket, viewer and address hold', async () => {
    const strict = { ...LIFTED_LIMITS, subscriptionsPerSocket: 2, socketsPerViewer: 2, socketsPerAddress: 5 };
    const limited = await startSystem({ roles: ['api'], beside: system, limits: strict });
    try {
      const anonymous = await rawSocket(limited.wsUrl);
      await anonymous.init();
      for (const id of ['1', '2']) {
        anonymous.send(watch(id));
        expect(await anonymous.next()).toMatchObject({ id, type: 'next' });
      }
      anonymous.send(watch('3'));
      expect(await anonymous.next()).toMatchObject({
        id: '3',
        type: 'error',
        payload: [{ extensions: { code: 'RATE_LIMITED' } }],
      });
      const payload = { authorization: `Bearer ${await lot.driverToken()}` };
      const own = await Promise.all([0, 1, 2].map(() => rawSocket(limited.wsUrl)));
      for (const socket of own) socket.send({ type: 'connection_init', payload });
      expect((await Promise.race(own.map((socket) => socket.closed))).code).toBe(1013);
      // The place of the one that was closed is free when the server has seen its end, too.
      for (let n = 0; n < 2; n++) await eventuallyPasses(() => rawSocket(limited.wsUrl));
      await expect(rawSocket(limited.wsUrl)).rejects.toThrow('429');
    } finally {
      await limited.stop();
    }
  });

  test('new subscriptions count as requests', async () => {
    const strict = { ...DEFAULT_LIMITS, requestsPerMinute: { ...DEFAULT_LIMITS.requestsPerMinute, PUBLIC: 2 } };
    const limited = await startSystem({ roles: ['api'], beside: system, limits: strict });
    try {
      const socket = await rawSocket(limited.wsUrl);
      await socket.init();
      for (const id of ['1', '2', '3']) socket.send(watch(id));
      let answer = await socket.next();
      while (answer.id !== '3') answer = await socket.next();
      expect(answer).toMatchObject({ type: 'error', payload: [{ extensions: { code: 'RATE_LIMITED' } }] });
    } finally {
      await limited.stop();
    }
  });
});

describe('who asks', () => {
  test('a subscription for drivers is refused to nobody, by the same rule as over HTTP', async () => {
    const document = 'subscription R($id: ID!) { reservation(id: $id) { id } }';
    const live = system.subscribe(document, { id: 'res_none' });
    const refusal = await live.next().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(SubscriptionFailed);
    expect((refusal as SubscriptionFailed).problem.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    await live.stop();
  });

  test('an expired login ends its sockets within 30 s, and a fresh one opens another', async () => {
    const clock = new MovableClock();
    const other = await startSystem({ roles: ['api'], beside: system, clock });
    try {
      const driver = await makeDriver(system);
      const payload = { authorization: `Bearer ${driver.token}` };
      const socket = await rawSocket(other.wsUrl);
      await socket.init(payload);
      socket.send(watch());
      await socket.next();
      clock.advance(16 * 60_000);
      const { result, ms } = await timed(() => socket.closed);
      expect(result.code).toBe(4403);
      expect(ms).toBeLessThan(30_000);
      const fresh = await rawSocket(other.wsUrl);
      expect(await fresh.init({ authorization: `Bearer ${await loginOf(other, driver)}` })).toEqual({
        type: 'connection_ack',
      });
      fresh.ws.close();
    } finally {
      await other.stop();
    }
  });

  test('a revoked device loses its sockets within 30 s', async () => {
    const socket = await opened({ authorization: `Bearer ${lot.boardKey}` });
    socket.send(watch());
    await socket.next();
    const { forgetDeviceKey } = await import('../../src/accounts/device-keys.ts');
    const [device] = await system.platform.orm.em
      .fork()
      .execute<{ id: string }[]>(
        `update device set revoked_at = now() where lot_id = ? and role = 'BOARD' returning id`,
        [lot.id],
      );
    await forgetDeviceKey(system.platform, { lotId: lot.id, id: device!.id });
    expect((await socket.closed).code).toBe(4403);
  });
});

test('a server that closes tells its sockets 1001, is not ready meanwhile, and takes no new ones', async () => {
  const closing = await startSystem({ roles: ['api'], beside: system });
  const socket = await rawSocket(closing.wsUrl);
  await socket.init();
  await closing.closeApp();
  expect(await socket.closed).toEqual({ code: 1001, reason: 'Going away' });
  await expect(rawSocket(closing.wsUrl)).rejects.toThrow();
  await closing.stop();
});

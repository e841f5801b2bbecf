import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { startRedis } from '../../sandbox/servers/redis.ts';
import { computeAvailabilities } from '../../src/availability/compute-availability.ts';
import { startProjector } from '../../src/availability/projector.ts';
import { boardKey, readSnapshot, storeSnapshot } from '../../src/availability/snapshot.ts';
import { watchAvailability } from '../../src/availability/watch-availability.ts';
import { Spot } from '../../src/entities/spot.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { openLiveQuery } from '../../src/platform/live-query.ts';
import { PARTITIONS, partitionTag } from '../../src/platform/redis.ts';
import { topic } from '../../src/platform/topics.ts';
import { eventually, eventuallyTrue } from '../support/eventually.ts';
import { rawSocket } from '../support/raw-socket.ts';
import { timed } from '../support/standstill.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const WATCH = `subscription Watch($lotIds: [ID!]!) { availability(lotIds: $lotIds) { lotId version free total } }`;

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

async function setSensed(lot: TestLot, sensedOccupied: boolean): Promise<void> {
  await inTransaction(system.platform, async (tx) => {
    await tx.em.nativeUpdate(Spot, { lotId: lot.id, id: lot.spots[0]!.id }, { sensedOccupied });
    tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
  });
}

function snapshotText(lotId: string, version: number): string {
  return JSON.stringify({
    lotId,
    version,
    asOf: '2026-11-20T08:00:00.000Z',
    total: 1,
    free: version % 2,
    freeForWalkIns: 0,
    byType: [],
    byLevel: [],
  });
}

describe('a reader that stalls', () => {
  const EVENTS = 5000;
  const publishAll = async (lotId: string, firstVersion: number) => {
    const pipeline = system.platform.redis.pipeline();
    for (let event = 0; event < EVENTS; event++)
      pipeline.publish(topic.availability(lotId), snapshotText(lotId, firstVersion + event));
    await pipeline.exec();
  };

  /** Publishes and waits until this process has heard the last: all its subscribers hear a message together. */
  const publishedAndHeard = async (lotId: string, firstVersion: number) => {
    const { pubsub } = system.platform.topics;
    let heard = 0;
    const id = await pubsub.subscribe(
      topic.availability(lotId),
      ({ version }: { version: number }) => (heard = version),
    );
    await publishAll(lotId, firstVersion);
    await eventuallyTrue(() => Promise.resolve(heard === firstVersion + EVENTS - 1));
    pubsub.unsubscribe(id);
  };

  test('keeps one value a lot, and is shown the newest when it reads again', async () => {
    const lot = await makeLot(system);
    const first = (await readSnapshot(system.platform, lot.id))!.version + 1_000_000;
    const live = await watchAvailability(system.platform, [lot.id]);
    await publishedAndHeard(lot.id, first);
    expect((await live.next()).value.version).toBe(first + EVENTS - 1);
    const nothingMore = live.next();
    await live.return?.();
    expect(await nothingMore).toMatchObject({ done: true });
  });

  test('(without the queue: the library’s iterator keeps every event)', async () => {
    const lot = await makeLot(system);
    const plain = system.platform.topics.pubsub.asyncIterator<{ version: number }>(topic.availability(lot.id));
    void plain.next();
    await eventuallyTrue(
      async () => Number((await system.platform.redis.pubsub('NUMSUB', topic.availability(lot.id)))[1]) === 1,
    );
    await publishedAndHeard(lot.id, 1);
    const { pushQueue } = plain as unknown as { pushQueue: unknown[] };
    expect(pushQueue.length).toBeGreaterThan(EVENTS - 10);
    await plain.return?.();
  });

  test('over a socket is closed within 30 s, while others are shown everything', async () => {
    const lot = await makeLot(system);
    const first = (await readSnapshot(system.platform, lot.id))!.version + 1_000_000;
    const other = system.subscribe(WATCH, { lotIds: [lot.publicId] });
    await other.next();
    const stalled = await rawSocket(system.wsUrl);
    await stalled.init();
    stalled.send({ id: '1', type: 'subscribe', payload: { query: WATCH, variables: { lotIds: [lot.publicId] } } });
    await stalled.next();
    const { _socket: socket } = stalled.ws as unknown as { _socket: { pause(): void; resume(): void } };
    socket.pause();
    const before = heapUsed();
    await publishAll(lot.id, first);
    for (let last = 0; last < first + EVENTS - 1;) last = (await other.next()).availability.version;
    const { subscribers } = system.platform.metrics;
    const { ms } = await timed(() => eventuallyTrue(async () => (await openSockets()) === 1));
    expect(ms).toBeLessThan(30_000);
    expect((await subscribers.get()).values[0]?.value).toBe(1);
    expect(heapUsed() - before).toBeLessThan(50_000_000);
    socket.resume();
    stalled.ws.terminate();
    await other.stop();
  });
});

/** What is held, without what would be collected. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

/** How many websockets the server holds: an upgrade is a connection that its HTTP server still counts. */
async function openSockets(): Promise<number> {
  const { default: net } = await import('node:net');
  const port = Number(new URL(system.url).port);
  const handles = (process as unknown as { _getActiveHandles(): object[] })._getActiveHandles();
  return handles.filter(
    (handle) =>
      handle instanceof net.Socket &&
      handle.localPort === port &&
      !handle.destroyed &&
      'parser' in handle &&
      (handle as unknown as { parser: unknown }).parser === null,
  ).length;
}

describe('nothing falls between the snapshot and the changes', () => {
  const changeWhileReading = async (lot: TestLot) => {
    const { version } = (await readSnapshot(system.platform, lot.id))!;
    await setSensed(lot, true);
    await eventuallyTrue(async () => (await readSnapshot(system.platform, lot.id))!.version > version);
  };

  test('because it is subscribed to first', async () => {
    const lot = await makeLot(system);
    const live = await openLiveQuery(system.platform, {
      topics: [topic.availability(lot.id)],
      read: async () => {
        const snapshot = (await readSnapshot(system.platform, lot.id))!;
        await changeWhileReading(lot);
        return [{ key: lot.id, version: snapshot.version, value: snapshot.free }];
      },
      hear: (message) => {
        const { version, free } = message as { version: number; free: number };
        return { key: lot.id, version, value: free };
      },
    });
    expect((await live.next()).value).toBe(2);
    await live.return?.();
  });

  test('(the other way round the change is lost)', async () => {
    const lot = await makeLot(system);
    const { pubsub } = system.platform.topics;
    const hear = (free: number[]) =>
      pubsub.subscribe(topic.availability(lot.id), (message: { free: number }) => free.push(message.free));
    const told: number[] = [];
    const before = await hear(told);
    const shown = [(await readSnapshot(system.platform, lot.id))!.free];
    await changeWhileReading(lot);
    await eventuallyTrue(async () => told.includes(2));
    const after = await hear(shown);
    // Whatever else comes: the change was told before.
    await pubsub.publish(topic.availability(lot.id), { free: -1 });
    await eventuallyTrue(async () => shown.includes(-1));
    [before, after].forEach((id) => pubsub.unsubscribe(id));
    expect(shown).toEqual([3, -1]);
  });
});

describe('two projectors that overtake each other', () => {
  const twoCounts = async (lot: TestLot) => {
    const count = async () =>
      (await computeAvailabilities(system.platform.orm.em.fork(), [lot.id], system.clock.now()))[0]!;
    const older = await count();
    await system.platform.orm.em
      .fork()
      .nativeUpdate(Spot, { lotId: lot.id, id: lot.spots[0]!.id }, { inService: false });
    return { older, newer: await count() };
  };

  test('never leave the older count standing', async () => {
    const lot = await makeLot(system);
    const { older, newer } = await twoCounts(lot);
    const stored = await storeSnapshot(system.platform, newer);
    const late = await storeSnapshot(system.platform, older);
    expect(late).toEqual({ changed: false, snapshot: stored.snapshot });
    expect(await readSnapshot(system.platform, lot.id)).toMatchObject({ total: 2, version: stored.snapshot.version });
  });

  test('(the last to write wins when the basis is not looked at)', async () => {
    const lot = await makeLot(system);
    const { older, newer } = await twoCounts(lot);
    await storeSnapshot(system.platform, newer);
    await storeSnapshot(system.platform, { ...older, basis: newer.basis });
    expect(await readSnapshot(system.platform, lot.id)).toMatchObject({ total: 3 });
  });
});

const leaseOf = (partition: number) => `${partitionTag(partition)}:projector`;

/** How many scripts Redis was asked to run; a worker asks for each of its leases every second. */
async function leasesAskedFor(): Promise<number> {
  const stats = await system.platform.redis.info('commandstats');
  return Number(/cmdstat_eval:calls=(\d+)/.exec(stats)?.[1] ?? 0);
}

describe('a worker that dies', () => {
  test('is followed by another, which counts what was told to nobody', async () => {
    const lot = await makeLot(system);
    await readSnapshot(system.platform, lot.id);
    // As a worker would leave it that was killed a moment ago: its leases stand, and nobody listens.
    const leases = Array.from({ length: PARTITIONS }, (_, partition) => leaseOf(partition));
    const { redis } = system.platform;
    await redis.mset(...leases.flatMap((lease) => [lease, 'dead worker']));
    const before = await leasesAskedFor();
    await eventuallyTrue(async () => (await leasesAskedFor()) > before + 2 * PARTITIONS);
    await setSensed(lot, true);
    expect((await readSnapshot(system.platform, lot.id))?.free).toBe(3);
    // They run out.
    await redis.del(...leases);
    await eventuallyTrue(async () => (await readSnapshot(system.platform, lot.id))?.free === 2);
  });

  test('leaves its partitions to another at once when it is stopped in order', async () => {
    const lot = await makeLot(system);
    const { redis } = system.platform;
    const holder = () => redis.get(leaseOf(lot.partition));
    const first = await eventually(holder, (name) => name !== null);
    const second = await startSystem({ beside: system, roles: ['worker'] });
    // Taken from the first until the second one is faster.
    const taken = await eventually(
      async () => {
        const name = await holder();
        if (name === first) await redis.del(leaseOf(lot.partition));
        return name;
      },
      (name) => name !== null && name !== first,
    );
    await second.stop();
    expect(await holder()).not.toBe(taken);
    await readSnapshot(system.platform, lot.id);
    await setSensed(lot, true);
    await eventuallyTrue(async () => (await readSnapshot(system.platform, lot.id))?.free === 2);
  });
});

describe('Redis that stores no boards for a while', () => {
  const allow = (...rules: string[]) => system.platform.redis.call('ACL', 'SETUSER', 'default', ...rules);
  const whileItStoresNone = async <T>(work: () => Promise<T>): Promise<T> => {
    await allow('-eval', '-hget');
    return work().finally(() => allow('+eval', '+hget'));
  };

  test('is made up for by counting, one version after another whatever the clocks say, until it stores them again', async () => {
    const lot = await makeLot(system);
    const { version } = (await readSnapshot(system.platform, lot.id))!;
    const live = await whileItStoresNone(async () => {
      await setSensed(lot, true);
      const watched = system.subscribe(WATCH, { lotIds: [lot.publicId] });
      expect((await watched.next()).availability).toMatchObject({ free: 2, version: version + 1 });
      // Back to what Redis has stored: to Redis nothing will have changed.
      await setSensed(lot, false);
      await eventuallyTrue(async () => (await readSnapshot(system.platform, lot.id))?.free === 3);
      return watched;
    });
    let shown = (await live.next()).availability;
    if (shown.version <= version + 2) shown = (await live.next()).availability;
    expect(shown).toMatchObject({ free: 3 });
    expect(shown.version).toBeGreaterThan(version + 2);
    await setSensed(lot, true);
    expect((await live.next()).availability).toMatchObject({ free: 2 });
    await live.stop();
  });
});

describe('a projector that cannot subscribe when it starts', () => {
  test('tries until it can, and counts what it missed', async () => {
    const beside = await startSystem({ roles: ['api'] });
    const allow = (rule: string) => beside.platform.redis.call('ACL', 'SETUSER', 'default', rule);
    try {
      const lot = await makeLot(beside);
      await allow('-subscribe');
      const projector = startProjector(beside.platform);
      await eventuallyTrue(async () => ((await beside.platform.redis.acl('LOG')) as unknown[]).length > 0);
      await allow('+subscribe');
      await eventuallyTrue(async () => {
        const [, listeners] = await beside.platform.redis.pubsub('NUMSUB', topic.lotChanged(lot.partition));
        return listeners === 1;
      });
      await inTransaction(beside.platform, async (tx) => {
        await tx.em.nativeUpdate(Spot, { lotId: lot.id }, { sensedOccupied: true });
        tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
      });
      await eventuallyTrue(async () => (await readSnapshot(beside.platform, lot.id))?.free === 0);
      await projector.stop();
    } finally {
      await beside.stop();
    }
  });
});

// Last, because it takes Redis away from the others.
describe('Redis that was killed and comes back empty', () => {
  test('costs no board its truth: versions still grow, and ten seconds later all is counted again', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 4 } });
    const quiet = await makeLot(system);
    const live = system.subscribe(WATCH, { lotIds: [lot.publicId] });
    let { version } = (await live.next()).availability;
    const { port } = system.redis;
    await system.redis.stop();
    // Told to nobody: there is no Redis.
    await setSensed(lot, true);
    const dir = mkdtempSync(join(tmpdir(), 'parkwell-test-redis-'));
    const again = await startRedis({
      program: { binary: process.env['PARKWELL_TEST_REDIS_BIN']! },
      dir,
      appendonly: false,
      removeAfterwards: dir,
      port,
    });
    try {
      for (let free = 4; free !== 3;) {
        const { availability } = await live.next();
        expect(availability.version).toBeGreaterThan(version);
        ({ version, free } = availability);
      }
      await eventuallyTrue(async () => (await system.platform.redis.hget(boardKey(quiet.id), 'json')) !== null);
      await setSensed(lot, false);
      expect((await live.next()).availability).toMatchObject({ free: 4 });
      await live.stop();
    } finally {
      await system.closeApp();
      await again.stop();
    }
  });
});

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { inTransaction } from '../../src/platform/db.ts';
import { relayOutbox, startOutboxRelay, type OutboxMessage, type OutboxSink } from '../../src/platform/outbox.ts';
import { topic } from '../../src/platform/topics.ts';
import { COMPLETE, hoursFrom, reserve, reserveInput, CANCEL } from '../support/booking.ts';
import { eventually, eventuallyTrue } from '../support/eventually.ts';
import { timed } from '../support/standstill.ts';
import { moneySettled } from '../journeys/payment-steps.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';
import { counted, keyOf } from './steps.ts';

const RELAYS = 4;

let system: TestSystem;
const relays: { stop(): Promise<void> }[] = [];

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system?.stop());
beforeEach(() => system.platform.orm.em.fork().execute('DELETE FROM outbox_event'));
afterEach(stopRelays);

async function stopRelays(): Promise<void> {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
}

const sql = <T = Record<string, unknown>>(text: string, params: unknown[] = []) =>
  system.platform.orm.em.fork().execute<T[]>(text, params);

/** A consumer that writes down what it hears; `behave` may be slow or refuse. */
function listener(behave: (message: OutboxMessage) => Promise<void> | void = () => undefined) {
  const heard: OutboxMessage[] = [];
  const sink: OutboxSink = {
    name: 'listener',
    wants: () => true,
    deliver: async (_platform, message) => {
      await behave(message);
      heard.push(message);
    },
  };
  const of = (aggregateId: string) => heard.filter((message) => message.aggregateId === aggregateId);
  return { heard, sink, of, steps: (aggregateId: string) => of(aggregateId).map(({ payload }) => payload['step']) };
}

/** Writes the numbered events of an aggregate, each in a transaction of its own. */
async function tell(aggregateId: string, steps: readonly number[]): Promise<void> {
  for (const step of steps) {
    await inTransaction(system.platform, async (tx) =>
      tx.announce({ lotId: aggregateId, type: 'test.step', aggregateId, payload: { step } }),
    );
  }
}

const ids = (count: number) => Array.from({ length: count }, () => randomUUID());
const upTo = (count: number) => Array.from({ length: count }, (_, step) => step);
const open = async () =>
  Number((await sql<{ n: string }>('SELECT count(*) AS n FROM outbox_event WHERE relayed_at IS NULL'))[0]?.n);

describe('what happens to reservations', () => {
  test('is told once it is committed: held, confirmed, cancelled, in this order and with growing revisions, of each of many at once', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 12 } });
    const { heard, sink, of } = listener(() => wait(Math.random() * 10));
    relays.push(...Array.from({ length: RELAYS }, () => startOutboxRelay(system.platform, [sink])));
    const reservations = await Promise.all(
      upTo(12).map(async () => {
        const driver = await makeDriver(system);
        const client = system.client(driver.token);
        const { reservation } = await reserve(client, reserveInput(lot, hoursFrom(system.clock.now(), 24, 4)));
        const about = { reservationId: reservation.id };
        await client.query(COMPLETE, {
          input: { ...about, idempotencyKey: randomUUID(), paymentMethodId: 'pm_card_visa' },
        });
        await client.query(CANCEL, { input: { ...about, idempotencyKey: randomUUID() } });
        return keyOf(reservation.id);
      }),
    );
    // What the provider says of it is told later, and is nobody else's.
    await moneySettled(system);
    await eventually(open, (left) => left === 0);
    await stopRelays();
    for (const { reservationId } of reservations) {
      expect(of(reservationId).map(({ type }) => type)).toEqual([
        'reservation.held',
        'reservation.confirmed',
        'reservation.cancelled',
      ]);
      const revisions = of(reservationId).map(({ payload }) => Number(payload['revision']));
      expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    }
    expect(new Set(heard.map(({ id }) => id)).size).toBe(heard.length);
  });

  test('is not told when the transaction rolled back', async () => {
    const aggregateId = randomUUID();
    const work = inTransaction(system.platform, async (tx) => {
      tx.announce({ lotId: aggregateId, type: 'test.step', aggregateId, payload: { step: 0 } });
      await tx.em.execute('SELECT 1');
      throw new Error('refused after the announcement');
    });
    await expect(work).rejects.toThrow('refused after');
    await tell(aggregateId, [1]);
    const { sink, steps } = listener();
    await relayOutbox(system.platform, [sink]);
    expect(steps(aggregateId)).toEqual([1]);
  });

  test('wakes the relay up at once', async () => {
    const { sink, steps } = listener();
    // Its own next look would come too late.
    relays.push(startOutboxRelay(system.platform, [sink], { pollMs: 3_600_000 }));
    await eventuallyTrue(async () => {
      const [, listeners] = await system.platform.redis.pubsub('NUMSUB', topic.outbox);
      return listeners === 1;
    });
    for (let n = 0; n < 10; n++) {
      const [aggregateId = ''] = ids(1);
      await tell(aggregateId, [0]);
      await eventuallyTrue(async () => steps(aggregateId).length === 1);
    }
  });
});

describe('the order of one aggregate', () => {
  test('is kept by several relays whose consumer takes the longer the earlier the message', async () => {
    const aggregates = ids(5);
    // One after the other, so that the messages of one aggregate lie side by side.
    for (const id of aggregates) await tell(id, upTo(6));
    const { sink, steps } = listener(({ payload }) => wait(120 - 20 * Number(payload['step'])));
    await Promise.all(Array.from({ length: RELAYS }, () => relayUntilEmpty([sink])));
    for (const id of aggregates) expect(steps(id)).toEqual(upTo(6));
  });

  test('twin: is lost by relays that each skip the rows the others have locked', async () => {
    const aggregates = ids(5);
    // One after the other, so that the messages of one aggregate lie side by side.
    for (const id of aggregates) await tell(id, upTo(6));
    // The first message of each is taken as soon as a later one has been: the order is lost however fast the relays are.
    const { sink, steps } = listener(async ({ aggregateId, payload }) => {
      if (payload['step'] === 0) await eventuallyTrue(async () => steps(aggregateId).length > 0);
    });
    await Promise.all(Array.from({ length: RELAYS }, () => skippingRelay(sink)));
    for (const id of aggregates) expect(steps(id)).not.toEqual(upTo(6));
  });

  test('is the order of the commits, also when the clock of the process that came later is behind', async () => {
    const [aggregateId = ''] = ids(1);
    await tell(aggregateId, [0]);
    system.clock.advance(-5000);
    await tell(aggregateId, [1]);
    system.clock.advance(5000);
    const byId = await sql<{ payload: { step: number } }>('SELECT payload FROM outbox_event ORDER BY id');
    // The bug that an order by id or by time would be.
    expect(byId.map(({ payload }) => payload.step)).toEqual([1, 0]);
    const { sink, steps } = listener();
    await relayOutbox(system.platform, [sink]);
    expect(steps(aggregateId)).toEqual([0, 1]);
  });
});

describe('a message that its consumer refuses', () => {
  // It is tried again after seconds, and those pass when a test says so.
  beforeAll(() => system.clock.freezeAt(system.clock.now()));
  afterAll(() => system.clock.runFrom(system.clock.now()));

  const refusing = (poison: string) =>
    listener(({ aggregateId, payload }) => {
      if (aggregateId === poison && payload['step'] === 0) throw new Error('this message can not be taken');
    });

  test('holds up its own aggregate alone, is parked after five tries and counted; what follows it is then told', async () => {
    const [poison = '', ...others] = ids(21);
    await tell(poison, [0, 1]);
    await Promise.all(others.map((id) => tell(id, [0])));
    const { sink, steps } = refusing(poison);
    const before = await counted(system.platform.metrics, 'outboxParked', { type: 'test.step' });
    expect(await relayOutbox(system.platform, [sink])).toBe(others.length);
    for (const seconds of [1, 2, 4, 8]) {
      expect(steps(poison)).toEqual([]);
      system.clock.advance(seconds * 1000 - 1);
      expect(await relayOutbox(system.platform, [sink])).toBe(0);
      system.clock.advance(1);
      await relayOutbox(system.platform, [sink]);
    }
    expect(steps(poison)).toEqual([1]);
    expect(await sql('SELECT attempts FROM outbox_event WHERE parked_at IS NOT NULL')).toEqual([{ attempts: 5 }]);
    expect((await counted(system.platform.metrics, 'outboxParked', { type: 'test.step' })) - before).toBe(1);
  });

  test('is tried as often as it takes while what the consumer speaks to is away, and is never parked for that', async () => {
    const [aggregateId = ''] = ids(1);
    await tell(aggregateId, [0]);
    let away = true;
    const reach = () => {
      if (away) throw new Error('nobody answers');
    };
    const { sink, steps } = listener(reach);
    const sinks = [{ ...sink, ping: async () => reach() }];
    for (let second = 0; second < 20; second++) {
      expect(await relayOutbox(system.platform, sinks)).toBe(0);
      system.clock.advance(1000);
    }
    away = false;
    expect(await relayOutbox(system.platform, sinks)).toBe(1);
    expect(steps(aggregateId)).toEqual([0]);
  });

  test('by never answering delays others by less than five seconds', async () => {
    const [hanging = '', ...others] = ids(41);
    const { sink, heard } = listener(({ aggregateId }) =>
      aggregateId === hanging ? new Promise<void>(() => undefined) : undefined,
    );
    relays.push(startOutboxRelay(system.platform, [sink]));
    await tell(hanging, [0]);
    const { ms } = await timed(async () => {
      await Promise.all(others.map((id) => tell(id, [0])));
      await eventually(
        async () => heard.length,
        (count) => count === others.length,
      );
    });
    // A claim lasts thirty.
    expect(ms).toBeLessThan(20_000);
  });

  test('because its process died is taken up by another when the claim has run out', async () => {
    const [aggregateId = ''] = ids(1);
    await tell(aggregateId, [0]);
    // What a process leaves behind that died right after claiming.
    await sql(`UPDATE outbox_event SET attempts = 1, claimed_until = ?`, [
      new Date(system.clock.now().getTime() + 30_000),
    ]);
    const { sink, steps } = listener();
    expect(await relayOutbox(system.platform, [sink])).toBe(0);
    system.clock.advance(30_000);
    expect(await relayOutbox(system.platform, [sink])).toBe(1);
    expect(steps(aggregateId)).toEqual([0]);
  });
});

/** Other relays may hold the next message of an aggregate: an empty round is not the end. */
async function relayUntilEmpty(sinks: readonly OutboxSink[]): Promise<void> {
  await eventually(
    async () => {
      await relayOutbox(system.platform, sinks);
      return open();
    },
    (left) => left === 0,
  );
}

/** The usual queue: whoever comes takes the oldest row that nobody has locked. Nothing says that its aggregate has no older one under way. */
async function skippingRelay(sink: OutboxSink): Promise<void> {
  for (let found = true; found;) {
    await system.platform.orm.em.fork().transactional(async (em) => {
      const [row] = await em.execute<(OutboxMessage & { aggregate_id: string })[]>(
        'SELECT * FROM outbox_event WHERE relayed_at IS NULL ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED',
      );
      found = row !== undefined;
      if (!row) return;
      await sink.deliver(system.platform, { ...row, aggregateId: row.aggregate_id });
      await em.execute('UPDATE outbox_event SET relayed_at = now() WHERE id = ?', [row.id]);
    });
  }
}

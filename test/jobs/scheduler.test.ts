import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import pg from 'pg';
import { createScheduler, type JobData, type RunOutcome, type Scheduler } from '../../src/platform/agenda.ts';
import { createLog } from '../../src/platform/log.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { counted } from './steps.ts';

/** Where the queue's rows are looked at, and its clock is turned on: it reads the machine's. */
interface Queue {
  open(): Promise<Scheduler>;
  rows(): Promise<{ name: string; failures: number; due: boolean; locked: boolean }[]>;
  /** Makes what waits for its next try due now. */
  hurry(): Promise<void>;
  close(): Promise<void>;
}

const log = createLog('silent');

async function onPostgres(): Promise<Queue> {
  const system = await startSystem({ roles: ['api'] });
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  return {
    open: () => createScheduler({ databaseUrl: system.databaseUrl, mongodbUrl: undefined }, log),
    rows: async () =>
      (
        await client.query(
          `SELECT name, coalesce(fail_count, 0) AS failures, next_run_at IS NOT NULL AS due, locked_at IS NOT NULL AS locked FROM agenda_jobs`,
        )
      ).rows,
    hurry: async () => {
      await client.query(
        'UPDATE agenda_jobs SET next_run_at = now() WHERE next_run_at > now() AND fail_count > 0 AND locked_at IS NULL',
      );
    },
    close: async () => {
      await client.end();
      await system.stop();
    },
  };
}

async function onMongo(url: string): Promise<Queue> {
  const database = new URL(url);
  database.pathname = `/parkwell_test_${randomBytes(6).toString('hex')}`;
  const client = await new MongoClient(database.href).connect();
  const jobs = client.db().collection('agenda_jobs');
  return {
    open: () => createScheduler({ databaseUrl: 'postgres://nobody@127.0.0.1:1/none', mongodbUrl: database.href }, log),
    rows: async () =>
      (await jobs.find().toArray()).map(({ name, failCount, nextRunAt, lockedAt }) => ({
        name,
        failures: failCount ?? 0,
        due: nextRunAt != null,
        locked: lockedAt != null,
      })),
    hurry: async () => {
      const now = new Date();
      await jobs.updateMany(
        { nextRunAt: { $gt: now }, failCount: { $gt: 0 }, lockedAt: null },
        { $set: { nextRunAt: now } },
      );
    },
    close: async () => {
      await client.db().dropDatabase();
      await client.close();
    },
  };
}

const MONGODB_URL = process.env['MONGODB_URL'];
const stores: [string, (() => Promise<Queue>) | undefined][] = [
  ['PostgreSQL', onPostgres],
  ['MongoDB', MONGODB_URL ? () => onMongo(MONGODB_URL) : undefined],
];

for (const [store, openQueue] of stores) {
  if (!openQueue) {
    const why = `jobs on ${store}: not run, because MONGODB_URL names no server`;
    process.stderr.write(`${why}\n`);
    test.skip(why, () => undefined);
    continue;
  }
  describe(`jobs on ${store}`, () => {
    let queue: Queue;
    const opened: Scheduler[] = [];

    beforeAll(async () => {
      queue = await openQueue();
    });
    afterEach(async () => {
      for (const scheduler of opened.splice(0)) await scheduler.close();
    });
    afterAll(() => queue?.close());

    const open = async () => {
      const scheduler = await queue.open();
      opened.push(scheduler);
      return scheduler;
    };

    interface Ran {
      data: JobData;
      atMs: number;
    }

    /** A worker that writes down what it ran. */
    async function worker(name: string, behave: (data: JobData) => Promise<void> | void = () => undefined) {
      const ran: Ran[] = [];
      const outcomes: RunOutcome[] = [];
      const scheduler = await open();
      const run = async (data: JobData) => {
        ran.push({ data, atMs: Date.now() });
        await behave(data);
      };
      await scheduler.start([{ name, run }], (_job, outcome) => outcomes.push(outcome));
      return { scheduler, ran, outcomes, count: async () => ran.length };
    }

    test('run at their time, never before it, with their data, and leave nothing behind; a process without workers may schedule them', async () => {
      const { ran, count } = await worker('on-time');
      const when = new Date(Date.now() + 1500);
      const schedulerOfTheApi = await open();
      await schedulerOfTheApi.ping();
      await schedulerOfTheApi.schedule('on-time', when, { lotId: 'a', n: 1 });
      await schedulerOfTheApi.runIn('on-time', 0, { lotId: 'b', n: 2 });
      await eventually(count, (runs) => runs === 2);
      expect(ran.map(({ data }) => data)).toEqual(
        expect.arrayContaining([
          { lotId: 'b', n: 2 },
          { lotId: 'a', n: 1 },
        ]),
      );
      const { atMs } = ran.find(({ data }) => data['n'] === 1)!;
      expect(atMs - when.getTime()).toBeGreaterThanOrEqual(-1);
      await eventually(
        () => queue.rows(),
        (rows) => rows.every(({ name }) => name !== 'on-time'),
      );
    });

    test('run once each, however many workers there are', async () => {
      const workers = await Promise.all([worker('shared'), worker('shared'), worker('shared')]);
      const scheduler = await open();
      await Promise.all(Array.from({ length: 60 }, (_, n) => scheduler.runIn('shared', 0, { n })));
      const all = () => workers.flatMap(({ ran }) => ran.map(({ data }) => Number(data['n'])));
      await eventually(
        async () => all().length,
        (runs) => runs >= 60,
      );
      expect(all().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n));
    });

    test('that always fail are parked after five tries and said to be, and the others pass them by', async () => {
      let othersAreDone: () => void = () => undefined;
      const others = new Promise<void>((resolve) => (othersAreDone = resolve));
      const { scheduler, ran, outcomes } = await worker('mixed', async ({ poison }) => {
        if (!poison) return;
        // They take their time, too: the others do not wait for them.
        await others;
        throw new Error('this job can not be done');
      });
      for (let n = 0; n < 20; n++) await scheduler.runIn('mixed', 0, { n, poison: n % 4 === 0 });
      await eventually(
        async () => outcomes.filter((outcome) => outcome === 'DONE').length,
        (done) => done === 15,
      );
      othersAreDone();
      const parked = async () => {
        await queue.hurry();
        return outcomes.filter((outcome) => outcome === 'PARKED').length;
      };
      await eventually(parked, (count) => count === 5);
      expect(ran.filter(({ data }) => data['poison'])).toHaveLength(25);
      expect(outcomes.filter((outcome) => outcome === 'FAILED')).toHaveLength(20);
      const left = await eventually(
        () => queue.rows(),
        (rows) => rows.every(({ locked }) => !locked),
      );
      expect(left.filter(({ name }) => name === 'mixed')).toEqual(
        Array(5).fill({ name: 'mixed', failures: 5, due: false, locked: false }),
      );
    });

    test('under way are finished when their worker stops, and what it had only taken goes back at once', async () => {
      let finish: () => void = () => undefined;
      const slow = new Promise<void>((resolve) => (finish = resolve));
      const first = await worker('slow', () => slow);
      // As many as run at once, and more.
      for (let n = 0; n < 12; n++) await first.scheduler.runIn('slow', 0, { n });
      await eventually(first.count, (runs) => runs === 8);
      await eventually(
        () => queue.rows(),
        (rows) => rows.filter(({ name, locked }) => name === 'slow' && locked).length === 12,
      );
      let stopped = false;
      const stopping = first.scheduler.stop().then(() => (stopped = true));
      await eventually(
        () => queue.rows(),
        (rows) => rows.filter(({ name, locked }) => name === 'slow' && locked).length === 8,
      );
      const second = await worker('slow');
      await eventually(second.count, (runs) => runs === 4);
      expect(stopped).toBe(false);
      finish();
      await stopping;
      expect(first.ran).toHaveLength(8);
      expect([...first.ran, ...second.ran].map(({ data }) => Number(data['n'])).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 12 }, (_, n) => n),
      );
    });
  });
}

describe('a worker whose database server ends its connections', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system?.stop());

  test('goes on', async () => {
    const admin = new pg.Client({ connectionString: system.databaseUrl });
    await admin.connect();
    await admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await admin.end();
    const run = () => counted(system.platform.metrics, 'jobRuns', { job: 'drop-unpaid', outcome: 'done' });
    const key = {
      lotId: '01990000-0000-7000-8000-000000000000',
      reservationId: '01990000-0000-7000-8000-000000000001',
    };
    await eventually(
      () =>
        system.platform.scheduler.runIn('drop-unpaid', 0, key).then(
          () => true,
          () => false,
        ),
      (scheduled) => scheduled,
    );
    await eventually(run, (runs) => runs === 1);
  });
});

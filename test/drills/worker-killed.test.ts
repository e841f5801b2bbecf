import { spawn, type ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { hoursFrom } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { holdWrites } from '../support/hold-writes.ts';
import { makeGuest, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { holdUntilDurable, whatIsWrong } from './gate-load.ts';

const GUESTS = 12;
const WALK_INS = 6;
const UNKNOWN_EXITS = 30;
const READY_MS = 120_000;

let system: TestSystem;
const workers = new Set<ChildProcess>();

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(async () => {
  for (const worker of workers) worker.kill('SIGKILL');
  await system.stop();
});

/** A worker process of its own on the same installation; resolves when it is ready. */
async function startWorker(): Promise<ChildProcess> {
  const env = { ...process.env, ...system.env, ROLES: 'worker', PORT: '0', LOG_LEVEL: 'info' };
  const worker = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  workers.add(worker);
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('the worker did not start in time')), READY_MS);
    worker.once('exit', () => reject(new Error('the worker ended')));
    worker.stdout.on('data', (text: Buffer) => {
      if (!text.toString().includes('"msg":"ready"')) return;
      clearTimeout(late);
      resolve();
    });
  });
  worker.removeAllListeners('exit');
  return worker;
}

async function kill(worker: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGKILL');
  await ended;
  workers.delete(worker);
}

test('a worker is killed under load and another takes over: every scan is applied once', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: GUESTS + WALK_INS } });
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guests: Guest[] = [];
  for (let index = 0; index < GUESTS; index++) guests.push(await makeGuest(system, lot, period));
  system.clock.runFrom(new Date(period.startsAt));
  const first = await startWorker();

  const entered = await Promise.all(guests.map((guest) => holdUntilDurable(system, lot.entry, { pass: guest.pass })));
  const applying = await holdWrites(system, 'INSERT', 'gate_event');
  const load = [
    ...Array.from({ length: WALK_INS }, (_, index) =>
      holdUntilDurable(system, lot.entry, { plate: { text: `KILL${index}ED` } }),
    ),
    ...Array.from({ length: UNKNOWN_EXITS }, () => holdUntilDurable(system, lot.exit, { unreadable: true })),
  ];
  // Dead in the middle: some scans are applied, and some are just being.
  await applying.until(1);
  await kill(first);
  expect(await system.platform.orm.em.fork().count(GateEvent, { lotId: lot.id })).toBe(GUESTS);
  await applying.release();
  const second = await startWorker();
  const scans = [...entered, ...(await Promise.all(load))];
  const wrong = await whatIsWrong(system, lot, { guests, guestsGone: 0, walkIns: WALK_INS, scans });
  expect(wrong).toEqual([]);
  await expectBooksBalanced(system.platform);
  await kill(second);
}, 360_000);

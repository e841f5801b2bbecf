import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { ProviderCommand } from '../../src/entities/provider-command.ts';
import { Payment } from '../../src/entities/payment.ts';
import { runSweeps } from '../../src/jobs/run.ts';
import { ProviderTrouble } from '../../src/payments/provider-answers.ts';
import {
  commandAgain,
  forgetFinished,
  runDueCommands,
  type CommandHandler,
  type CommandHandlers,
} from '../../src/payments/provider-commands.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { moneySettled, Payer, rowOf } from '../journeys/payment-steps.ts';
import { forgetLocks } from '../support/forget-locks.ts';
import { IMPATIENT_WITH_PROVIDER, startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';

const MINUTE_MS = 60_000;
const LEASE_MS = 2 * MINUTE_MS;
const LOT = '01990000-0000-7000-8000-00000000c0de';
const WORKERS = 4;
const COMMANDS = 60;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'], env: IMPATIENT_WITH_PROVIDER });
});
afterEach(async () => {
  await system.platform.orm.em.fork().nativeDelete(ProviderCommand, { lotId: LOT });
});
afterAll(() => system?.stop());

const handlers = (handle: CommandHandler): CommandHandlers => ({
  ...{ CHARGE: handle, REFUND: handle, LOOK: handle, SETTLE: handle, DISPUTE: handle },
});

const about = (subjectId: string) => ({ kind: 'CHARGE', lotId: LOT, subjectId }) as const;

async function wanted(subjectId: string = randomUUID()): Promise<string> {
  await inTransaction(system.platform, (tx) => commandAgain(tx, about(subjectId), { dueInMs: 0 }));
  return subjectId;
}

const rowsOf = (subjectId: string) => system.platform.orm.em.fork().find(ProviderCommand, { lotId: LOT, subjectId });
const run = (handle: CommandHandler, limit = 10) => runDueCommands(system.platform, handlers(handle), limit);
const done: CommandHandler = () => Promise.resolve('DONE');

/** Somebody who has a command in hand until told to go on. */
function slow() {
  let go = (): void => undefined;
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const handle: CommandHandler = async () => {
    begin();
    await new Promise<void>((resolve) => (go = resolve));
    return 'DONE';
  };
  return { handle, begun, go: () => go() };
}

describe('a command for the payment provider', () => {
  test('is done once, and forgotten a while later', async () => {
    const subjectId = await wanted();
    expect(await run(done)).toBe(1);
    expect(await run(done)).toBe(0);
    expect(await rowsOf(subjectId)).toMatchObject([{ attempts: 1, finishedAt: expect.any(Date) }]);
    expect(await forgetFinished(system.platform, new Date(system.clock.now().getTime() - MINUTE_MS))).toBe(0);
    expect(await forgetFinished(system.platform, new Date(system.clock.now().getTime() + MINUTE_MS))).toBe(1);
  });

  test('is wanted once, however often it is wanted while it waits', async () => {
    const subjectId = await wanted();
    await Promise.all([wanted(subjectId), wanted(subjectId), wanted(subjectId)]);
    expect(await rowsOf(subjectId)).toHaveLength(1);
    expect(await run(done)).toBe(1);
    expect(await run(done)).toBe(0);
  });

  test('that is wanted again while somebody works on it is done again', async () => {
    const subjectId = await wanted();
    const first = slow();
    const working = run(first.handle);
    await first.begun;
    await wanted(subjectId);
    first.go();
    await working;
    expect(await rowsOf(subjectId)).toMatchObject([{ finishedAt: null }]);
    expect(await run(done)).toBe(1);
    expect(await rowsOf(subjectId)).toMatchObject([{ finishedAt: expect.any(Date) }]);
  });

  test('is tried again with longer and longer waits while the provider is in trouble, without an end', async () => {
    const subjectId = await wanted();
    const away: CommandHandler = () => Promise.reject(new ProviderTrouble(new Error('away'), false));
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      expect(await run(away)).toBe(1);
      const [row] = await rowsOf(subjectId);
      const waitMs = row!.nextAttemptAt.getTime() - system.clock.now().getTime();
      waits.push(Math.ceil(waitMs / 1000));
      expect(await run(away)).toBe(0);
      system.clock.advance(waitMs);
    }
    expect(waits).toEqual([5, 10, 20, 40, 60, 60, 60, 60]);
    expect(await run(done)).toBe(1);
    expect(await rowsOf(subjectId)).toMatchObject([{ failures: 0, finishedAt: expect.any(Date) }]);
  });

  test('that fails by itself is parked after five tries and counted, and does not keep the others', async () => {
    const poison = await wanted();
    const others = await Promise.all([wanted(), wanted()]);
    const ran: string[] = [];
    const mixed: CommandHandler = (_, { subjectId }) => {
      ran.push(subjectId);
      return subjectId === poison ? Promise.reject(new Error('poison')) : Promise.resolve('DONE');
    };
    for (let minute = 0; minute < 8; minute++) {
      await run(mixed);
      system.clock.advance(MINUTE_MS);
    }
    expect(ran.filter((subjectId) => subjectId === poison)).toHaveLength(5);
    for (const other of others) expect(ran.filter((subjectId) => subjectId === other)).toHaveLength(1);
    expect(await rowsOf(poison)).toMatchObject([{ failures: 5, parkedAt: expect.any(Date), finishedAt: null }]);
    const { values } = await system.platform.metrics.providerCommands.get();
    expect(values.find(({ labels }) => labels['outcome'] === 'parked')?.value).toBe(1);
    // New evidence is a new try.
    await wanted(poison);
    expect(await run(done)).toBe(1);
  });

  test('of a worker that died is taken up when its lease is over; one that only slept finishes nothing', async () => {
    const subjectId = await wanted();
    const asleep = slow();
    const sleeping = run(asleep.handle);
    await asleep.begun;
    expect(await run(done)).toBe(0);
    system.clock.advance(LEASE_MS);
    const awake = slow();
    const working = run(awake.handle);
    await awake.begun;
    asleep.go();
    await sleeping;
    expect(await rowsOf(subjectId)).toMatchObject([{ attempts: 2, finishedAt: null }]);
    awake.go();
    await working;
    expect(await rowsOf(subjectId)).toMatchObject([{ attempts: 2, finishedAt: expect.any(Date) }]);
  });

  test('is taken by one of many workers', async () => {
    for (let n = 0; n < COMMANDS; n++) await wanted();
    const ran: string[] = [];
    const note: CommandHandler = (_, { subjectId }) => {
      ran.push(subjectId);
      return Promise.resolve('DONE');
    };
    while ((await Promise.all(Array.from({ length: WORKERS }, () => run(note)))).some((taken) => taken > 0));
    expect(ran).toHaveLength(COMMANDS);
    expect(new Set(ran).size).toBe(COMMANDS);
  });
});

describe('a payment that nobody wrote a command for', () => {
  test('is found within a minute or two: an older process has begun it', async () => {
    const lot = await makeLot(system);
    const payer = new Payer(system, await makeDriver(system));
    system.stripe.faults.set({ webhooks: { dropShare: 1 }, timeouts: { next: 1, only: 'POST /v1/payment_intents/' } });
    const held = await payer.reserve(lot);
    await payer.complete(held, 'pm_card_visa');
    const { lotId, id } = rowOf('pay', held.payment!.id);
    const em = system.platform.orm.em.fork();
    await em.nativeDelete(ProviderCommand, { lotId, subjectId: id });
    expect(await em.findOneOrFail(Payment, { lotId, id })).toMatchObject({ state: 'UNKNOWN' });
    system.stripe.faults.set({ serverErrors: { share: 1, only: 'GET /v1/events' } });
    system.clock.advance(2 * MINUTE_MS);
    expect(await runSweeps(system.platform)).toMatchObject({ 'provider-commands': 1, 'reconcile-payments': 0 });
    system.stripe.faults.reset();
    await moneySettled(system);
    expect(await payer.read(held)).toMatchObject({ state: 'CONFIRMED', payment: { state: 'CAPTURED' } });
  });
});

describe('without a lock', () => {
  test('two workers would take the same command (the twin)', async () => {
    await forgetLocks(system);
    let doubled = false;
    for (let round = 0; round < 20 && !doubled; round++) {
      const ran: string[] = [];
      const note: CommandHandler = (_, { subjectId }) => {
        ran.push(subjectId);
        return Promise.resolve('DONE');
      };
      for (let n = 0; n < COMMANDS; n++) await wanted();
      await Promise.all(Array.from({ length: WORKERS }, () => run(note, COMMANDS)));
      doubled = new Set(ran).size < ran.length;
    }
    expect(doubled).toBe(true);
  });
});

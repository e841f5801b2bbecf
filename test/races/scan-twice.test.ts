import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { commitScan } from '../../src/gate/commit-scan.ts';
import { lotKeys } from '../../src/gate/index-keys.ts';
import { readIndex } from '../../src/gate/read-index.ts';
import { answerTo, stayIdOf } from '../../src/gate/scan.ts';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { Stay } from '../../src/entities/stay.ts';
import { hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, passScan, scan, untilDurable, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeGate, makeLot, type TestLot } from '../support/world.ts';

const AT_ONCE = 40;
const ROUNDS = 5;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

async function dueGuest(lot: TestLot): Promise<Guest> {
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guest = await makeGuest(system, lot, period);
  system.clock.runFrom(new Date(period.startsAt));
  return guest;
}

const atOnce = <T>(work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: AT_ONCE }, (_, index) => work(index)));

/** One who is asked for patience has not been told anything, and sends the scan again, as every device does. */
const untilDecided = (...asked: Parameters<typeof scan>): ReturnType<typeof scan> =>
  eventually(
    () => scan(...asked),
    ({ decision }) => decision?.reason !== 'SYSTEM_UNAVAILABLE',
  );

test('one scan sent forty times at once is one decision, one stay, one event', async () => {
  const lot = await makeLot(system);
  const scanId = randomUUID();
  const answers = await atOnce(() => untilDecided(system, lot.entry, { plate: { text: 'FORTY1' } }, { scanId }));
  const decisions = answers.map(({ decision }) => ({ ...decision, durable: null, decidedAt: null }));
  expect(new Set(decisions.map((decision) => JSON.stringify(decision))).size).toBe(1);
  // None, where whoever decided it was not told in time.
  expect(answers.filter(({ replayed }) => !replayed).length).toBeLessThanOrEqual(1);
  expect(decisions[0]).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
  await untilDurable(system, lot.entry, { plate: { text: 'FORTY1' } }, { scanId });
  const em = system.platform.orm.em.fork();
  expect(await em.count(Stay, { lotId: lot.id })).toBe(1);
  expect(await em.count(GateEvent, { lotId: lot.id })).toBe(1);
});

test('one pass shown at two gates at once opens one of them', async () => {
  const lot = await makeLot(system);
  const second = await makeGate(system, { lotId: lot.id, direction: 'ENTRY', name: 'Second entry' });
  for (let round = 0; round < ROUNDS; round++) {
    const guest = await dueGuest(lot);
    const answers = await atOnce((index) =>
      untilDecided(system, index % 2 === 0 ? lot.entry : second, { pass: guest.pass }, { scanId: randomUUID() }),
    );
    expect(answers.filter(({ decision }) => decision?.action === 'OPEN')).toHaveLength(1);
    expect(answers.filter(({ decision }) => decision?.reason === 'ALREADY_INSIDE')).toHaveLength(AT_ONCE - 1);
    await decide(system, lot.exit, { pass: guest.pass });
  }
});

test('the twin: without the comparison both gates let the same pass in', async () => {
  const lot = await makeLot(system);
  const second = await makeGate(system, { lotId: lot.id, direction: 'ENTRY', name: 'Second entry' });
  const guest = await dueGuest(lot);
  await decide(system, lot.exit, { unreadable: true });
  const scans = [lot.entry, second].map((gate) => ({ gateId: gate.id, scanId: randomUUID() }));
  const enter = (guarded: boolean) =>
    bothAtOnce(lot, guest, { scans: scans.map((one) => ({ ...one, scanId: randomUUID() })), guarded });
  expect(await enter(true)).toEqual(['DONE', 'RETRY']);
  await system.platform.redis.del(lotKeys(lot.id).presence(guest.id));
  expect(await enter(false)).toEqual(['DONE', 'DONE']);
});

/** Two gates that have both read "outside" commit one after the other. */
async function bothAtOnce(
  lot: TestLot,
  guest: Guest,
  { scans, guarded }: { scans: { gateId: string; scanId: string }[]; guarded: boolean },
): Promise<string[]> {
  const { platform } = system;
  const keys = lotKeys(lot.id);
  const readings = await Promise.all(
    scans.map((one) => readIndex(platform, { ...one, lotId: lot.id, arrivalKey: undefined, refs: [`r:${guest.id}`] })),
  );
  const outcomes: string[] = [];
  for (const [index, { gateId, scanId }] of scans.entries()) {
    const { ready, rights } = readings[index]!;
    const now = system.clock.now();
    const about = passScan(lot, guest, { gateId, scanId, now });
    const stayId = stayIdOf(lot.id, scanId);
    const { outcome } = await commitScan(platform, {
      scanId,
      replaces: undefined,
      ready: ready!,
      arrival: undefined,
      changes: {
        watch: guarded ? [[keys.presence(guest.id), rights[0]!.presenceRaw]] : [],
        set: [[keys.presence(guest.id), JSON.stringify({ at: 'INSIDE', stayId, enteredAt: now.getTime() }), 0]],
      },
      entry: {
        answer: answerTo(about, { action: 'OPEN', reason: 'RESERVATION' }),
        effect: { kind: 'NONE' },
        deviceId: null,
        staffId: null,
        observedAt: now.getTime(),
        incident: null,
      },
    });
    outcomes.push(outcome);
  }
  return outcomes;
}

test('a plate read by two entries at once comes in once and takes one spot', async () => {
  const lot = await makeLot(system);
  const second = await makeGate(system, { lotId: lot.id, direction: 'ENTRY', name: 'Second entry' });
  const decisions = await Promise.all(
    [lot.entry, second].map((gate) => decide(system, gate, { plate: { text: 'TW1CE2' } })),
  );
  expect(decisions.map(({ reason }) => reason).sort()).toEqual(['ALREADY_INSIDE', 'WALK_IN']);
  const em = system.platform.orm.em.fork();
  await untilDurable(system, lot.exit, { unreadable: true });
  expect(await em.count(Stay, { lotId: lot.id })).toBe(1);
});

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { LaneClock } from '../../src/gate/lane/clock-watch.ts';
import { hoursFrom } from '../support/booking.ts';
import { startLane, type TestLane } from '../support/cut-off-lane.ts';
import { eventually, eventuallyPasses, eventuallyTrue } from '../support/eventually.ts';
import { makeGuest, type Decision, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const MINUTE_MS = 60_000;

let system: TestSystem;
let lane: TestLane | undefined;
beforeAll(async () => {
  system = await startSystem();
});
afterEach(async () => {
  await lane?.stop();
  lane = undefined;
});
afterAll(() => system.stop());

/** A machine whose clock is off, and can be set; time passes for it as for everybody. */
class WrongClock implements LaneClock {
  offMs: number;

  constructor(offMs = 0) {
    this.offMs = offMs;
  }

  now(): Date {
    return new Date(system.clock.now().getTime() + this.offMs);
  }

  elapsedMs(): number {
    return system.clock.now().getTime();
  }
}

interface Cast {
  lot: TestLot;
  guest: Guest;
  startsAtMs: number;
}

async function makeCast(): Promise<Cast> {
  const lot = await makeLot(system, { spots: { STANDARD: 5 } });
  const period = hoursFrom(system.clock.now(), 2, 3);
  return { lot, guest: await makeGuest(system, lot, period), startsAtMs: Date.parse(period.startsAt) };
}

/** A lane that has measured its clock and is cut off then. */
async function cutOff(lot: TestLot, clock: LaneClock): Promise<TestLane> {
  const started = (lane = await startLane(system, lot, { clock }));
  await started.knowsTheLatest();
  await eventuallyTrue(async () => started.agent.state().clock.isMeasured);
  started.cable.cut();
  await started.isAlone();
  return started;
}

test.each([5, -5])(
  'a lane whose clock is %i minutes off decides as one whose clock is right, to the minute',
  async (offMinutes) => {
    const { lot, guest, startsAtMs } = await makeCast();
    const early = lot.policy.earlyEntryMinutes * MINUTE_MS;
    const cut = await cutOff(lot, new WrongClock(offMinutes * MINUTE_MS));
    expect(cut.agent.state().clock).toMatchObject({ alarm: true, isUnsure: true });
    expect(Math.abs(cut.agent.state().clock.skewMs + offMinutes * MINUTE_MS)).toBeLessThan(1000);
    system.clock.runFrom(new Date(startsAtMs - early - MINUTE_MS));
    expect(await cut.ask(lot.entry, { pass: guest.pass })).toMatchObject({ action: 'DENY', reason: 'TOO_EARLY' });
    system.clock.runFrom(new Date(startsAtMs - early + MINUTE_MS));
    expect(await cut.ask(lot.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN', reason: 'RESERVATION' });
  },
);

test('a clock that is set back ten minutes while the lane is alone loses and reorders nothing, and is told', async () => {
  const { lot } = await makeCast();
  const clock = new WrongClock();
  const cut = await cutOff(lot, clock);
  expect(cut.agent.state().clock).toMatchObject({ alarm: false, isUnsure: false });
  const asked: Decision[] = [];
  const enter = async (text: string) => {
    const scanId = randomUUID();
    // The connection of before the restart may be tried first.
    asked.push(await eventuallyPasses(() => cut.ask(lot.entry, { plate: { text } }, { scanId })));
  };
  await enter('BEF0RE1');
  clock.offMs = -10 * MINUTE_MS;
  await enter('AFTER22');
  expect(cut.agent.state().clock).toMatchObject({ alarm: true });
  await cut.restart();
  await enter('AGA1N33');
  expect(asked.map(({ action }) => action)).toEqual(['OPEN', 'OPEN', 'OPEN']);
  cut.cable.mend();
  await cut.hasUploaded();
  const rows = await journalOf(lot, cut.deviceId);
  expect(rows.map(({ scanId }) => scanId)).toEqual(asked.map(({ scanId }) => scanId));
  expect(rows.map(({ observedAt }) => observedAt)).toEqual(rows.map(({ observedAt }) => observedAt).sort());
  expect(rows.map(({ flags }) => flags.includes('CLOCK_UNSURE'))).toEqual([false, true, true]);
});

test('the twin: a lane that believed its own clock would let in too early and order by it', async () => {
  const { lot, guest, startsAtMs } = await makeCast();
  const wrong = new WrongClock(0);
  const believing: LaneClock = { now: () => wrong.now() };
  const cut = await cutOff(lot, believing);
  system.clock.runFrom(new Date(startsAtMs - lot.policy.earlyEntryMinutes * MINUTE_MS - MINUTE_MS));
  wrong.offMs = 5 * MINUTE_MS;
  expect(await cut.ask(lot.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
});

interface Row {
  scanId: string;
  observedAt: number;
  flags: string[];
}

async function journalOf(lot: TestLot, agentId: string): Promise<Row[]> {
  const look = async () => {
    const rows = await system.platform.orm.em
      .fork()
      .execute<{ body: string }[]>('SELECT body FROM lane_scan WHERE lot_id = ? AND agent_id = ? ORDER BY seq', [
        lot.id,
        agentId,
      ]);
    return rows.map(({ body }) => JSON.parse(body) as Row);
  };
  return eventually(look, (rows) => rows.length > 0);
}

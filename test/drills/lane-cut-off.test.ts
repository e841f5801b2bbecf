import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { quantile } from '../../bench/result.ts';
import { hoursFrom } from '../support/booking.ts';
import { makeGuest, type Guest } from '../support/gate.ts';
import { expectInTime } from '../support/in-time.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { startLaneProcess, untilAlone, untilUploaded, type LaneProcess } from './lane-process.ts';

const IS_FULL = process.env['PARKWELL_FULL'] === '1';
const GUESTS = 6;
const WALK_INS = IS_FULL ? 1000 : 60;
const CUTS = IS_FULL ? 25 : 5;
const NOTICED_MS = 300;
const DECIDED_MS = 50;
const PAUSE_MS = 6;
/** Of a few dozen decisions on a machine that runs other tests only the middle one says something. */
const SHARE = IS_FULL ? 0.99 : 0.5;

let system: TestSystem;
let lot: TestLot;
let lane: LaneProcess;
let guests: Guest[];
beforeAll(async () => {
  system = await startSystem();
  lot = await makeLot(system, { spots: { STANDARD: GUESTS + WALK_INS } });
  const period = hoursFrom(system.clock.now(), 1, 4);
  guests = [];
  for (let index = 0; index < GUESTS; index++) guests.push(await makeGuest(system, lot, period));
  system.clock.runFrom(new Date(period.startsAt));
  lane = await startLaneProcess(system, lot);
});
afterAll(async () => {
  await lane?.stop();
  await system.stop();
});

/** How long after `cut` the lane says that the network is out. */
async function noticedMs(cut: () => void): Promise<number> {
  const startedMs = performance.now();
  cut();
  while ((await lane.state()).outages.NETWORK === null) await new Promise((resolve) => setTimeout(resolve, 5));
  return performance.now() - startedMs;
}

test.each([
  ['is cut', () => lane.cable.cut(), () => lane.cable.mend()],
  ['says nothing any more', () => lane.cable.hold(), () => lane.cable.goOn()],
])(
  'a lane notices within 300 ms that its cable %s, before any vehicle comes',
  async (_what, cut, mend) => {
    const noticed: number[] = [];
    for (let time = 0; time < CUTS; time++) {
      await untilUploaded(lane);
      noticed.push(await noticedMs(cut));
      mend();
    }
    await untilUploaded(lane);
    expectInTime('noticed, at the median', quantile(noticed, 0.5), NOTICED_MS);
  },
  240_000,
);

test('cut off it decides within 50 ms, 99 of 100 times, what the cloud would have decided', async () => {
  lane.cable.cut();
  await untilAlone(lane);
  const tookMs: number[] = [];
  const timed = async (...asked: Parameters<LaneProcess['ask']>) => {
    const startedMs = performance.now();
    const decision = await lane.ask(...asked);
    tookMs.push(performance.now() - startedMs);
    // One device may not ask more than two hundred times a second.
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return decision;
  };
  for (const [index, { pass, plate }] of guests.entries()) {
    const decision = await timed(lot.entry, index % 2 === 0 ? { pass } : { plate: { text: plate } });
    expect(decision).toMatchObject({ action: 'OPEN', reason: 'RESERVATION', decidedBy: 'LANE', durable: true });
    expect(decision.spotLabel).not.toBeNull();
  }
  for (let index = 0; index < WALK_INS; index++) {
    const decision = await timed(lot.entry, { plate: { text: `CU${100_000 + index}T` } });
    expect(decision).toMatchObject({ action: 'OPEN', reason: 'WALK_IN', decidedBy: 'LANE' });
  }
  expect(await timed(lot.entry, { plate: { text: 'T00MANY' } })).toMatchObject({ action: 'DENY', reason: 'LOT_FULL' });
  for (const { pass } of guests)
    expect(await timed(lot.exit, { pass })).toMatchObject({ action: 'OPEN', reason: 'STAY_PREPAID' });
  expectInTime(`decided, ${SHARE} of them`, quantile(tookMs, SHARE), DECIDED_MS);
  lane.cable.mend();
  await untilUploaded(lane);
}, 240_000);

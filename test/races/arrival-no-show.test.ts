import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { releaseNoShow } from '../../src/booking/release-no-show.ts';
import { Allocation } from '../../src/entities/allocation.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { commitScan } from '../../src/gate/commit-scan.ts';
import { lotKeys } from '../../src/gate/index-keys.ts';
import { takePassForNoShow } from '../../src/gate/no-show.ts';
import { readIndex } from '../../src/gate/read-index.ts';
import { answerTo } from '../../src/gate/scan.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { hoursFrom } from '../support/booking.ts';
import { decide, makeGuest, passScan, type Guest } from '../support/gate.ts';
import { eventuallyTrue } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const GUESTS = 30;
const GRACE_MS = 30 * 60_000;
const FIRST_STEP_MS = 2;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** What the no-show's job does: take the pass, and only when nobody came and all is applied, release the row. */
async function noShow(guest: Guest): Promise<'RELEASED' | 'INSIDE'> {
  const key = { lotId: guest.lotId, reservationId: guest.id };
  for (;;) {
    const taken = await takePassForNoShow(system.platform, { ...key, now: system.clock.now() });
    if (taken === 'JOURNAL_BEHIND') continue;
    if (taken === 'INSIDE') return 'INSIDE';
    await releaseNoShow(system.platform, key);
    return 'RELEASED';
  }
}

async function guestsAtDeadline(lot: TestLot, count: number): Promise<Guest[]> {
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guests: Guest[] = [];
  for (let index = 0; index < count; index++) guests.push(await makeGuest(system, lot, period));
  system.clock.runFrom(new Date(new Date(period.startsAt).getTime() + GRACE_MS));
  return guests;
}

test('of an arrival and a no-show at the deadline exactly one happens', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: GUESTS }, policy: { reinstateLateArrival: false } });
  const guests = await guestsAtDeadline(lot, GUESTS);
  const wins = { arrival: 0, noShow: 0 };
  // Whoever lost last time gets a head start: so the two meet, on a machine of any speed. Above zero it is the arrival's.
  let headStartMs = 0;
  let stepMs = FIRST_STEP_MS;
  let before: boolean | undefined;
  for (const guest of guests) {
    const arriving = pause(Math.max(0, -headStartMs)).then(() => decide(system, lot.entry, { pass: guest.pass }));
    const releasing = pause(Math.max(0, headStartMs)).then(() => noShow(guest));
    const [arrival, outcome] = await Promise.all([arriving, releasing]);
    const released = outcome === 'RELEASED';
    stepMs = released === before ? stepMs * 2 : FIRST_STEP_MS;
    headStartMs += released ? stepMs : -stepMs;
    before = released;
    expect([arrival.action === 'OPEN', released].filter(Boolean)).toHaveLength(1);
    if (released) wins.noShow += 1;
    else wins.arrival += 1;
  }
  await settled(guests);
  const em = system.platform.orm.em.fork();
  for (const guest of guests) {
    const { state } = await em.findOneOrFail(Reservation, { lotId: lot.id, id: guest.id });
    const key = { lotId: lot.id, reservationId: guest.id };
    expect([state, await em.count(Stay, key), await em.count(Allocation, key)]).toEqual(
      state === 'NO_SHOW' ? ['NO_SHOW', 0, 0] : ['CHECKED_IN', 1, 1],
    );
  }
  // Otherwise nothing raced.
  expect(Math.min(wins.arrival, wins.noShow)).toBeGreaterThan(0);
  expect(wins.arrival + wins.noShow).toBe(GUESTS);
  await expectBooksBalanced(system.platform);
});

/** All that was decided stands in PostgreSQL. */
async function settled(guests: readonly Guest[]): Promise<void> {
  const id = { $in: guests.map((guest) => guest.id) };
  const open = () => system.platform.orm.em.fork().count(Reservation, { id, state: 'CONFIRMED' });
  await eventuallyTrue(async () => (await open()) === 0);
}

test('the twin: an arrival that does not compare, and a release that does not look, both happen', async () => {
  const lot = await makeLot(system);
  const [guarded, unguarded] = await guestsAtDeadline(lot, 2);
  await decide(system, lot.exit, { unreadable: true });
  expect(await lateCommit(lot, guarded!, { release: () => noShow(guarded!), compares: true })).toBe('RETRY');
  const { presence } = lotKeys(lot.id);
  const releaseBlindly = () =>
    system.platform.redis.set(
      presence(unguarded!.id),
      JSON.stringify({ at: 'RELEASED', releasedAt: system.clock.now().getTime() }),
    );
  expect(await lateCommit(lot, unguarded!, { release: releaseBlindly, compares: false })).toBe('DONE');
});

/** An arrival that has read "outside", then the release, then the arrival's commit. */
async function lateCommit(
  lot: TestLot,
  guest: Guest,
  { release, compares }: { release: () => Promise<unknown>; compares: boolean },
): Promise<string> {
  const { platform } = system;
  const keys = lotKeys(lot.id);
  const now = system.clock.now();
  const scan = passScan(lot, guest, { gateId: lot.entry.id, scanId: randomUUID(), now });
  const { ready, rights } = await readIndex(platform, { ...scan, arrivalKey: undefined, refs: [`r:${guest.id}`] });
  await release();
  const { outcome } = await commitScan(platform, {
    scanId: scan.scanId,
    replaces: undefined,
    ready: ready!,
    arrival: undefined,
    changes: {
      watch: compares ? [[keys.presence(guest.id), rights[0]!.presenceRaw]] : [],
      set: [[keys.presence(guest.id), JSON.stringify({ at: 'INSIDE', stayId: guest.id, enteredAt: now.getTime() }), 0]],
    },
    entry: {
      answer: answerTo(scan, { action: 'OPEN', reason: 'RESERVATION' }),
      effect: { kind: 'NONE' },
      deviceId: null,
      staffId: null,
      observedAt: now.getTime(),
      incident: null,
    },
  });
  return outcome;
}

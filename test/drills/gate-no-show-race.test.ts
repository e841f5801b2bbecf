import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Allocation } from '../../src/entities/allocation.ts';
import { ParkedEntry } from '../../src/entities/parked-entry.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { releaseIfAbsent } from '../../src/jobs/release-no-show.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { hoursFrom } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { drillMs, SEED, sizeOf } from './money-load.ts';
import { chanceOf } from './pass-mutations.ts';

/** Promised: exactly one wins in 10,000 tries. */
const TRIES = sizeOf({ ci: 24, full: 10_000 });
const AT_ONCE = 4;
/** All due at one minute, in one lot. */
const IN_A_LOT = sizeOf({ ci: 24, full: 100 });
const GRACE_MS = 30 * 60_000;
const FIRST_STEP_MS = 2;
const LONGEST_STEP_MS = 40;

/** No scheduler: the no-show comes when the drill says so, and as often as a worker would try. */
let system: TestSystem;
let journal: Awaited<ReturnType<typeof startJournalAppliers>>;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  journal = await startJournalAppliers(system.platform);
});
afterAll(async () => {
  await journal?.stop();
  await system?.stop();
});

type Winner = 'ARRIVAL' | 'NO_SHOW';

/** One lot whose guests all reach their deadline, and what became of each. */
async function oneLot(count: number, between: (lot: TestLot, guest: Guest) => Promise<Winner>): Promise<Winner[]> {
  const lot = await makeLot(system, { spots: { STANDARD: count }, policy: { reinstateLateArrival: false } });
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guests: Guest[] = [];
  for (let n = 0; n < count; n++) guests.push(await makeGuest(system, lot, period));
  system.clock.runFrom(new Date(new Date(period.startsAt).getTime() + GRACE_MS));
  const [waiting, winners] = [[...guests], new Map<string, Winner>()];
  const race = async () => {
    for (let guest = waiting.pop(); guest !== undefined; guest = waiting.pop())
      winners.set(guest.id, await between(lot, guest));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, race));
  await expectRowsToAgree(lot, guests, winners);
  return [...winners.values()];
}

/** Every guest has the one outcome that both sides were told, and all that belongs to it. */
async function expectRowsToAgree(lot: TestLot, guests: readonly Guest[], winners: ReadonlyMap<string, Winner>) {
  const em = () => system.platform.orm.em.fork();
  await eventually(
    () => em().count(Reservation, { lotId: lot.id, state: 'CONFIRMED' }),
    (open) => open === 0,
  );
  await paymentsIdle(system.platform);
  const stays = await em().find(Stay, { lotId: lot.id });
  const claims = await em().find(Allocation, { lotId: lot.id });
  const wrong = (await em().find(Reservation, { lotId: lot.id })).flatMap(({ id, state, feeMinor }) => {
    const mine = (rows: readonly { reservationId?: unknown }[]) =>
      rows.filter((row) => row.reservationId === id).length;
    const is = [state, mine(stays), mine(claims), feeMinor > 0].join();
    const should = winners.get(id) === 'ARRIVAL' ? 'CHECKED_IN,1,1,false' : 'NO_SHOW,0,0,true';
    return is === should ? [] : [`${id}: ${is} instead of ${should}`];
  });
  expect(wrong).toEqual([]);
  expect(winners.size).toBe(guests.length);
}

async function noShow(guest: Guest): Promise<boolean> {
  const key = { lotId: guest.lotId, reservationId: guest.id };
  return (
    (await eventually(
      () => releaseIfAbsent(system.platform, key),
      (outcome) => outcome !== 'JOURNAL_BEHIND',
    )) === 'RELEASED'
  );
}

test(
  'Of an arrival and a no-show at the deadline exactly one happens, however close they come',
  async () => {
    const chance = chanceOf(SEED);
    const counted = { ARRIVAL: 0, NO_SHOW: 0 };
    // Whoever lost last time gets a head start: so the two meet, on a machine of any speed. Above zero it is the arrival's.
    let [headStartMs, stepMs, before]: [number, number, Winner | undefined] = [0, FIRST_STEP_MS, undefined];
    const between = async (lot: TestLot, guest: Guest): Promise<Winner> => {
      const ahead = headStartMs + chance(3) - 1;
      const credential = chance(2) === 0 ? { pass: guest.pass } : { plate: { text: guest.plate } };
      const [arrival, isReleased] = await Promise.all([
        pause(Math.max(0, -ahead)).then(() => decide(system, lot.entry, credential)),
        pause(Math.max(0, ahead)).then(() => noShow(guest)),
      ]);
      const isOpen = arrival.action === 'OPEN' && arrival.reason === 'RESERVATION';
      // Exactly one: a plate whose reservation is gone may come in as a walk-in, but on no account as both.
      expect({ guest: guest.id, isOpen, isReleased }).toEqual({ guest: guest.id, isOpen: !isReleased, isReleased });
      const winner = isOpen ? 'ARRIVAL' : 'NO_SHOW';
      stepMs = winner === before ? Math.min(LONGEST_STEP_MS, stepMs * 2) : FIRST_STEP_MS;
      headStartMs += winner === 'NO_SHOW' ? stepMs : -stepMs;
      before = winner;
      return winner;
    };
    for (let left = TRIES; left > 0; left -= IN_A_LOT) {
      for (const winner of await oneLot(Math.min(left, IN_A_LOT), between)) counted[winner] += 1;
    }
    // Otherwise nothing raced.
    expect(Math.min(counted.ARRIVAL, counted.NO_SHOW)).toBeGreaterThan(TRIES / 12);
    expect(counted.ARRIVAL + counted.NO_SHOW).toBe(TRIES);
    expect(await system.platform.orm.em.fork().count(ParkedEntry, {})).toBe(0);
    await expectBooksBalanced(system.platform);
  },
  drillMs(120_000),
);

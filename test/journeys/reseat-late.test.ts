import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { releaseNoShow } from '../../src/booking/release-no-show.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { projectRight } from '../../src/gate/project-right.ts';
import { releaseIfAbsent } from '../../src/jobs/release-no-show.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { hoursFrom } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { decide } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { book, expectSound, movesTold, type Booked } from './reseat-steps.ts';

const MINUTE_MS = 60_000;

/** No worker: the journal is read when a test says so. */
let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'], clock: new MovableClock() });
});
afterAll(() => system.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

const em = () => system.platform.orm.em.fork();

/** Reads the journal until the vehicle of a reservation stands in the rows. */
async function applied(lot: TestLot, { reservationId }: Booked): Promise<Stay> {
  const journal = await startJournalAppliers(system.platform);
  try {
    return (await eventually(
      () => em().findOne(Stay, { lotId: lot.id, reservationId }),
      (stay) => stay !== null,
    ))!;
  } finally {
    await journal.stop();
  }
}

/** A vehicle that went in in time, whose no-show was fired all the same, and whose spot was then sold. */
async function overturned(spots: number, nextHours: readonly [from: number, hours: number]) {
  const lot = await makeLot(system, { spots: { STANDARD: spots } });
  const early = await book(system, lot, [1, 4]);
  const startsAt = Date.parse(hoursFrom(system.clock.now(), 1, 1).startsAt);
  system.clock.runFrom(new Date(startsAt + 29 * MINUTE_MS));
  expect(await decide(system, lot.entry, { pass: early.pass })).toMatchObject({ action: 'OPEN', spotLabel: '1-001' });
  system.clock.runFrom(new Date(startsAt + 31 * MINUTE_MS));
  // As by a job that could not see what the gate had decided.
  expect(await releaseNoShow(system.platform, { lotId: lot.id, reservationId: early.reservationId })).toBe('RELEASED');
  const next = await book(system, lot, nextHours);
  expect(await next.label()).toBe('1-001');
  return { lot, early, next };
}

test('who was inside before the no-show keeps the spot they stand on, and who bought it is moved', async () => {
  const { lot, early, next } = await overturned(2, [0, 2]);
  const stay = await applied(lot, early);
  expect(stay).toMatchObject({ spotId: lot.spots[0]!.id });
  expect([await early.label(), await next.label()]).toEqual(['1-001', '1-002']);
  expect(await movesTold(system, next.reservationId)).toMatchObject([{ reason: 'LATE_ENTRY' }]);
  expect(await expectSound(system, lot)).toEqual([]);
});

test('where there is no other spot, people are told of both, and the later driver gets the price back', async () => {
  const { lot, early, next } = await overturned(1, [0, 2]);
  await applied(lot, early);
  const kinds = (await em().find(Incident, { lotId: lot.id })).map(({ kind }) => kind);
  expect(kinds.toSorted()).toEqual(['NEXT_DRIVER_STRANDED', 'NO_SHOW_OVERTURNED', 'NO_SPOT_LEFT']);
  expect(await next.label()).toBe('1-001');
  const row = await em().findOneOrFail(Reservation, { lotId: lot.id, id: next.reservationId });
  expect(row).toMatchObject({ state: 'CONFIRMED', refundedMinor: row.paidMinor, outcomeRule: 'NO_SPOT' });
});

test('a driver who comes after the no-show is let in again, also where others have to move for it', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 2 } });
  const late = await book(system, lot, [1, 5]);
  const startsAt = Date.parse(hoursFrom(system.clock.now(), 1, 1).startsAt);
  system.clock.runFrom(new Date(startsAt + 31 * MINUTE_MS));
  const key = { lotId: lot.id, reservationId: late.reservationId };
  const journal = await startJournalAppliers(system.platform);
  await eventually(
    () => releaseIfAbsent(system.platform, key),
    (outcome) => outcome === 'RELEASED',
  );
  await journal.stop();
  await projectRight(system.platform, key);
  // One after the other they would fit on one spot; as they came, each has one of its own.
  const blocker = await book(system, lot, [2, 1]);
  const second = await book(system, lot, [2, 2]);
  const third = await book(system, lot, [1, 1]);
  await blocker.cancel();
  expect([await third.label(), await second.label()]).toEqual(['1-001', '1-002']);
  expect(await decide(system, lot.entry, { pass: late.pass })).toMatchObject({ action: 'OPEN' });
  expect(new Set([await third.label(), await second.label()]).size).toBe(1);
  expect(await em().findOneOrFail(Reservation, { lotId: lot.id, id: late.reservationId })).toMatchObject({
    state: 'NO_SHOW',
  });
  await applied(lot, late);
  expect(await expectSound(system, lot)).toEqual([]);
});

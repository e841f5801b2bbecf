import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { releaseNoShow } from '../../src/booking/release-no-show.ts';
import { Debt } from '../../src/entities/debt.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Payment } from '../../src/entities/payment.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { sweepOverstays } from '../../src/gate/sweep-stays.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { decide, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { book, claimsOf, expectSound, movesTold, type Booked } from './reseat-steps.ts';

const MINUTE_MS = 60_000;
const DISPLACED_MINOR = 777;
const TARIFF = {
  ...plainRates({ blockMinutes: 60, minor: 200 }),
  reserved: { overstay: { method: 'CONTINUE' as const, displacedMinor: DISPLACED_MINOR } },
};

/** No worker: a sweep runs when a test runs it. */
let system: TestSystem;
let journal: Awaited<ReturnType<typeof startJournalAppliers>>;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'], clock: new MovableClock() });
  journal = await startJournalAppliers(system.platform);
});
afterAll(async () => {
  await journal.stop();
  await system.stop();
});
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

const em = () => system.platform.orm.em.fork();
const rowOf = (lot: TestLot, { reservationId }: Booked) =>
  em().findOneOrFail(Reservation, { lotId: lot.id, id: reservationId });
let startsAt: Date;
beforeEach(() => {
  const hour = 60 * MINUTE_MS;
  startsAt = new Date(Math.ceil(system.clock.now().getTime() / hour) * hour + hour);
});
/** So many minutes after the first driver's start. */
const at = (minutes: number) => system.clock.runFrom(new Date(startsAt.getTime() + minutes * MINUTE_MS));

/** Two drivers one after the other on the first spot, two hours each; the first has come and does not leave. */
async function staysOn(
  spots: number,
  { nextFrom = 3, nextHours = 2, policy = {} }: { nextFrom?: number; nextHours?: number; policy?: object } = {},
): Promise<{ lot: TestLot; first: Booked; next: Booked }> {
  const lot = await makeLot(system, { spots: { STANDARD: spots }, tariff: TARIFF, policy });
  const first = await book(system, lot, [1, 2]);
  const next = await book(system, lot, [nextFrom, nextHours]);
  expect([await first.label(), await next.label()]).toEqual(['1-001', '1-001']);
  at(1);
  expect(await untilDurable(system, lot.entry, { pass: first.pass })).toMatchObject({ action: 'OPEN' });
  return { lot, first, next };
}

test('who comes next is told another spot before they come, at the barrier too, and who stayed on pays for it', async () => {
  const { lot, first, next } = await staysOn(2);
  at(121);
  await sweepOverstays(system.platform);
  expect(await next.label()).toBe('1-002');
  expect(await movesTold(system, next.reservationId)).toMatchObject([
    { reason: 'OVERSTAY', from: { label: '1-001' }, to: { label: '1-002' } },
  ]);
  expect(await decide(system, lot.entry, { pass: next.pass })).toMatchObject({ action: 'OPEN', spotLabel: '1-002' });
  at(150);
  // Two and a half hours are three: an hour more than was promised, and another driver had to be moved.
  expect(await untilDurable(system, lot.exit, { pass: first.pass })).toMatchObject({
    action: 'OPEN',
    due: { amountMinor: 200 + DISPLACED_MINOR },
  });
  expect(await em().findOneOrFail(Debt, { lotId: lot.id })).toMatchObject({ amountMinor: 200 + DISPLACED_MINOR });
  expect(await expectSound(system, lot)).toEqual([]);
});

test('nobody is moved while the vehicle may still leave in time, nor for one that leaves in time', async () => {
  const { lot, first, next } = await staysOn(2);
  at(115);
  await sweepOverstays(system.platform);
  expect(await next.label()).toBe('1-001');
  expect(await untilDurable(system, lot.exit, { pass: first.pass })).toMatchObject({ action: 'OPEN', due: null });
  at(121);
  await sweepOverstays(system.platform);
  expect(await decide(system, lot.entry, { pass: next.pass })).toMatchObject({ action: 'OPEN', spotLabel: '1-001' });
});

test('a driver who is inside already is not moved: the overstay stands on the stay alone', async () => {
  const { lot, next } = await staysOn(2);
  at(119);
  expect(await untilDurable(system, lot.entry, { pass: next.pass })).toMatchObject({ spotLabel: '1-001' });
  at(121);
  await sweepOverstays(system.platform);
  expect(await next.label()).toBe('1-001');
});

test('one whose arrival is not yet written down is not moved either', async () => {
  const { lot, next } = await staysOn(2);
  await journal.stop();
  at(119);
  expect(await decide(system, lot.entry, { pass: next.pass })).toMatchObject({ action: 'OPEN', spotLabel: '1-001' });
  at(121);
  expect(await rowOf(lot, next)).toMatchObject({ state: 'CONFIRMED' });
  await sweepOverstays(system.platform);
  expect(await next.label()).toBe('1-001');
  journal = await startJournalAppliers(system.platform);
});

test('where there is no other spot, a person is told once, and the driver gets back what the policy says, once', async () => {
  const { lot, first, next } = await staysOn(1);
  at(121);
  await sweepOverstays(system.platform);
  at(122);
  await sweepOverstays(system.platform);
  expect(await em().find(Incident, { lotId: lot.id })).toMatchObject([
    { kind: 'NEXT_DRIVER_STRANDED', reservationId: next.reservationId, spotId: lot.spots[0]!.id },
  ]);
  const row = await rowOf(lot, next);
  expect(row).toMatchObject({ state: 'CONFIRMED', paidMinor: 400, refundedMinor: 400, outcomeRule: 'NO_SPOT' });
  expect(await rowOf(lot, first)).toMatchObject({ displacedAt: expect.any(Date) });
  expect(await claimsOf(system, lot)).toHaveLength(2);
  at(151);
  expect(await releaseNoShow(system.platform, { lotId: lot.id, reservationId: next.reservationId })).toBe('RELEASED');
  expect(await rowOf(lot, next)).toMatchObject({ state: 'NO_SHOW', feeMinor: 0, refundedMinor: 400 });
});

test('who has nobody in their way yet is neither charged for it nor paid, until the next one’s time has come', async () => {
  const { lot, first, next } = await staysOn(1, { nextFrom: 3.25 });
  at(121);
  await sweepOverstays(system.platform);
  expect(await em().count(Incident, { lotId: lot.id })).toBe(1);
  expect([await rowOf(lot, first), await rowOf(lot, next)]).toMatchObject([
    { displacedAt: null },
    { compensatedAt: null },
  ]);
  at(136);
  await sweepOverstays(system.platform);
  expect([await rowOf(lot, first), await rowOf(lot, next)]).toMatchObject([
    { displacedAt: expect.any(Date) },
    { compensatedAt: expect.any(Date) },
  ]);
});

test('for whom there was no spot nothing is charged when they cancel late, and what was kept before stays kept', async () => {
  const cancellation = { freeUntilMinutesBefore: 1440, refundPercentAfter: 0 };
  const noShow = { fee: 'FIXED', fixedMinor: 1000 };
  const { lot, next } = await staysOn(1, { nextHours: 4, policy: { cancellation, noShow } });
  at(60);
  expect((await next.stay(2)).userErrors).toEqual([]);
  at(121);
  await sweepOverstays(system.platform);
  expect(await rowOf(lot, next)).toMatchObject({ paidMinor: 800, feeMinor: 400, refundedMinor: 400 });
  at(151);
  await next.cancel();
  const charged = await em().count(Payment, { lotId: lot.id, kind: 'NO_SHOW_FEE' });
  expect([await rowOf(lot, next), charged]).toMatchObject([
    { state: 'CANCELLED', feeMinor: 400, refundedMinor: 400, outcomeRule: 'NO_SPOT' },
    0,
  ]);
});

test('a spot that comes free later is given to who had none', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 2 }, tariff: TARIFF });
  const first = await book(system, lot, [1, 2]);
  const other = await book(system, lot, [1, 3]);
  const next = await book(system, lot, [3, 2]);
  at(1);
  for (const { pass } of [first, other]) await untilDurable(system, lot.entry, { pass });
  at(121);
  await sweepOverstays(system.platform);
  expect(await next.label()).toBe('1-001');
  at(123);
  await untilDurable(system, lot.exit, { pass: other.pass });
  await sweepOverstays(system.platform);
  expect(await decide(system, lot.entry, { pass: next.pass })).toMatchObject({ action: 'OPEN', spotLabel: '1-002' });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Debt } from '../../src/entities/debt.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { projectRight } from '../../src/gate/project-right.ts';
import { cancelReservation } from '../../src/booking/cancel-reservation.ts';
import { changeReservation } from '../../src/booking/change-reservation.ts';
import type { LotPolicy } from '../../src/domain/policies.ts';
import type { TariffDocument } from '../../src/domain/tariff/document.ts';
import { releaseIfAbsent } from '../../src/jobs/release-no-show.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { hoursFrom } from '../support/booking.ts';
import { decide, makeGuest, untilDurable, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const MINUTE_MS = 60_000;
const GRACE_MINUTES = 30;

/** No worker: the journal is read when a test says so. */
let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
  await system.stop();
});

const em = () => system.platform.orm.em.fork();
const reservationOf = ({ lotId, id }: Guest) => em().findOneOrFail(Reservation, { lotId, id });

/** While the gates' journal is read. */
async function whileRead<T>(work: () => Promise<T>): Promise<T> {
  const journal = await startJournalAppliers(system.platform);
  try {
    return await work();
  } finally {
    await journal.stop();
  }
}

interface Visit {
  lot: TestLot;
  guest: Guest;
  startsAt: Date;
}

/** A guest who has paid 8.00 for four hours that begin now. */
async function visit(policy: Partial<LotPolicy>, tariff: Partial<TariffDocument> = {}): Promise<Visit> {
  const lot = await makeLot(system, { policy, tariff });
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guest = await makeGuest(system, lot, period);
  const startsAt = new Date(period.startsAt);
  system.clock.runFrom(startsAt);
  return { lot, guest, startsAt };
}

const goTo = ({ startsAt }: Visit, minutes: number) =>
  system.clock.runFrom(new Date(startsAt.getTime() + minutes * MINUTE_MS));

describe('a late driver who is reinstated', () => {
  /** Released at the end of the grace, then let in all the same. */
  async function lateDriver(noShow: LotPolicy['noShow']): Promise<Visit> {
    const late = await visit({ noShow });
    const { guest, lot } = late;
    goTo(late, GRACE_MINUTES + 1);
    await whileRead(async () => {
      const key = { lotId: guest.lotId, reservationId: guest.id };
      while ((await releaseIfAbsent(system.platform, key)) === 'JOURNAL_BEHIND');
      await projectRight(system.platform, key);
      expect(await untilDurable(system, lot.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
    });
    return late;
  }

  test.each<[string, LotPolicy['noShow'], number]>([
    ['everything had come back', { fee: 'NONE' }, 800],
    ['half had come back', { fee: 'PERCENT', percent: 50 }, 400],
    ['nothing had come back', { fee: 'FULL' }, 0],
  ])('pays the promised price, and no fee on top, when %s', async (_, noShow, owedMinor) => {
    const late = await lateDriver(noShow);
    expect(await reservationOf(late.guest)).toMatchObject({
      state: 'CHECKED_IN',
      feeMinor: 0,
      refundedMinor: owedMinor,
    });
    goTo(late, 239);
    const decision = await whileRead(() => untilDurable(system, late.lot.exit, { pass: late.guest.pass }));
    expect(decision).toMatchObject(
      owedMinor === 0
        ? { action: 'OPEN', reason: 'NOTHING_DUE', due: null }
        : { action: 'OPEN', reason: 'BILLED_LATER', due: { amountMinor: owedMinor } },
    );
    const stay = await em().findOneOrFail(Stay, { lotId: late.lot.id });
    expect(stay).toMatchObject({ state: 'LEFT', totalMinor: 800 });
    const debts = await em().find(Debt, { lotId: late.lot.id });
    expect(debts).toMatchObject(
      owedMinor === 0 ? [] : [{ amountMinor: owedMinor, reason: 'REINSTATED', driverId: late.guest.driver.id }],
    );
  });

  test.each<[string, LotPolicy['noShow'], { due: number; refunded: number }]>([
    ['everything had come back', { fee: 'NONE' }, { due: 400, refunded: 800 }],
    ['half had come back', { fee: 'PERCENT', percent: 50 }, { due: 0, refunded: 400 }],
    ['nothing had come back', { fee: 'FULL' }, { due: 0, refunded: 400 }],
  ])('that leaves after two hours has paid for two when %s', async (_, noShow, expected) => {
    const late = await lateDriver(noShow);
    goTo(late, 110);
    const { due } = await whileRead(() => untilDurable(system, late.lot.exit, { plate: { text: late.guest.plate } }));
    expect(due?.amountMinor ?? 0).toBe(expected.due);
    const reservation = await reservationOf(late.guest);
    expect(reservation).toMatchObject({ state: 'COMPLETED', refundedMinor: expected.refunded });
    expect(reservation.paidMinor - reservation.refundedMinor + expected.due).toBe(400);
    const [debt] = await em().find(Debt, { lotId: late.lot.id });
    expect(debt?.amountMinor ?? 0).toBe(expected.due);
  });
});

test('the fee of an earlier change is not given back at the exit, nor counted for the stay', async () => {
  // Free for three quarters of an hour: leaving at once costs nothing, and gives back what was paid for the stay.
  const free = { earlyDeparture: { refundPercent: 100, minimumChargeMinutes: 0 }, noShow: { fee: 'FULL' } } as const;
  const changed = await visit(free, { grace: { minutes: 45, kind: 'ABSORBED' } });
  const { guest, lot, startsAt } = changed;
  const key = { lotId: guest.lotId, reservationId: guest.id };
  const driver = { kind: 'DRIVER', driverId: guest.driver.id } as const;
  const endsAt = new Date(startsAt.getTime() + 120 * MINUTE_MS);
  await changeReservation(system.platform, { ...key, idempotencyKey: crypto.randomUUID(), endsAt }, driver);
  // Of the 4.00 that two hours less cost, half was kept.
  expect(await reservationOf(guest)).toMatchObject({ paidMinor: 800, refundedMinor: 200, feeMinor: 200 });
  await whileRead(async () => {
    await untilDurable(system, lot.entry, { pass: guest.pass });
    await untilDurable(system, lot.exit, { pass: guest.pass });
  });
  expect(await reservationOf(guest)).toMatchObject({ state: 'COMPLETED', refundedMinor: 600, feeMinor: 200 });
});

describe('a vehicle that entered on a reservation that was cancelled before the journal was read', () => {
  const FREE_TO_THE_END = { cancellation: { freeUntilMinutesBefore: 0, refundPercentAfter: 100 } };

  test.each<[string, Partial<LotPolicy>, number]>([
    ['with everything paid back', FREE_TO_THE_END, 400],
    ['with half kept', { cancellation: { freeUntilMinutesBefore: 60, refundPercentAfter: 50 } }, 0],
  ])('is charged as a walk-in, %s', async (_, policy, owedMinor) => {
    const inside = await visit(policy);
    const { guest, lot } = inside;
    expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
    const key = { lotId: guest.lotId, reservationId: guest.id };
    const driver = { kind: 'DRIVER', driverId: guest.driver.id } as const;
    await cancelReservation(system.platform, { ...key, idempotencyKey: crypto.randomUUID() }, driver);
    await projectRight(system.platform, key);
    goTo(inside, 100);
    const decision = await whileRead(async () => {
      await untilDurable(system, lot.entry, { ticket: true });
      return untilDurable(system, lot.exit, { plate: { text: guest.plate } });
    });
    expect(decision).toMatchObject(
      owedMinor === 0
        ? { action: 'OPEN', reason: 'NOTHING_DUE', due: null }
        : { action: 'OPEN', reason: 'BILLED_LATER', due: { amountMinor: owedMinor } },
    );
    const stay = await em().findOneOrFail(Stay, { lotId: lot.id, reservationId: guest.id });
    expect(stay).toMatchObject({ state: 'LEFT', totalMinor: 400 });
    const debts = await em().find(Debt, { lotId: lot.id });
    expect(debts).toMatchObject(owedMinor === 0 ? [] : [{ amountMinor: owedMinor, reason: 'UNPAID_STAY' }]);
    expect((await reservationOf(guest)).state).toBe('CANCELLED');
    expect(await em().count(Incident, { lotId: lot.id, kind: 'ENTERED_WITHOUT_RIGHT' })).toBe(1);
  });

  test('does not come in once more by its plate, whoever has heard of what', async () => {
    const inside = await visit(FREE_TO_THE_END);
    const { guest, lot } = inside;
    const plate = { text: guest.plate };
    await decide(system, lot.entry, { pass: guest.pass });
    const key = { lotId: guest.lotId, reservationId: guest.id };
    const driver = { kind: 'DRIVER', driverId: guest.driver.id } as const;
    await cancelReservation(system.platform, { ...key, idempotencyKey: crypto.randomUUID() }, driver);
    await projectRight(system.platform, key);
    expect(await decide(system, lot.entry, { plate })).toMatchObject({ action: 'DENY', reason: 'CANCELLED' });
    await whileRead(() => untilDurable(system, lot.entry, { ticket: true }));
    await system.platform.redis.flushall();
    expect(await decide(system, lot.entry, { plate })).toMatchObject({ action: 'DENY', reason: 'CANCELLED' });
    // Out again, it may come as anybody may.
    expect(await decide(system, lot.exit, { plate })).toMatchObject({ action: 'OPEN' });
    goTo(inside, 100);
    expect(await decide(system, lot.entry, { plate })).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
  });

  test('is found by its plate also when the gates have forgotten it, and charged', async () => {
    const inside = await visit(FREE_TO_THE_END);
    const { guest, lot } = inside;
    await decide(system, lot.entry, { pass: guest.pass });
    const key = { lotId: guest.lotId, reservationId: guest.id };
    const driver = { kind: 'DRIVER', driverId: guest.driver.id } as const;
    await cancelReservation(system.platform, { ...key, idempotencyKey: crypto.randomUUID() }, driver);
    await whileRead(() => untilDurable(system, lot.entry, { ticket: true }));
    await system.platform.redis.flushall();
    goTo(inside, 100);
    expect(await decide(system, lot.exit, { plate: { text: guest.plate } })).toMatchObject({
      action: 'OPEN',
      reason: 'BILLED_LATER',
      due: { amountMinor: 400 },
    });
  });
});

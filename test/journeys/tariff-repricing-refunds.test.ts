import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { decodeId } from '../../src/domain/public-id.ts';
import { Payment } from '../../src/entities/payment.ts';
import { Refund } from '../../src/entities/refund.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { refundNext } from '../../src/payments/refund-repricing.ts';
import { hoursFrom } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { makeGuest, PAY_STAY, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { ask, READ_REPRICING, REFUND_REPRICING, REPRICE } from './tariff-steps.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

let system: TestSystem;
let lot: TestLot;
let operator: string;
let period: { startsAt: string; endsAt: string };
const em = () => system.platform.orm.em.fork();

/** A lot at 2.00 an hour, and all kinds of visits that went through its gates; who came, by what they were. */
beforeAll(async () => {
  system = await startSystem();
  lot = await makeLot(system, { spots: { STANDARD: 8 } });
  const from = system.clock.now();
  await walkInPays(90);
  await walkInLeavesOwing(130);
  await reservedLeaves(4 * 60);
  await reservedLeaves(65);
  await reservedLeaves(6 * 60);
  system.clock.advance(24 * HOUR_MS);
  operator = await lot.staffToken('OPERATOR');
  period = { startsAt: from.toISOString(), endsAt: system.clock.now().toISOString() };
}, 120_000);
afterAll(() => system?.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

/** In, pays by card, and out within the exit grace. */
async function walkInPays(minutes: number): Promise<void> {
  const plate = { text: `PA${randomUUID().slice(0, 5).toUpperCase()}` };
  const { stayId } = await untilDurable(system, lot.entry, { plate });
  system.clock.advance(minutes * MINUTE_MS);
  const input = { idempotencyKey: randomUUID(), stay: { stayId }, paymentMethodId: 'pm_card_visa' };
  await ask(system, undefined, [PAY_STAY, { input }]);
  // The next hour begins on the way to the exit, which costs nothing.
  system.clock.advance(8 * MINUTE_MS);
  await untilDurable(system, lot.exit, { plate });
}

/** Out through a gate that had opened by itself and tells of it afterwards: what it cost is a debt. */
async function walkInLeavesOwing(minutes: number): Promise<void> {
  const plate = { text: `OW${randomUUID().slice(0, 5).toUpperCase()}` };
  await untilDurable(system, lot.entry, { plate });
  system.clock.advance(minutes * MINUTE_MS);
  const left = await untilDurable(system, lot.exit, { plate }, { alreadyOpened: true });
  expect(left.reason).toBe('BILLED_LATER');
}

/** Four hours reserved for 8.00; leaves so many minutes after the start: early, in time or late. */
async function reservedLeaves(minutes: number): Promise<void> {
  const booked = hoursFrom(system.clock.now(), 1, 4);
  const guest = await makeGuest(system, lot, booked);
  system.clock.runFrom(new Date(booked.startsAt));
  await untilDurable(system, lot.entry, { pass: guest.pass });
  system.clock.advance(minutes * MINUTE_MS - 2000);
  await untilDurable(system, lot.exit, { pass: guest.pass });
  await eventually(
    () => em().findOneOrFail(Reservation, { lotId: lot.id, id: guest.id }),
    ({ state }) => state === 'COMPLETED',
  );
}

async function priced(document?: object) {
  const input = { idempotencyKey: randomUUID(), lotId: lot.publicId, period, ...(document ? { document } : {}) };
  const { repricing, userErrors } = await ask(system, operator, [REPRICE, { input }]);
  expect(userErrors).toEqual([]);
  return eventually(
    () => ask(system, operator, [READ_REPRICING, { id: repricing.id, first: 20 }]),
    ({ state }) => state === 'DONE',
  );
}

test('visits of every kind, priced again under the version that priced them, cost what they cost', async () => {
  const again = await priced();
  const stays = await em().find(Stay, { lotId: lot.id }, { orderBy: { leftAt: 'asc' } });
  expect(stays.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    ...['WALK_IN LEFT', 'WALK_IN LEFT', 'RESERVED LEFT', 'RESERVED LEFT', 'RESERVED LEFT'],
  ]);
  expect(again).toMatchObject({ staysDone: stays.length, leftOut: [], changes: { nodes: [] } });
});

test('what was paid too much goes back when it is asked for, once each, and the stay then cost so much less', async () => {
  const cheaper = plainRates({ blockMinutes: 60, minor: 150 });
  const found = await priced(cheaper);
  expect(found.refundsDue.amountMinor).toBeGreaterThan(0);
  const input = { idempotencyKey: randomUUID(), repricingId: found.id };
  const answers = await Promise.all([1, 2, 3].map(() => ask(system, operator, [REFUND_REPRICING, { input }])));
  expect(answers.map(({ userErrors }) => userErrors)).toEqual([[], [], []]);
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  const { lotId, id: repricingId } = decodeId('rpr', found.id)!;
  // Others at the same time: who comes second finds the next stay.
  await Promise.all([1, 2, 3].map(() => refundNext(system.platform, { lotId: lotId!, repricingId })));
  const done = await eventually(
    () => ask(system, operator, [READ_REPRICING, { id: found.id, first: 20 }]),
    ({ refundsDoneAt }) => refundsDoneAt !== null,
  );
  expect(done.refunded).toEqual({ ...done.refundsDue, currency: 'EUR' });
  const refunds = await em().find(Refund, { lotId: lot.id, reason: 'STAFF' });
  expect(refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(done.refundsDue.amountMinor);
  for (const { capturedMinor, refundedMinor } of await em().find(Payment, { lotId: lot.id }))
    expect(refundedMinor).toBeLessThanOrEqual(capturedMinor);
  const again = await priced(cheaper);
  expect(again.refundsDue.amountMinor).toBe(0);
});

test('a stay that two repricings have found gets back no more than the one that makes it cheapest says', async () => {
  const cheapest = plainRates({ blockMinutes: 60, minor: 120 });
  const found = [await priced(plainRates({ blockMinutes: 60, minor: 130 })), await priced(cheapest)];
  const [less, most] = found.map(({ refundsDue }) => refundsDue.amountMinor);
  expect(less).toBeGreaterThan(0);
  const givenBack: number[] = [];
  for (const { id } of found) {
    await ask(system, operator, [REFUND_REPRICING, { input: { idempotencyKey: randomUUID(), repricingId: id } }]);
    const done = await eventually(
      () => ask(system, operator, [READ_REPRICING, { id, first: 20 }]),
      ({ refundsDoneAt }) => refundsDoneAt !== null,
    );
    givenBack.push(done.refunded.amountMinor);
  }
  expect(givenBack).toEqual([less, most - less]);
  expect((await priced(cheapest)).refundsDue.amountMinor).toBe(0);
});

test('what nobody has asked for is not given back, and a repricing that runs gives nothing', async () => {
  const found = await priced(plainRates({ blockMinutes: 60, minor: 100 }));
  expect(found).toMatchObject({ refundsAskedAt: null, refunded: { amountMinor: 0 } });
  const { lotId, id: repricingId } = decodeId('rpr', found.id)!;
  expect(await refundNext(system.platform, { lotId: lotId!, repricingId })).toBe('ENDED');
  await em().execute("UPDATE repricing SET state = 'RUNNING', updated_at = now() + interval '1 day' WHERE id = ?", [
    repricingId,
  ]);
  const input = { idempotencyKey: randomUUID(), repricingId: found.id };
  const refused = await ask(system, operator, [REFUND_REPRICING, { input }]);
  expect(refused.userErrors).toMatchObject([{ code: 'REPRICING_RUNNING' }]);
});

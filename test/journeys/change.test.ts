import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { sweepExtensions } from '../../src/booking/extension.ts';
import { decodeId } from '../../src/domain/public-id.ts';
import { Allocation } from '../../src/entities/allocation.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { CANCEL, CHANGE, COMPLETE, hoursFrom, reserve, reserveAndPay, reserveInput } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import type { GraphqlClient } from '../support/graphql-client.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { loginOf, makeDriver, makeLot, type TestDriver, type TestLot } from '../support/world.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
const THREE_D_SECURE = 'pm_card_threeDSecure2Required';

let system: TestSystem;
let driver: TestDriver;
let client: GraphqlClient;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'], clock: new MovableClock() });
  driver = await makeDriver(system);
  client = system.client(driver.token);
});
afterAll(() => system.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

interface Booked {
  lot: TestLot;
  id: string;
  rowId: string;
  period: { startsAt: string; endsAt: string };
  change(hours: number, card?: string, key?: string): Promise<any>;
  row(): Promise<Reservation>;
  claimEndsAt(): Promise<string | undefined>;
}

/** Two hours (4.00 EUR) of the only spot of a lot, paid. */
async function book(options: Parameters<typeof makeLot>[1] = {}, fromHours = 24): Promise<Booked> {
  const lot = await makeLot(system, { spots: { STANDARD: 1 }, ...options });
  const period = hoursFrom(system.clock.now(), fromHours, 2);
  const { id } = await reserveAndPay(client, reserveInput(lot, period));
  const rowId = decodeId('res', id)?.id ?? '';
  const key = { lotId: lot.id, id: rowId };
  return {
    lot,
    id,
    rowId,
    period,
    change: async (hours, card, idempotencyKey = randomUUID()) => {
      const endsAt = new Date(Date.parse(period.startsAt) + hours * HOUR_MS).toISOString();
      const input = { idempotencyKey, reservationId: id, endsAt, ...(card ? { paymentMethodId: card } : {}) };
      return (await client.query(CHANGE, { input })).data['changeReservation'];
    },
    row: () => system.platform.orm.em.fork().findOneOrFail(Reservation, key),
    claimEndsAt: async () =>
      (
        await system.platform.orm.em.fork().findOne(Allocation, { lotId: lot.id, reservationId: rowId })
      )?.endsAt.toISOString(),
  };
}

/** The payer answers the bank's question, and the provider's webhook arrives. */
async function answerChallenge(): Promise<void> {
  const waiting = system.stripe.state.paymentIntents().findLast(({ status }) => status === 'requires_action');
  if (!waiting) throw new Error('no payment waits for its payer');
  await fetch(`${system.stripe.url}/v1/test_helpers/payment_intents/${waiting.id}/complete_challenge`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk_test_parkwell', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'outcome=succeed',
  });
  await system.stripe.deliverPending();
  await paymentsIdle(system.platform);
}

const hour = (booked: Booked, hours: number) =>
  new Date(Date.parse(booked.period.startsAt) + hours * HOUR_MS).toISOString();

async function expectPaidInFull(booked: Booked): Promise<Reservation> {
  const row = await booked.row();
  expect(row.paidMinor - row.refundedMinor - row.feeMinor).toBe(row.totalMinor);
  return row;
}

describe('a driver who changes the end while an earlier change waits for the bank', () => {
  test('pays for the change that counts and for no other', async () => {
    const booked = await book();
    expect((await booked.change(4, THREE_D_SECURE)).userErrors[0].code).toBe('PAYMENT_ACTION_REQUIRED');
    expect((await booked.change(4, 'pm_card_visa')).reservation.price.total.amountMinor).toBe(800);
    await system.stripe.deliverPending();
    const row = await expectPaidInFull(booked);
    expect(row).toMatchObject({ totalMinor: 800, paidMinor: 800, endsAt: new Date(hour(booked, 4)) });
  });

  test('keeps the claim of the change that counts, and a shorter end leaves the rest to others', async () => {
    const booked = await book();
    await booked.change(4, THREE_D_SECURE);
    expect((await booked.change(1)).userErrors).toEqual([]);
    const other = system.client((await makeDriver(system)).token);
    const rest = { startsAt: hour(booked, 1), endsAt: hour(booked, 4) };
    expect((await reserve(other, reserveInput(booked.lot, rest))).reservation).not.toBeNull();
    expect(await booked.claimEndsAt()).toBe(hour(booked, 1));
    expect(await expectPaidInFull(booked)).toMatchObject({ endsAt: new Date(hour(booked, 1)), refundedMinor: 200 });
  });

  test('gets the later end when the bank’s question is answered', async () => {
    const booked = await book();
    await booked.change(3, THREE_D_SECURE);
    await answerChallenge();
    expect(await expectPaidInFull(booked)).toMatchObject({ endsAt: new Date(hour(booked, 3)), totalMinor: 600 });
    expect(await booked.claimEndsAt()).toBe(hour(booked, 3));
  });

  test('gets the money back that comes after the claim was given up', async () => {
    const booked = await book();
    await booked.change(4, THREE_D_SECURE);
    system.clock.advance(11 * MINUTE_MS);
    client = system.client(await loginOf(system, driver));
    expect(await sweepExtensions(system.platform, 10)).toBe(1);
    expect(await booked.claimEndsAt()).toBe(hour(booked, 2));
    expect(await expectPaidInFull(booked)).toMatchObject({ totalMinor: 400 });
  });
});

describe('a later end that can’t be paid', () => {
  test('leaves the claim as it was, and no key: the same request is refused again', async () => {
    const booked = await book();
    const key = randomUUID();
    for (let n = 0; n < 2; n++) {
      const { userErrors } = await booked.change(4, 'pm_card_chargeDeclined', key);
      expect(userErrors[0].code).toBe('PAYMENT_DECLINED');
      expect(await booked.claimEndsAt()).toBe(hour(booked, 2));
    }
  });

  test('because the provider takes no amount so small, gives its claim back at once', async () => {
    const booked = await book({ tariff: plainRates({ blockMinutes: 60, minor: 30 }) });
    expect((await booked.change(3, 'pm_card_visa')).reservation).toBeNull();
    expect(await booked.claimEndsAt()).toBe(hour(booked, 2));
  });
});

describe('what a late change withholds', () => {
  test('is a fee: shortening step by step and then cancelling gives no more back than cancelling', async () => {
    const booked = await book({}, 0);
    for (const hours of [1.5, 1, 0.5]) expect((await booked.change(hours)).userErrors).toEqual([]);
    const cancelled = await client.query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: booked.id } });
    expect(cancelled.data['cancelReservation'].userErrors).toEqual([]);
    expect(await booked.row()).toMatchObject({ paidMinor: 400, refundedMinor: 200, feeMinor: 200 });
  });

  test('is judged by the policy of the reservation, not by the lot’s of today', async () => {
    const booked = await book();
    const em = system.platform.orm.em.fork();
    await em.execute(`UPDATE lot SET policy = jsonb_set(policy, '{maxStayMinutes}', '60') WHERE id = ?`, [
      booked.lot.id,
    ]);
    expect((await booked.change(1.5)).userErrors).toEqual([]);
  });
});

describe('a cancellation', () => {
  test('after the grace gives back what a no-show gets, whether or not a worker was there first', async () => {
    const booked = await book({ policy: { noShow: { fee: 'FULL' } } }, 1);
    system.clock.advance(Date.parse(booked.period.startsAt) + 31 * MINUTE_MS - system.clock.now().getTime());
    client = system.client(await loginOf(system, driver));
    const { data } = await client.query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: booked.id } });
    expect(data['cancelReservation']).toMatchObject({
      refund: { amountMinor: 0 },
      reservation: { outcomeRule: 'NO_SHOW_FULL' },
    });
  });

  test('that is sent again says what it gave, not what went back before', async () => {
    const booked = await book();
    await booked.change(1);
    const input = { idempotencyKey: randomUUID(), reservationId: booked.id };
    for (let n = 0; n < 2; n++) {
      const { data } = await client.query(CANCEL, { input });
      expect(data['cancelReservation'].refund.amountMinor).toBe(200);
    }
  });
});

describe('a request that comes again', () => {
  test('long after, gets its reservation although its quote has expired', async () => {
    const lot = await makeLot(system);
    const period = hoursFrom(system.clock.now(), 24, 2);
    const { data } = await client.query(`query ($input: QuoteInput!) { quote(input: $input) { quote { id } } }`, {
      input: { lotId: lot.publicId, period },
    });
    const input = reserveInput(lot, period, { quoteId: data['quote'].quote.id });
    const first = await reserve(client, input);
    system.clock.advance(60 * MINUTE_MS);
    client = system.client(await loginOf(system, driver));
    expect(await reserve(client, input)).toMatchObject({ replayed: true, reservation: { id: first.reservation.id } });
  });

  test('with one key for two reservations charges one card', async () => {
    const lot = await makeLot(system);
    const period = hoursFrom(system.clock.now(), 24, 2);
    const [a, b] = [await reserve(client, reserveInput(lot, period)), await reserve(client, reserveInput(lot, period))];
    const idempotencyKey = randomUUID();
    const before = system.stripe.state.charges().length;
    const answers = await Promise.all(
      [a, b].map(({ reservation }) =>
        client.query(COMPLETE, {
          input: { idempotencyKey, reservationId: reservation.id, paymentMethodId: 'pm_card_visa' },
        }),
      ),
    );
    const codes = answers.map(({ data }) => data['completeReservation'].userErrors[0]?.code ?? 'CONFIRMED');
    expect(codes.toSorted()).toEqual(['CONFIRMED', 'IDEMPOTENCY_KEY_REUSED']);
    expect(system.stripe.state.charges().length - before).toBe(1);
  });

  test('cannot pay for what was cancelled', async () => {
    const booked = await book();
    await client.query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: booked.id } });
    const { data } = await client.query(COMPLETE, {
      input: { idempotencyKey: randomUUID(), reservationId: booked.id },
    });
    expect(data['completeReservation'].userErrors[0].code).toBe('RESERVATION_STATE');
  });
});

describe('a hold', () => {
  test('does not outlive the grace of its reservation', async () => {
    const lot = await makeLot(system, { policy: { holdMinutes: 60, graceMinutes: 5 } });
    const startsAt = new Date(system.clock.now().getTime() + 2 * MINUTE_MS);
    const period = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + HOUR_MS).toISOString() };
    const { reservation } = await reserve(client, reserveInput(lot, period));
    expect(reservation.holdExpiresAt).toBe(reservation.graceEndsAt);
  });

  test('that was paid in the browser too late is given back when its driver asks, though no webhook came', async () => {
    const lot = await makeLot(system);
    const { reservation } = await reserve(client, reserveInput(lot, hoursFrom(system.clock.now(), 24, 2)));
    const pay = (more: object) =>
      client.query(COMPLETE, { input: { idempotencyKey: randomUUID(), reservationId: reservation.id, ...more } });
    // None at all: one of the question alone would find the answer when it is read.
    system.stripe.faults.set({ webhooks: { dropShare: 1 } });
    await pay({ paymentMethodId: THREE_D_SECURE });
    await answerChallenge();
    system.clock.advance(11 * MINUTE_MS);
    client = system.client(await loginOf(system, driver));
    const { data } = await pay({});
    system.stripe.faults.reset();
    expect(data['completeReservation'].userErrors[0]).toMatchObject({
      code: 'HOLD_LAPSED',
      message: expect.stringContaining('goes back'),
    });
  });
});

describe('while a lot is known to be full', () => {
  const cases: [string, Record<string, unknown>, string][] = [
    ['a plate that is none', { vehicle: { plate: { text: '-' } } }, 'PLATE_INVALID'],
    ['a forged quote', { quoteId: 'qte_forged' }, 'QUOTE_INVALID'],
    [
      'a period in the past',
      { period: { startsAt: '2020-01-01T00:00:00Z', endsAt: '2040-01-01T00:00:00Z' } },
      'PERIOD_IN_PAST',
    ],
  ];
  test.each(cases)('%s is told as such', async (...[, more, code]) => {
    const booked = await book();
    expect((await reserve(client, reserveInput(booked.lot, booked.period))).userErrors[0].code).toBe(
      'SPOT_UNAVAILABLE',
    );
    expect((await reserve(client, reserveInput(booked.lot, booked.period, more))).userErrors[0].code).toBe(code);
  });

  test('a page of reservations with a cursor that is none is refused as such', async () => {
    const cursor = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');
    for (const after of [
      ['0', 'no-uuid'],
      ['8640000000000000', randomUUID()],
      ['-8640000000000000', randomUUID()],
      ['0', '\ud800'],
    ].map(cursor)) {
      const { errors } = await client.query(`query ($after: String) { reservations(after: $after) { nodes { id } } }`, {
        after,
      });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
  });
});

describe('somebody else’s reservation', () => {
  test('can’t be changed, and a change that waits for its payer goes on waiting', async () => {
    const booked = await book();
    await booked.change(4, THREE_D_SECURE);
    const stranger = system.client((await makeDriver(system)).token);
    const input = { idempotencyKey: randomUUID(), reservationId: booked.id, endsAt: hour(booked, 3) };
    const { data } = await stranger.query(CHANGE, { input });
    expect(data['changeReservation'].userErrors[0].code).toBe('RESERVATION_NOT_FOUND');
    expect(await booked.claimEndsAt()).toBe(hour(booked, 4));
    await answerChallenge();
    expect(await expectPaidInFull(booked)).toMatchObject({ endsAt: new Date(hour(booked, 4)) });
  });
});

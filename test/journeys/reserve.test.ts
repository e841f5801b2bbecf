import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeId } from '../../src/domain/public-id.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { releaseNoShow } from '../../src/booking/release-no-show.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import {
  CANCEL,
  CHANGE,
  COMPLETE,
  freshPlate,
  hoursFrom,
  READ,
  reserve,
  reserveAndPay,
  reserveInput,
} from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import type { GraphqlClient } from '../support/graphql-client.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { loginOf, makeDriver, makeLot, makeVehicle, type TestDriver, type TestLot } from '../support/world.ts';

const HOUR_MS = 3_600_000;

let system: TestSystem;
let lot: TestLot;
let driver: TestDriver;
let client: GraphqlClient;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'], clock: new MovableClock() });
  lot = await makeLot(system, { spots: { STANDARD: 30, LARGE: 2, EV: 1 } });
  driver = await makeDriver(system);
  client = system.client(driver.token);
});
afterAll(() => system.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

/** Four hours tomorrow, 8.00 EUR. */
const tomorrow = () => hoursFrom(system.clock.now(), 24, 4);

/** Moves the clock and signs the driver in again, since a login lasts a quarter of an hour. */
async function later(ms: number): Promise<void> {
  system.clock.advance(ms);
  client = system.client(await loginOf(system, driver));
}

const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { userErrors { code }
  quote { id available spotsFree price { total { amountMinor currency } lines { rule amount { amountMinor } } } expiresAt } } }`;

describe('a driver', () => {
  test('finds a lot, asks for a price, reserves at that price, pays, and holds a confirmed reservation with a pass', async () => {
    const found = await client.query(
      `query { lots(near: { latitude: 60.17, longitude: 24.94 }, radiusMeters: 2000) { nodes { id name } } }`,
    );
    expect(found.data['lots'].nodes.map(({ id }: { id: string }) => id)).toContain(lot.publicId);
    const period = tomorrow();
    const { data } = await client.query(QUOTE, { input: { lotId: lot.publicId, period } });
    const { quote } = data['quote'];
    expect(quote).toMatchObject({ available: true, price: { total: { amountMinor: 800, currency: 'EUR' } } });
    const held = await reserve(
      client,
      reserveInput(lot, period, { quoteId: quote.id, vehicle: { plate: { text: 'abc-123' } } }),
    );
    expect(held.reservation).toMatchObject({
      state: 'HELD',
      plate: 'ABC123',
      pass: null,
      price: quote.price && { total: { amountMinor: 800 } },
    });
    const paid = await client.query(COMPLETE, {
      input: { idempotencyKey: randomUUID(), reservationId: held.reservation.id, paymentMethodId: 'pm_card_visa' },
    });
    expect(paid.data['completeReservation'].reservation).toMatchObject({
      state: 'CONFIRMED',
      pass: expect.any(String),
      code: held.reservation.code,
    });
    const lines = held.reservation.price.lines.map((line: any) => line.amount.amountMinor);
    expect(lines.reduce((sum: number, amount: number) => sum + amount, 0)).toBe(800);
  });

  test('reserves with a vehicle of the account, and the very spot they name', async () => {
    const vehicle = await makeVehicle(system, { driverId: driver.id, plate: freshPlate() });
    const spot = lot.spots[7];
    const { reservation } = await reserve(
      client,
      reserveInput(lot, tomorrow(), { vehicle: { vehicleId: vehicle.publicId }, spotId: spot?.publicId }),
    );
    expect(reservation).toMatchObject({ state: 'HELD', pinned: true });
    const taken = await reserve(client, reserveInput(lot, tomorrow(), { spotId: spot?.publicId }));
    expect(taken.userErrors[0]).toMatchObject({ code: 'SPOT_UNAVAILABLE' });
  });

  test('may try another card when one is refused, until the hold ends', async () => {
    const { reservation } = await reserve(client, reserveInput(lot, tomorrow()));
    const pay = (paymentMethodId: string) =>
      client.query(COMPLETE, {
        input: { idempotencyKey: randomUUID(), reservationId: reservation.id, paymentMethodId },
      });
    const refused = await pay('pm_card_chargeDeclined');
    expect(refused.data['completeReservation'].userErrors[0]).toMatchObject({ code: 'PAYMENT_DECLINED' });
    expect((await client.query(READ, { id: reservation.id })).data['reservation'].state).toBe('HELD');
    expect((await pay('pm_card_visa')).data['completeReservation'].reservation.state).toBe('CONFIRMED');
  });

  test('is told that a payment is needed, and with what the client can make it', async () => {
    const { reservation } = await reserve(client, reserveInput(lot, tomorrow()));
    const { data } = await client.query(COMPLETE, {
      input: { idempotencyKey: randomUUID(), reservationId: reservation.id },
    });
    expect(data['completeReservation'].userErrors[0]).toMatchObject({
      __typename: 'PaymentNeeded',
      code: 'PAYMENT_REQUIRED',
      clientSecret: expect.stringMatching(/^pi_/),
    });
  });

  test('cancels in time and gets everything back; later half of it; both told before', async () => {
    const early = await reserveAndPay(client, reserveInput(lot, tomorrow()));
    expect(early.refundIfCancelledNow.amountMinor).toBe(800);
    const cancel = (id: string) => client.query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: id } });
    expect((await cancel(early.id)).data['cancelReservation']).toMatchObject({
      refund: { amountMinor: 800 },
      reservation: { state: 'CANCELLED', outcomeRule: 'FREE_CANCELLATION' },
    });
    // Later than an hour before the start, and half an hour on before it still.
    const startsAt = system.clock.now().getTime() + 45 * 60_000;
    const soon = { startsAt: new Date(startsAt).toISOString(), endsAt: new Date(startsAt + 4 * HOUR_MS).toISOString() };
    const late = await reserveAndPay(client, reserveInput(lot, soon));
    await later(30 * 60_000);
    const before = (await client.query(READ, { id: late.id })).data['reservation'];
    expect(before.refundIfCancelledNow.amountMinor).toBe(400);
    expect((await cancel(late.id)).data['cancelReservation']).toMatchObject({
      refund: { amountMinor: 400 },
      reservation: { fee: { amountMinor: 400 }, outcomeRule: 'LATE_CANCELLATION' },
    });
    const again = await cancel(late.id);
    expect(again.data['cancelReservation'].userErrors[0]).toMatchObject({ code: 'RESERVATION_STATE' });
  });

  test('shortens for money back and extends for the difference, by the tariff that was promised', async () => {
    const period = tomorrow();
    const reservation = await reserveAndPay(client, reserveInput(lot, period));
    const change = (hours: number, card?: string) =>
      client.query(CHANGE, {
        input: {
          idempotencyKey: randomUUID(),
          reservationId: reservation.id,
          endsAt: new Date(Date.parse(period.startsAt) + hours * HOUR_MS).toISOString(),
          ...(card ? { paymentMethodId: card } : {}),
        },
      });
    expect((await change(2)).data['changeReservation'].reservation).toMatchObject({
      refunded: { amountMinor: 400 },
      price: { total: { amountMinor: 400 } },
    });
    expect((await change(3)).data['changeReservation'].userErrors[0]).toMatchObject({
      code: 'PAYMENT_REQUIRED',
      due: { amountMinor: 200 },
    });
    expect((await change(3, 'pm_card_chargeDeclined')).data['changeReservation'].userErrors[0]).toMatchObject({
      code: 'PAYMENT_DECLINED',
    });
    const extended = (await change(3, 'pm_card_visa')).data['changeReservation'].reservation;
    expect(extended.price.total.amountMinor).toBe(600);
    const cancelled = await client.query(CANCEL, {
      input: { idempotencyKey: randomUUID(), reservationId: reservation.id },
    });
    expect(cancelled.data['cancelReservation'].refund.amountMinor).toBe(600);
  });

  test('is not given a later end that somebody else has reserved, and the refused card gives the claim back', async () => {
    const one = await makeLot(system, { spots: { STANDARD: 1 } });
    const first = hoursFrom(system.clock.now(), 24, 2);
    const next = hoursFrom(system.clock.now(), 26, 2);
    const mine = await reserveAndPay(client, reserveInput(one, first));
    const longer = { reservationId: mine.id, endsAt: next.endsAt };
    const declined = await client.query(CHANGE, {
      input: { ...longer, idempotencyKey: randomUUID(), paymentMethodId: 'pm_card_chargeDeclined' },
    });
    expect(declined.data['changeReservation'].userErrors[0].code).toBe('PAYMENT_DECLINED');
    const other = system.client((await makeDriver(system)).token);
    expect((await reserve(other, reserveInput(one, next))).reservation).not.toBeNull();
    const { data } = await client.query(CHANGE, {
      input: { ...longer, idempotencyKey: randomUUID(), paymentMethodId: 'pm_card_visa' },
    });
    expect(data['changeReservation'].userErrors[0]).toMatchObject({ code: 'SPOT_UNAVAILABLE' });
  });

  test('who does not come loses the spot after the grace and the fee of the policy, and gets the rest back', async () => {
    const strict = await makeLot(system, {
      spots: { STANDARD: 1 },
      tariff: plainRates({ blockMinutes: 60, minor: 200 }),
      policy: { noShow: { fee: 'FIRST_HOURS', hours: 24 }, graceMinutes: 30 },
    });
    const twoDays = hoursFrom(system.clock.now(), 1, 48);
    const missed = await reserveAndPay(client, reserveInput(strict, twoDays));
    const key = { lotId: strict.id, reservationId: decodeId('res', missed.id)?.id ?? '' };
    expect(await releaseNoShow(system.platform, key)).toBe('NOT_DUE');
    system.clock.advance(Date.parse(missed.graceEndsAt) - system.clock.now().getTime());
    await later(0);
    expect(await releaseNoShow(system.platform, key)).toBe('RELEASED');
    expect(await releaseNoShow(system.platform, key)).toBe('NOT_DUE');
    const { reservation } = (await client.query(READ, { id: missed.id })).data;
    expect(reservation).toMatchObject({
      state: 'NO_SHOW',
      fee: { amountMinor: 4800 },
      refunded: { amountMinor: 4800 },
      outcomeRule: 'NO_SHOW_FIRST_HOURS',
    });
    expect(
      (await reserve(client, reserveInput(strict, hoursFrom(system.clock.now(), 0, 2)))).reservation,
    ).not.toBeNull();
  });

  test('reserves again at once where a hold has lapsed, though no worker runs', async () => {
    const one = await makeLot(system, { spots: { STANDARD: 1 } });
    const period = tomorrow();
    const first = await reserve(client, reserveInput(one, period));
    await later(10 * 60_000);
    const second = await reserve(client, reserveInput(one, period));
    expect(second.reservation).not.toBeNull();
    const stale = await client.query(COMPLETE, {
      input: { idempotencyKey: randomUUID(), reservationId: first.reservation.id, paymentMethodId: 'pm_card_visa' },
    });
    expect(stale.data['completeReservation'].userErrors[0]).toMatchObject({ code: 'HOLD_LAPSED' });
  });

  test('gets back from a quote what it promised, until it expires: then the refusal brings a new one', async () => {
    const period = hoursFrom(system.clock.now(), 48, 4);
    const { data } = await client.query(QUOTE, { input: { lotId: lot.publicId, period } });
    await later(11 * 60_000);
    const answer = await client.query(
      `mutation ($input: ReserveSpotInput!) { reserveSpot(input: $input) { userErrors { code ... on QuoteExpired { newQuote { id price { total { amountMinor } } } } } } }`,
      { input: reserveInput(lot, period, { quoteId: data['quote'].quote.id }) },
    );
    const [error] = answer.data['reserveSpot'].userErrors;
    expect(error).toMatchObject({ code: 'QUOTE_EXPIRED', newQuote: { price: { total: { amountMinor: 800 } } } });
    expect(
      (await reserve(client, reserveInput(lot, period, { quoteId: error.newQuote.id }))).reservation,
    ).not.toBeNull();
  });

  test('never sees a plate in the tables, only ciphertext and indexes', async () => {
    await reserve(client, reserveInput(lot, tomorrow(), { vehicle: { plate: { text: 'SECRET1' } } }));
    const rows = await system.platform.orm.em
      .fork()
      .execute<{ text: string }[]>('SELECT reservation::text AS text FROM reservation');
    expect(rows.filter(({ text }) => text.includes('SECRET1'))).toEqual([]);
  });
});

describe('bad input is refused with its own reason, and nothing is left behind', () => {
  const good = () => reserveInput(lot, tomorrow());
  const at = (hours: number) => new Date(system.clock.now().getTime() + hours * HOUR_MS).toISOString();
  const cases: [string, () => Record<string, unknown> | Promise<Record<string, unknown>>, string, string[]][] = [
    [
      'a lot that does not exist',
      () => ({ ...good(), lotId: 'lot_AAAAAAAAAAAAAAAAAAAAAA' }),
      'LOT_NOT_FOUND',
      ['lotId'],
    ],
    ['an id that is none', () => ({ ...good(), lotId: 'nonsense' }), 'LOT_NOT_FOUND', ['lotId']],
    [
      'a period that runs backwards',
      () => ({ ...good(), period: { startsAt: at(5), endsAt: at(4) } }),
      'PERIOD_BACKWARDS',
      ['period'],
    ],
    [
      'a period in the past',
      () => ({ ...good(), period: { startsAt: at(-5), endsAt: at(4) } }),
      'PERIOD_IN_PAST',
      ['period'],
    ],
    [
      'a period longer than the lot allows',
      () => ({ ...good(), period: { startsAt: at(1), endsAt: at(24 * 15) } }),
      'PERIOD_TOO_LONG',
      ['period'],
    ],
    [
      'a period shorter than the lot allows',
      () => ({ ...good(), period: { startsAt: at(1), endsAt: at(1.1) } }),
      'PERIOD_TOO_SHORT',
      ['period'],
    ],
    [
      'a period too far ahead',
      () => ({ ...good(), period: { startsAt: at(24 * 200), endsAt: at(24 * 200 + 1) } }),
      'PERIOD_TOO_FAR_AHEAD',
      ['period'],
    ],
    [
      'a plate that is none',
      () => ({ ...good(), vehicle: { plate: { text: '-' } } }),
      'PLATE_INVALID',
      ['vehicle', 'plate', 'text'],
    ],
    [
      'a vehicle of somebody else',
      async () => ({
        ...good(),
        vehicle: {
          vehicleId: (await makeVehicle(system, { driverId: (await makeDriver(system)).id, plate: 'AAA111' })).publicId,
        },
      }),
      'VEHICLE_NOT_FOUND',
      ['vehicle', 'vehicleId'],
    ],
    [
      'a spot of another lot',
      async () => ({ ...good(), spotId: (await makeLot(system)).spots[0]?.publicId }),
      'SPOT_OF_ANOTHER_LOT',
      ['spotId'],
    ],
    ['a spot that is none', () => ({ ...good(), spotId: 'spt_x' }), 'SPOT_NOT_FOUND', ['spotId']],
    [
      'a type that does not take the vehicle',
      () => ({ ...good(), spotType: 'MOTORCYCLE' }),
      'SPOT_DOES_NOT_FIT',
      ['spotType'],
    ],
    ['a quote that is none of ours', () => ({ ...good(), quoteId: 'qte_forged' }), 'QUOTE_INVALID', ['quoteId']],
  ];

  test.each(cases)('%s', async (...[, input, code, field]) => {
    const [before] = await system.platform.orm.em
      .fork()
      .execute<{ n: number }[]>('SELECT count(*)::int AS n FROM reservation');
    const { reservation, userErrors } = await reserve(client, await input());
    expect(reservation).toBeNull();
    expect(userErrors).toEqual([expect.objectContaining({ code, field, message: expect.stringMatching(/\.$/) })]);
    const [after] = await system.platform.orm.em
      .fork()
      .execute<{ n: number }[]>('SELECT count(*)::int AS n FROM reservation');
    expect(after).toEqual(before);
  });

  test('somebody else’s reservation looks as if it were not there', async () => {
    const { reservation } = await reserve(client, good());
    const stranger = system.client((await makeDriver(system)).token);
    expect((await stranger.query(READ, { id: reservation.id })).data['reservation']).toBeNull();
    for (const [document, name, more] of [
      [COMPLETE, 'completeReservation', {}],
      [CANCEL, 'cancelReservation', {}],
      [CHANGE, 'changeReservation', { endsAt: at(30) }],
    ] as const) {
      const { data } = await stranger.query(document, {
        input: { idempotencyKey: randomUUID(), reservationId: reservation.id, ...more },
      });
      expect(data[name].userErrors[0]).toMatchObject({ code: 'RESERVATION_NOT_FOUND' });
    }
    const id = decodeId('res', reservation.id)?.id ?? '';
    expect(await system.platform.orm.em.fork().findOne(Reservation, { lotId: lot.id, id })).toMatchObject({
      state: 'HELD',
    });
  });

  test('nobody reserves without signing in, and a gate may not', async () => {
    const anonymous = await system
      .client()
      .query(`mutation ($input: ReserveSpotInput!) { reserveSpot(input: $input) { replayed } }`, { input: good() });
    expect(anonymous.errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    const gate = await system
      .client(lot.entry.deviceKey)
      .query(`mutation ($input: ReserveSpotInput!) { reserveSpot(input: $input) { replayed } }`, { input: good() });
    expect(gate.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

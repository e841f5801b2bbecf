import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { paymentsIdle } from '../../src/payments/background.ts';
import { CANCEL, CHANGE, COMPLETE, hoursFrom, reserve, reserveAndPay, reserveInput } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';

const RETRIES = 20;

let system: TestSystem;
let lot: TestLot;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system, { spots: { STANDARD: 60 } });
});
afterAll(() => system.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

const times = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: RETRIES }, work));

async function reservationsOf(driverId: string): Promise<number> {
  const [row] = await system.platform.orm.em
    .fork()
    .execute<{ n: number }[]>('SELECT count(*)::int AS n FROM reservation WHERE driver_id = ?', [driverId]);
  return row?.n ?? -1;
}

describe('a machine that sends the same request again, many times at once', () => {
  test('gets one reservation, and the same one in every answer', async () => {
    const driver = await makeDriver(system);
    const input = reserveInput(lot, hoursFrom(system.clock.now(), 24, 4));
    const answers = await times(() => reserve(system.client(driver.token), input));
    expect(new Set(answers.map(({ reservation }) => reservation?.id)).size).toBe(1);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(await reservationsOf(driver.id)).toBe(1);
  });

  test('gets the same reservation again when the lot has filled up meanwhile', async () => {
    const small = await makeLot(system, { spots: { STANDARD: 1 } });
    const [driver, other] = await Promise.all([makeDriver(system), makeDriver(system)]);
    const period = hoursFrom(system.clock.now(), 24, 4);
    const input = reserveInput(small, period);
    const first = await reserve(system.client(driver.token), input);
    const full = await times(() => reserve(system.client(other.token), reserveInput(small, period)));
    expect(full.map(({ userErrors }) => userErrors[0]?.code)).toEqual(Array(RETRIES).fill('SPOT_UNAVAILABLE'));
    const again = await reserve(system.client(driver.token), input);
    expect(again).toMatchObject({ replayed: true, reservation: { id: first.reservation.id } });
  });

  test('pays once', async () => {
    const driver = await makeDriver(system);
    const client = system.client(driver.token);
    const { reservation } = await reserve(client, reserveInput(lot, hoursFrom(system.clock.now(), 24, 4)));
    const input = { idempotencyKey: randomUUID(), reservationId: reservation.id, paymentMethodId: 'pm_card_visa' };
    const before = system.stripe.state.charges().length;
    const answers = await times(() => client.query(COMPLETE, { input }));
    expect(answers.map(({ data }) => data['completeReservation'].reservation?.state)).toEqual(
      Array(RETRIES).fill('CONFIRMED'),
    );
    expect(system.stripe.state.charges().length - before).toBe(1);
  });

  test('cancels once and gets one refund', async () => {
    const client = system.client((await makeDriver(system)).token);
    const reservation = await reserveAndPay(client, reserveInput(lot, hoursFrom(system.clock.now(), 24, 4)));
    const input = { idempotencyKey: randomUUID(), reservationId: reservation.id };
    const before = system.stripe.state.refunds().length;
    const answers = await times(() => client.query(CANCEL, { input }));
    const total = reservation.price.total.amountMinor;
    expect(answers.map(({ data }) => data['cancelReservation'].refund?.amountMinor)).toEqual(
      Array(RETRIES).fill(total),
    );
    await paymentsIdle(system.platform);
    expect(system.stripe.state.refunds().length - before).toBe(1);
    expect(answers.filter(({ data }) => !data['cancelReservation'].replayed)).toHaveLength(1);
  });

  test('extends once and pays the difference once', async () => {
    const client = system.client((await makeDriver(system)).token);
    const period = hoursFrom(system.clock.now(), 24, 2);
    const reservation = await reserveAndPay(client, reserveInput(lot, period));
    const endsAt = new Date(Date.parse(period.endsAt) + 3_600_000).toISOString();
    const input = {
      idempotencyKey: randomUUID(),
      reservationId: reservation.id,
      endsAt,
      paymentMethodId: 'pm_card_visa',
    };
    const before = system.stripe.state.charges().length;
    const answers = await times(() => client.query(CHANGE, { input }));
    expect(answers.flatMap(({ data }) => data['changeReservation'].userErrors)).toEqual([]);
    const { data } = await client.query(CHANGE, { input });
    expect(data['changeReservation']).toMatchObject({
      replayed: true,
      reservation: { period: { endsAt }, price: { total: { amountMinor: 600 } } },
    });
    expect(system.stripe.state.charges().length - before).toBe(1);
  });
});

describe('a key', () => {
  test('that comes with another input is refused, and nothing happens', async () => {
    const driver = await makeDriver(system);
    const input = reserveInput(lot, hoursFrom(system.clock.now(), 24, 4));
    await reserve(system.client(driver.token), input);
    const other = await reserve(system.client(driver.token), {
      ...input,
      period: hoursFrom(system.clock.now(), 48, 4),
    });
    expect(other.userErrors[0]).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', field: ['idempotencyKey'] });
    expect(await reservationsOf(driver.id)).toBe(1);
  });

  test('belongs to its actor: somebody else may happen to use the same', async () => {
    const [a, b] = await Promise.all([makeDriver(system), makeDriver(system)]);
    const input = reserveInput(lot, hoursFrom(system.clock.now(), 24, 4));
    const [first, second] = await Promise.all([a, b].map(({ token }) => reserve(system.client(token), input)));
    expect(first.reservation.id).not.toBe(second.reservation.id);
  });

  test('of a refused request may be used again, since nothing was done for it', async () => {
    const driver = await makeDriver(system);
    const client = system.client(driver.token);
    const small = await makeLot(system, { spots: { STANDARD: 1 } });
    const period = hoursFrom(system.clock.now(), 24, 4);
    const taken = await reserveAndPay(system.client((await makeDriver(system)).token), reserveInput(small, period));
    const input = reserveInput(small, period);
    expect((await reserve(client, input)).userErrors[0].code).toBe('SPOT_UNAVAILABLE');
    await system
      .client(await small.staffToken('ATTENDANT'))
      .query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: taken.id } });
    expect((await reserve(client, input)).reservation).not.toBeNull();
  });
});

describe('the same without the guard, to show that the test can see the bug', () => {
  test('where keys are not remembered, the same request makes many reservations', async () => {
    const unguarded = await startSystem({ roles: ['api'] });
    try {
      await unguarded.platform.orm.em.fork().execute(`
        CREATE FUNCTION forget_key() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.key := gen_random_uuid(); RETURN NEW; END $$;
        CREATE TRIGGER forget_key BEFORE INSERT ON idempotency_key FOR EACH ROW EXECUTE FUNCTION forget_key()`);
      const open = await makeLot(unguarded, { spots: { STANDARD: RETRIES } });
      const client = unguarded.client((await makeDriver(unguarded)).token);
      const input = reserveInput(open, hoursFrom(unguarded.clock.now(), 24, 4));
      const answers = await times(() => reserve(client, input));
      expect(new Set(answers.map(({ reservation }) => reservation?.id)).size).toBe(RETRIES);
    } finally {
      await unguarded.stop();
    }
  });
});

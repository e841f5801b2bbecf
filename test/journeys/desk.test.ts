import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { raiseIncident } from '../../src/incidents/raise-incident.ts';
import { releaseNoShow } from '../../src/booking/release-no-show.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { moneySettled, rowOf } from './payment-steps.ts';

const HOUR_MS = 3_600_000;
const FIND = `query ($text: LongText!) { findReservations(text: $text) { code } }`;
const REFUND = `mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) { replayed payment { refunded { amountMinor } refunds { reason state } } userErrors { code field } }
}`;
const OVERVIEW = `{ overview {
  lots arrivalsSoon noShows noShowsWeekBefore openIncidents urgentIncidents
  takings { today { amountMinor currency } weekBefore { amountMinor } }
} }`;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'], clock: new MovableClock() });
});
afterAll(() => system?.stop());

/** What a member of staff is answered; an error of the request fails the test. */
async function asked(token: string, document: string, variables: Record<string, unknown> = {}): Promise<any> {
  const { data, errors } = await system.client(token).query(document, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function paidIn(lot: TestLot, plate: string, hours: { from: number; for: number }) {
  const driver = await makeDriver(system);
  const wish = reserveInput(lot, hoursFrom(system.clock.now(), hours.from, hours.for), {
    vehicle: { plate: { text: plate } },
  });
  return { driver, reservation: await reserveAndPay(system.client(driver.token), wish) };
}

describe('Who searches at the desk', () => {
  const codesFound = async (token: string, text: string): Promise<string[]> =>
    (await asked(token, FIND, { text })).findReservations.map(({ code }: { code: string }) => code);

  test('finds by code and by plate as it is said; an operator by the whole address, name or payment besides', async () => {
    const lot = await makeLot(system);
    const { driver, reservation } = await paidIn(lot, 'ABC-123', { from: 3, for: 2 });
    await system.platform.orm.em.fork().execute(`UPDATE driver SET name = 'Aino Älytön' WHERE id = ?`, [driver.id]);
    const payment = await asked(
      await loginOf(system, driver),
      `query ($id: ID!) { reservation(id: $id) { payment { id } } }`,
      {
        id: reservation.id,
      },
    );
    const operator = await lot.staffToken('OPERATOR');
    const forAll = [reservation.code.toLowerCase(), ' abc 123 '];
    const forOperators = [driver.email.toUpperCase(), 'aino älytön', payment.reservation.payment.id];
    for (const text of [...forAll, ...forOperators])
      expect(await codesFound(operator, text)).toEqual([reservation.code]);
    const attendant = await lot.staffToken('ATTENDANT');
    for (const text of forAll) expect(await codesFound(attendant, text)).toEqual([reservation.code]);
    for (const text of forOperators) expect(await codesFound(attendant, text)).toEqual([]);
  });

  test('finds nothing by a part, and nothing of the lots of others', async () => {
    const lot = await makeLot(system);
    const { driver, reservation } = await paidIn(lot, 'PART-77', { from: 3, for: 2 });
    const operator = await lot.staffToken('OPERATOR');
    for (const part of ['PART7', driver.email.split('@')[0]!, '@example.test', 'Test', 'Test Driv', '% %'])
      expect(await codesFound(operator, part)).toEqual([]);
    const stranger = await (await makeLot(system)).staffToken('OPERATOR');
    for (const text of [reservation.code, 'PART-77', driver.email, 'Test Driver'])
      expect(await codesFound(stranger, text)).not.toContain(reservation.code);
  });
});

describe('An operator who sends money back', () => {
  const refund = async (token: string, input: Record<string, unknown>) =>
    (await asked(token, REFUND, { input: { idempotencyKey: randomUUID(), reason: 'The lift was broken', ...input } }))
      .refundPayment;

  test('sends at most what is left, once a key, and its life says who and why', async () => {
    const lot = await makeLot(system);
    const { reservation } = await paidIn(lot, 'BACK-1', { from: 3, for: 2 });
    const operator = await lot.staffToken('OPERATOR');
    const read = `query ($id: ID!) { reservation(id: $id) {
      refunded { amountMinor } payment { id } timeline { kind detail note amount { amountMinor } by { name } } } }`;
    const { payment } = (await asked(operator, read, { id: reservation.id })).reservation;
    for (const amountMinor of [0, -1, 401]) {
      const refused = await refund(operator, { paymentId: payment.id, amountMinor });
      expect(refused.userErrors).toEqual([{ code: 'INVALID_INPUT', field: ['amountMinor'] }]);
    }
    const idempotencyKey = randomUUID();
    const first = await refund(operator, { paymentId: payment.id, amountMinor: 150, idempotencyKey });
    expect(first).toMatchObject({ replayed: false, payment: { refunded: { amountMinor: 150 } }, userErrors: [] });
    const again = await refund(operator, { paymentId: payment.id, amountMinor: 150, idempotencyKey });
    expect(again).toMatchObject({ replayed: true, payment: { refunded: { amountMinor: 150 } } });
    const other = await refund(operator, { paymentId: payment.id, amountMinor: 151, idempotencyKey });
    expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
    expect((await refund(operator, { paymentId: payment.id, amountMinor: 251 })).userErrors).toMatchObject([
      { code: 'INVALID_INPUT' },
    ]);
    await moneySettled(system);
    const { refunded, timeline } = (await asked(operator, read, { id: reservation.id })).reservation;
    expect(refunded.amountMinor).toBe(150);
    expect(timeline).toContainEqual({
      ...{ kind: 'REFUND_PROMISED', detail: 'STAFF', note: 'The lift was broken' },
      ...{ amount: { amountMinor: 150 }, by: { name: 'Test Staff' } },
    });
  });

  test('is noticed by the driver who looks on, and by the gates', async () => {
    const lot = await makeLot(system);
    const { driver, reservation } = await paidIn(lot, 'BACK-3', { from: 3, for: 2 });
    const token = await loginOf(system, driver);
    const watch = `subscription ($id: ID!) { reservation(id: $id) { refunded { amountMinor } payment { id } } }`;
    const live = system.subscribe(watch, { id: reservation.id }, token);
    const { refunded, payment } = (await live.next()).reservation;
    expect(refunded.amountMinor).toBe(0);
    const told = async () =>
      system.platform.orm.em
        .fork()
        .execute(`SELECT 1 FROM outbox_event WHERE aggregate_id = ? AND type = 'reservation.confirmed'`, [
          rowOf('res', reservation.id).id,
        ]);
    const before = await told();

    await refund(await lot.staffToken('OPERATOR'), { paymentId: payment.id, amountMinor: 150 });

    expect((await live.next()).reservation.refunded.amountMinor).toBe(150);
    await live.stop();
    expect(await told()).toHaveLength(before.length + 1);
  });

  test('is nobody but an operator of that lot', async () => {
    const lot = await makeLot(system);
    const { driver, reservation } = await paidIn(lot, 'BACK-2', { from: 3, for: 2 });
    const token = await loginOf(system, driver);
    const read = `query ($id: ID!) { reservation(id: $id) { payment { id } } }`;
    const { payment } = (await asked(token, read, { id: reservation.id })).reservation;
    const input = { idempotencyKey: randomUUID(), paymentId: payment.id, amountMinor: 100, reason: 'Please' };
    for (const who of [token, await lot.staffToken('ATTENDANT')]) {
      const { errors } = await system.client(who).query(REFUND, { input });
      expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN');
    }
    const stranger = await (await makeLot(system)).staffToken('OPERATOR');
    expect((await refund(stranger, input)).userErrors).toMatchObject([{ code: 'LOT_NOT_FOUND' }]);
  });
});

describe('The day of a lot', () => {
  test('is compared with the same time of the same weekday by its own clock, also over the night the clocks go back', async () => {
    const away = await startSystem({ roles: ['api'], clock: new MovableClock() });
    try {
      const lot = await makeLot(away, { timeZone: 'Europe/Berlin', spots: { STANDARD: 9 } });
      const at = (text: string) => away.clock.runFrom(new Date(text));
      const pay = async (plate: string) => {
        const driver = await makeDriver(away);
        const period = hoursFrom(away.clock.now(), 0, 2);
        const wish = reserveInput(lot, period, { vehicle: { plate: { text: plate } } });
        return reserveAndPay(away.client(driver.token), wish);
      };
      at('2026-10-20T09:00:00+02:00');
      const missed = await pay('WEEK-1');
      at('2026-10-20T10:30:00+02:00');
      await pay('WEEK-2');
      at('2026-10-20T11:59:00+02:00');
      expect(await releaseNoShow(away.platform, keyOf(missed.id))).toBe('RELEASED');
      // Ten o'clock is an hour further from ten o'clock a week ago than a week of hours.
      at('2026-10-27T09:10:00+01:00');
      await pay('TODAY-1');
      at('2026-10-27T10:00:00+01:00');
      await inTransaction(away.platform, (tx) => raiseIncident(tx, { lotId: lot.id, kind: 'NO_SPOT_LEFT' }));
      const { token } = await makeStaff(away, { role: 'OPERATOR', operatorId: lot.operatorId });
      const { data } = await away.client(token).query(OVERVIEW);
      expect(data['overview']).toEqual({
        ...{ lots: 1, arrivalsSoon: 0, noShows: 0, noShowsWeekBefore: 1, openIncidents: 1, urgentIncidents: 1 },
        takings: [{ today: { amountMinor: 400, currency: 'EUR' }, weekBefore: { amountMinor: 400 } }],
      });
    } finally {
      await away.stop();
    }
  });

  test('counts who comes within the next three hours, and nobody whose time has come', async () => {
    const lot = await makeLot(system);
    await paidIn(lot, 'SOON-1', { from: 1, for: 2 });
    await paidIn(lot, 'LATER-1', { from: 4, for: 2 });
    const arrivals = async () =>
      (await asked(await lot.staffToken('ATTENDANT'), '{ overview { arrivalsSoon } }')).overview;
    expect(await arrivals()).toEqual({ arrivalsSoon: 1 });
    system.clock.advance(HOUR_MS * 2);
    expect(await arrivals()).toEqual({ arrivalsSoon: 1 });
    system.clock.advance(HOUR_MS * 3);
    expect(await arrivals()).toEqual({ arrivalsSoon: 0 });
  });
});

const keyOf = (publicId: string) => {
  const { lotId, id } = rowOf('res', publicId);
  return { lotId, reservationId: id };
};

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeId } from '../../src/domain/public-id.ts';
import { projectRight } from '../../src/gate/project-right.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { releaseIfAbsent } from '../../src/jobs/release-no-show.ts';
import { CHANGE, freshPlate, reserve, reserveAndPay, reserveInput } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide } from '../support/gate.ts';
import type { GraphqlClient } from '../support/graphql-client.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { loginOf, makeDriver, makeLot, makeVehicle, type LotOptions, type TestLot } from '../support/world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const LATE = `mutation ($input: AnnounceLateArrivalInput!) { announceLateArrival(input: $input) {
  reservation { graceEndsAt state lot { policy { graceMinutes lateNoticeMinutes } } promises { lateArrival } } userErrors { code field } } }`;
const OTHER_VEHICLE = `mutation ($input: ChangeVehicleInput!) { changeVehicle(input: $input) { replayed
  reservation { plate vehicleClass price { total { amountMinor } } } userErrors { code field ... on PaymentNeeded { due { amountMinor } } } } }`;

let system: TestSystem;
let journal: { stop(): Promise<void> };
let driver: { id: string; token: string };
let client: GraphqlClient;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  journal = await startJournalAppliers(system.platform);
});
afterAll(async () => {
  await journal?.stop();
  await system?.stop();
});
beforeEach(async () => {
  driver = await makeDriver(system);
  client = system.client(driver.token);
});

/** Logins end while the clock is moved: the driver signs in again. */
async function later(minutes: number): Promise<void> {
  system.clock.advance(minutes * MINUTE_MS);
  client = system.client(await loginOf(system, driver));
}

interface Booked {
  lot: TestLot;
  reservation: any;
  key: { lotId: string; reservationId: string };
  startMs: number;
}

/** A paid reservation that starts now, as the gates know it. */
async function booked(options: LotOptions = {}, hours = 3): Promise<Booked> {
  const lot = await makeLot(system, options);
  const startMs = system.clock.now().getTime();
  const period = {
    startsAt: new Date(startMs).toISOString(),
    endsAt: new Date(startMs + hours * HOUR_MS).toISOString(),
  };
  const reservation = await reserveAndPay(client, reserveInput(lot, period));
  const { id: reservationId } = decodeId('res', reservation.id)!;
  const key = { lotId: lot.id, reservationId };
  await projectRight(system.platform, key);
  return { lot, reservation, key, startMs };
}

async function sayLate(id: string, asked = client): Promise<any> {
  const { data, errors } = await asked.query(LATE, { input: { reservationId: id } });
  expect(errors).toBeUndefined();
  return data['announceLateArrival'];
}

const graceMinutes = ({ startMs }: Booked, payload: any) =>
  (Date.parse(payload.reservation.graceEndsAt) - startMs) / MINUTE_MS;

/** What the job of the no-show does now, once the journal is through. */
const release = ({ key }: Booked) =>
  eventually(
    () => releaseIfAbsent(system.platform, key),
    (outcome) => outcome !== 'JOURNAL_BEHIND',
  );

describe('A driver who is late', () => {
  test('says so, keeps the spot for as long as the policy gives, and comes in', async () => {
    const before = await booked();
    const payload = await sayLate(before.reservation.id);
    expect(graceMinutes(before, payload)).toBe(60);
    expect(payload.reservation.promises.lateArrival).toContain('30 min longer if you say that you are late');
    expect(graceMinutes(before, await sayLate(before.reservation.id))).toBe(60);
    await projectRight(system.platform, before.key);
    await later(45);
    expect(await release(before)).toBe('NOT_DUE');
    expect(await decide(system, before.lot.entry, { code: before.reservation.code })).toMatchObject({ action: 'OPEN' });
  });

  test('who says nothing loses it at the end of the usual grace, and it is too late to say it then', async () => {
    const before = await booked();
    await later(45);
    expect((await sayLate(before.reservation.id)).userErrors).toMatchObject([{ code: 'RESERVATION_STATE' }]);
    expect(await release(before)).toBe('RELEASED');
    expect((await sayLate(before.reservation.id)).userErrors).toMatchObject([{ code: 'RESERVATION_STATE' }]);
  });

  test('loses it at the end of the longer grace all the same', async () => {
    const before = await booked();
    await sayLate(before.reservation.id);
    await later(61);
    expect(await release(before)).toBe('RELEASED');
  });

  test('is not waited for beyond the end of the period, and goes on being waited for when that is moved', async () => {
    const before = await booked({}, 0.75);
    expect(graceMinutes(before, await sayLate(before.reservation.id))).toBe(45);
    const endsAt = new Date(before.startMs + 3 * HOUR_MS).toISOString();
    const input = { idempotencyKey: randomUUID(), reservationId: before.reservation.id, endsAt };
    const { data } = await client.query(CHANGE, { input: { ...input, paymentMethodId: 'pm_card_visa' } });
    expect(graceMinutes(before, data['changeReservation'])).toBe(45);
  });

  test('gets nothing more from a lot that waits for nobody, or was set up before lots could', async () => {
    for (const policy of [{ lateNoticeMinutes: 0 }, { lateNoticeMinutes: undefined }]) {
      const before = await booked({ policy: policy as object });
      const payload = await sayLate(before.reservation.id);
      expect(graceMinutes(before, payload)).toBe(30);
      expect(payload.reservation.lot.policy.lateNoticeMinutes).toBe(0);
    }
  });

  test('says it of their own reservation alone', async () => {
    const before = await booked();
    const other = system.client((await makeDriver(system)).token);
    expect((await sayLate(before.reservation.id, other)).userErrors).toMatchObject([{ code: 'RESERVATION_NOT_FOUND' }]);
  });
});

describe('Another vehicle', () => {
  async function change(id: string, vehicle: object, more: { asked?: GraphqlClient; key?: string } = {}): Promise<any> {
    const { asked = client, key: idempotencyKey = randomUUID() } = more;
    const { data, errors } = await asked.query(OTHER_VEHICLE, {
      input: { idempotencyKey, reservationId: id, vehicle },
    });
    expect(errors).toBeUndefined();
    return data['changeVehicle'];
  }
  const plate = (text: string, vehicleClass?: string) => ({
    plate: { text, ...(vehicleClass ? { vehicleClass } : {}) },
  });

  test('comes instead: its plate opens the gate, the one that was told before does not', async () => {
    const { lot, reservation, key } = await booked({ spots: { STANDARD: 1 } });
    const changed = await change(reservation.id, plate('new-777'));
    expect(changed.reservation).toMatchObject({ plate: 'NEW777', vehicleClass: 'CAR' });
    await projectRight(system.platform, key);
    const before = await decide(system, lot.entry, { plate: { text: reservation.plate, confidence: 0.99 } });
    expect(before).toMatchObject({ action: 'DENY', reservationCode: null });
    const after = await decide(system, lot.entry, { plate: { text: 'NEW777', confidence: 0.99 } });
    expect(after).toMatchObject({ action: 'OPEN', reservationCode: reservation.code });
  });

  test('is changed once by one key, and can be one of the account', async () => {
    const { reservation } = await booked();
    const key = randomUUID();
    expect((await change(reservation.id, plate('AAA111'), { key })).replayed).toBe(false);
    expect((await change(reservation.id, plate('AAA111'), { key })).replayed).toBe(true);
    expect((await change(reservation.id, plate('BBB222'), { key })).userErrors).toMatchObject([
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
    const own = await booked();
    const vehicle = await makeVehicle(system, { driverId: driver.id, plate: 'OWN1' });
    expect((await change(own.reservation.id, { vehicleId: vehicle.publicId })).reservation.plate).toBe('OWN1');
  });

  test('is refused where it does not fit the spot, costs more, has no plate, or comes for a stranger', async () => {
    const { rates } = plainRates({ blockMinutes: 60, minor: 200 });
    const vans = { ...plainRates({ blockMinutes: 60, minor: 500 }).rates[0]!, name: 'Vans', vehicleClasses: ['VAN'] };
    const tariff = { rates: [vans as never, ...rates] };
    const { reservation } = await booked({ spots: { LARGE: 1 }, tariff });
    const codeOf = async (...asked: Parameters<typeof change>) => (await change(...asked)).userErrors[0];
    expect(await codeOf(reservation.id, plate('BUS1', 'BUS'))).toMatchObject({ code: 'SPOT_DOES_NOT_FIT' });
    expect(await codeOf(reservation.id, plate('VAN1', 'VAN'))).toMatchObject({
      code: 'PAYMENT_REQUIRED',
      due: { amountMinor: 900 },
    });
    expect(await codeOf(reservation.id, plate('!'))).toMatchObject({ code: 'PLATE_INVALID' });
    const stranger = system.client((await makeDriver(system)).token);
    expect(await codeOf(reservation.id, plate('ABC1'), { asked: stranger })).toMatchObject({
      code: 'RESERVATION_NOT_FOUND',
    });
  });

  test('is refused once the first one is inside, and after a hold that has run out', async () => {
    const { lot, reservation } = await booked();
    expect(await decide(system, lot.entry, { code: reservation.code })).toMatchObject({ action: 'OPEN' });
    await eventually(
      () => client.query('query ($id: ID!) { reservation(id: $id) { state } }', { id: reservation.id }),
      ({ data }) => data['reservation'].state === 'CHECKED_IN',
    );
    const inside = await change(reservation.id, plate(freshPlate()));
    expect(inside.userErrors).toMatchObject([{ code: 'RESERVATION_STATE' }]);
    const startMs = system.clock.now().getTime() + 3 * HOUR_MS;
    const period = { startsAt: new Date(startMs).toISOString(), endsAt: new Date(startMs + HOUR_MS).toISOString() };
    const { reservation: held } = await reserve(client, reserveInput(lot, period));
    expect((await change(held.id, plate('HLD1'))).reservation.plate).toBe('HLD1');
    await later(11);
    expect((await change(held.id, plate('HLD2'))).userErrors).toMatchObject([{ code: 'HOLD_LAPSED' }]);
  });
});

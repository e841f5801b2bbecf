import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import Stripe from 'stripe';
import { runSweeps } from '../../src/jobs/run.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { CANCEL, freshPlate, reserveAndPay, reserveInput } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, PAY_STAY, untilDurable, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { moneySettled } from './payment-steps.ts';

const MINUTE_MS = 60_000;
const SPOTS = 4;
const REPORT = `query ($lot: ID!, $from: ShortText!, $through: ShortText!) { lot(id: $lot) { report(from: $from, through: $through) {
  spots days { day occupancyPercent entries reservations noShows taken { amountMinor currency } }
  hours { weekday hour occupancyPercent entries days } durations { fromMinutes untilMinutes stays } } } }`;
const STAY = `query ($id: ID!) { node(id: $id) { ... on Stay { enteredAt leftAt } } }`;
const REFUND = `mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { userErrors { code } } }`;
const PAYMENT = `query ($id: ID!) { reservation(id: $id) { payment { id } } }`;

let system: TestSystem;
let lot: TestLot;
/** What cameras saw, written down by hand: when each vehicle came and left. */
const seen: { enteredAt: number; leftAt: number | null }[] = [];

beforeAll(async () => {
  const clock = new MovableClock();
  clock.freezeAt(new Date('2026-03-28T18:00:00Z'));
  system = await startSystem({ clock });
  lot = await makeLot(system, { spots: { STANDARD: SPOTS }, policy: { noShow: { fee: 'NONE' } } });
});
afterAll(() => system?.stop());

const at = (instant: string) => system.clock.freezeAt(new Date(instant));

/** A walk-in that comes at one instant and pays and leaves at the other. */
async function walkIn(enteredAt: string, leftAt: string | null): Promise<void> {
  const plate = { plate: { text: freshPlate() } };
  at(enteredAt);
  const { stayId } = await untilDurable(system, lot.entry, plate);
  seen.push({ enteredAt: Date.parse(enteredAt), leftAt: leftAt === null ? null : Date.parse(leftAt) });
  if (leftAt === null) return;
  at(leftAt);
  const due = await decide(system, lot.exit, plate);
  const input = { idempotencyKey: randomUUID(), stay: { stayId }, paymentMethodId: 'pm_card_visa' };
  if (due.due) await system.client().query(PAY_STAY, { input });
  expect(await untilDurable(system, lot.exit, plate)).toMatchObject({ action: 'OPEN' });
}

async function guestVisits(guest: Guest, [enteredAt, leftAt]: readonly [string, string]): Promise<void> {
  at(enteredAt);
  const { stayId } = await untilDurable(system, lot.entry, { pass: guest.pass });
  at(leftAt);
  await untilDurable(system, lot.exit, { pass: guest.pass });
  seen.push({ enteredAt: Date.parse(enteredAt), leftAt: Date.parse(leftAt) });
  const staff = system.client(await lot.staffToken('ATTENDANT'));
  const times = { enteredAt: new Date(enteredAt).toISOString(), leftAt: new Date(leftAt).toISOString() };
  await eventually(
    async () => (await staff.query(STAY, { id: stayId })).data['node'],
    (stay) => stay.leftAt === times.leftAt && stay.enteredAt === times.enteredAt,
  );
}

async function reportOf(from: string, through: string): Promise<any> {
  await moneySettled(system);
  const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
  const { data, errors } = await system.client(token).query(REPORT, { lot: lot.publicId, from, through });
  expect(errors).toBeUndefined();
  return data['lot'].report;
}

interface Counted {
  passed: number;
  occupied: number;
  entries: number;
  dates: Set<string>;
}

const CLOCK = new Intl.DateTimeFormat('sv', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Europe/Helsinki' });

/** The same figures by another way: minute after minute, with the browser's calendar instead of the database's. */
function counted(from: string, through: string, keyOf: (date: string, hour: number) => string): Map<string, Counted> {
  const now = system.clock.now().getTime();
  const counts = new Map<string, Counted>();
  for (let ms = Date.parse(from) - 86_400_000; ms < now; ms += MINUTE_MS) {
    const [date = '', time = ''] = CLOCK.format(ms).split(' ');
    if (date < from || date > through) continue;
    const key = keyOf(date, Number(time.slice(0, 2)));
    const count = counts.get(key) ?? { passed: 0, occupied: 0, entries: 0, dates: new Set() };
    counts.set(key, count);
    count.passed += 1;
    count.dates.add(date);
    count.occupied += seen.filter(({ enteredAt, leftAt }) => enteredAt <= ms && ms < (leftAt ?? Infinity)).length;
    count.entries += seen.filter(({ enteredAt }) => enteredAt === ms).length;
  }
  return counts;
}

const percentOf = ({ occupied, passed }: Counted) => expect.closeTo((occupied * 100) / (passed * SPOTS), 6);
const weekdayOf = (date: string) => new Date(`${date}T12:00Z`).getUTCDay() || 7;

function expectCounted(report: any, from: string, through: string): void {
  const days = counted(from, through, (date) => date);
  for (const { day, occupancyPercent, entries } of report.days) {
    const count = days.get(day);
    expect([day, occupancyPercent, entries]).toEqual([day, count ? percentOf(count) : null, count?.entries ?? 0]);
  }
  const hours = counted(from, through, (date, hour) => `${weekdayOf(date)} ${hour}`);
  expect(report.hours).toEqual(
    [...hours]
      .map(([key, count]) => ({ key: key.split(' ').map(Number), count }))
      .toSorted((a, b) => a.key[0]! * 24 + a.key[1]! - (b.key[0]! * 24 + b.key[1]!))
      .map(({ key: [weekday, hour], count }) => ({
        ...{ weekday, hour, occupancyPercent: percentOf(count), entries: count.entries, days: count.dates.size },
      })),
  );
}

/** What the provider itself has on its list, by the lot's dates. */
async function chargedOn(dates: readonly string[]): Promise<number[]> {
  const { host, port } = system.stripe;
  const provider = new Stripe(system.env['STRIPE_SECRET_KEY']!, { host, port, protocol: 'http' });
  const { data } = await provider.charges.list({ limit: 100 });
  return dates.map((date) =>
    data
      .filter(({ created, captured }) => captured && CLOCK.format(created * 1000).startsWith(date))
      .reduce((sum, { amount_captured, amount_refunded }) => sum + amount_captured - amount_refunded, 0),
  );
}

test('A day that has 23 hours is counted by the hours it has, and a visit across midnight belongs to both dates', async () => {
  await walkIn('2026-03-28T21:30:00Z', '2026-03-29T01:30:00Z');
  await walkIn('2026-03-29T01:00:00Z', '2026-03-29T01:20:00Z');
  at('2026-03-30T05:17:00Z');
  const report = await reportOf('2026-03-28', '2026-03-30');
  expectCounted(report, '2026-03-28', '2026-03-30');
  expect(report.days.map(({ day, entries }: any) => [day, entries])).toEqual([
    ['2026-03-28', 1],
    ['2026-03-29', 1],
    ['2026-03-30', 0],
  ]);
  const sundays = report.hours.filter(({ weekday }: any) => weekday === 7).map(({ hour }: any) => hour);
  expect(sundays).toHaveLength(23);
  expect(sundays).not.toContain(3);
});

test('A day that has 25 hours, walk-ins and reservations, a no-show, a refund and a cancellation: every figure is that of a count by hand', async () => {
  at('2026-10-24T18:00:00Z');
  const reserved = { startsAt: '2026-10-25T00:00:00.000Z', endsAt: '2026-10-25T04:00:00.000Z' };
  const guest = await makeGuest(system, lot, reserved);
  const morning = { startsAt: '2026-10-26T06:00:00.000Z', endsAt: '2026-10-26T08:00:00.000Z' };
  await makeGuest(system, lot, morning);
  const driver = await makeDriver(system);
  const client = system.client(await loginOf(system, driver));
  const calledOff = await reserveAndPay(client, reserveInput(lot, morning));
  await client.query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: calledOff.id } });
  await walkIn('2026-10-24T20:30:00Z', '2026-10-25T00:10:00Z');
  await guestVisits(guest, ['2026-10-25T00:20:00Z', '2026-10-25T02:40:00Z']);
  await walkIn('2026-10-25T22:15:00Z', null);
  const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
  const staff = system.client(token);
  const { payment } = (await staff.query(PAYMENT, { id: guest.publicId })).data['reservation'];
  const refund = { idempotencyKey: randomUUID(), paymentId: payment.id, amountMinor: 100, reason: 'The lift was out' };
  expect((await staff.query(REFUND, { input: refund })).data['refundPayment'].userErrors).toEqual([]);
  at('2026-10-26T06:31:00Z');
  await runSweeps(system.platform);
  const report = await reportOf('2026-10-24', '2026-10-27');
  expectCounted(report, '2026-10-24', '2026-10-27');
  const dates = ['2026-10-24', '2026-10-25', '2026-10-26', '2026-10-27'];
  const taken = await chargedOn(dates);
  expect(taken[0]).toBeGreaterThan(0);
  expect(report.days.map(({ taken: { amountMinor } }: any) => amountMinor)).toEqual(taken);
  expect(report.days.map(({ reservations, noShows }: any) => [reservations, noShows])).toEqual([
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 0],
  ]);
  expect(report.days[3].occupancyPercent).toBeNull();
  const lengths = report.durations.filter(({ stays }: any) => stays > 0);
  expect(lengths.map(({ fromMinutes, stays }: any) => [fromMinutes, stays])).toEqual([[120, 2]]);
  expect(report.hours.find(({ weekday, hour }: any) => weekday === 7 && hour === 3).days).toBe(1);
});

test('Dates that are none, in the wrong order or too many are refused', async () => {
  const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
  for (const [from, through] of [
    ['2026-02-30', '2026-03-01'],
    ['2026-10-26', '2026-10-25'],
    ['2026-01-01', '2026-04-04'],
  ]) {
    const { errors } = await system.client(token).query(REPORT, { lot: lot.publicId, from, through });
    expect(errors?.[0]?.extensions?.['code']).toBe('BAD_USER_INPUT');
  }
});

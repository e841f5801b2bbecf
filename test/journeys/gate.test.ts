import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Allocation } from '../../src/entities/allocation.ts';
import { Debt } from '../../src/entities/debt.ts';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Lot } from '../../src/entities/lot.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { releaseIfAbsent } from '../../src/jobs/release-no-show.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { hoursFrom } from '../support/booking.ts';
import { decide, makeGuest, OPEN_GATE, PAY_STAY, scan, untilDurable, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const em = () => system.platform.orm.em.fork();
const reservationOf = (guest: Guest) => em().findOneOrFail(Reservation, { lotId: guest.lotId, id: guest.id });

/** A guest whose four hours begin in five minutes. */
async function dueGuest(lot: TestLot): Promise<{ guest: Guest; startsAt: Date; endsAt: Date }> {
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guest = await makeGuest(system, lot, period);
  const startsAt = new Date(period.startsAt);
  system.clock.runFrom(new Date(startsAt.getTime() - 5 * MINUTE_MS));
  return { guest, startsAt, endsAt: new Date(period.endsAt) };
}

describe('a vehicle with a reservation', () => {
  test('enters by its pass and is told its spot; the row follows', async () => {
    const lot = await makeLot(system);
    const { guest } = await dueGuest(lot);
    const decision = await untilDurable(system, lot.entry, { pass: guest.pass });
    expect(decision).toMatchObject({
      action: 'OPEN',
      reason: 'RESERVATION',
      reservationCode: guest.code,
      spotLabel: '1-001',
      decidedBy: 'CLOUD',
    });
    expect(decision.directions).toContain('number 1');
    expect((await reservationOf(guest)).state).toBe('CHECKED_IN');
    const stay = await em().findOneOrFail(Stay, { lotId: lot.id, reservationId: guest.id });
    expect(stay).toMatchObject({ kind: 'RESERVED', state: 'INSIDE' });
  });

  test('enters by its plate, however it is written, and by its code', async () => {
    const lot = await makeLot(system);
    const byPlate = await dueGuest(lot);
    const spelled = byPlate.guest.plate.toLowerCase().replace('0', ' 0-');
    expect(await decide(system, lot.entry, { plate: { text: spelled, confidence: 0.9 } })).toMatchObject({
      action: 'OPEN',
      reason: 'RESERVATION',
    });
    const byCode = await dueGuest(lot);
    expect(await decide(system, lot.entry, { code: byCode.guest.code.toLowerCase() })).toMatchObject({
      action: 'OPEN',
      reason: 'RESERVATION',
    });
  });

  test('enters although the camera confused one character', async () => {
    const lot = await makeLot(system);
    const { guest } = await dueGuest(lot);
    const misread = guest.plate.replace('0', 'O');
    expect(misread).not.toBe(guest.plate);
    expect(await decide(system, lot.entry, { plate: { text: misread } })).toMatchObject({
      action: 'OPEN',
      reservationCode: guest.code,
    });
  });

  test('is refused a second entry with the same pass', async () => {
    const lot = await makeLot(system);
    const { guest } = await dueGuest(lot);
    await decide(system, lot.entry, { pass: guest.pass });
    expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({
      action: 'DENY',
      reason: 'ALREADY_INSIDE',
    });
  });

  test('gets money and its spot back when it leaves early', async () => {
    const lot = await makeLot(system);
    const { guest, startsAt } = await dueGuest(lot);
    await untilDurable(system, lot.entry, { pass: guest.pass });
    system.clock.runFrom(new Date(startsAt.getTime() + 80 * MINUTE_MS));
    const decision = await untilDurable(system, lot.exit, { plate: { text: guest.plate } });
    expect(decision).toMatchObject({ action: 'OPEN', reason: 'STAY_PREPAID', due: null });
    const reservation = await reservationOf(guest);
    // Four hours at 2.00 were paid, two hours begun.
    expect(reservation).toMatchObject({
      state: 'COMPLETED',
      totalMinor: 800,
      refundedMinor: 400,
      outcomeRule: 'EARLY_DEPARTURE',
    });
    const claim = await em().findOneOrFail(Allocation, { lotId: lot.id, reservationId: guest.id });
    expect(claim.endsAt.getTime()).toBeLessThan(startsAt.getTime() + 81 * MINUTE_MS);
    await expectBooksBalanced(system.platform);
  });

  test('that stays too long is let out, charged later, and leaves a debt until that has worked', async () => {
    const lot = await makeLot(system);
    const { guest, endsAt } = await dueGuest(lot);
    await untilDurable(system, lot.entry, { pass: guest.pass });
    system.clock.runFrom(new Date(endsAt.getTime() + HOUR_MS));
    const decision = await untilDurable(system, lot.exit, { pass: guest.pass });
    expect(decision).toMatchObject({
      action: 'OPEN',
      reason: 'BILLED_LATER',
      due: { amountMinor: 200, currency: 'EUR' },
    });
    const debt = await em().findOneOrFail(Debt, { lotId: lot.id, reason: 'OVERSTAY' });
    expect(debt).toMatchObject({ amountMinor: 200, driverId: guest.driver.id });
    await expectBooksBalanced(system.platform);
  });

  test('that comes after its no-show gets a spot again for what is left, and none when all are taken', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const { guest, startsAt } = await dueGuest(lot);
    system.clock.runFrom(new Date(startsAt.getTime() + 31 * MINUTE_MS));
    const release = () => releaseIfAbsent(system.platform, { lotId: lot.id, reservationId: guest.id });
    let released = await release();
    while (released === 'JOURNAL_BEHIND') released = await release();
    // The job of the running worker may have been first.
    expect(['RELEASED', 'NOT_DUE']).toContain(released);
    expect((await reservationOf(guest)).state).toBe('NO_SHOW');
    const walkIn = await untilDurable(system, lot.entry, { ticket: true });
    expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({
      action: 'DENY',
      reason: 'NO_SHOW_RELEASED',
    });
    await untilDurable(system, lot.exit, { code: walkIn.ticketCode! }, { alreadyOpened: true });
    const back = await untilDurable(system, lot.entry, { pass: guest.pass });
    expect(back).toMatchObject({ action: 'OPEN', reason: 'RESERVATION', spotLabel: '1-001' });
    expect(await reservationOf(guest)).toMatchObject({ state: 'CHECKED_IN', outcomeRule: 'REINSTATED' });
    expect(await em().count(Allocation, { lotId: lot.id, reservationId: guest.id })).toBe(1);
    expect(await em().findOneOrFail(Debt, { lotId: lot.id })).toMatchObject({
      reason: 'UNPAID_STAY',
      amountMinor: 200,
    });
  });

  test('is not kept from the exit when it is read twice', async () => {
    const lot = await makeLot(system);
    const { guest } = await dueGuest(lot);
    await decide(system, lot.entry, { pass: guest.pass });
    await decide(system, lot.exit, { pass: guest.pass });
    expect(await decide(system, lot.exit, { pass: guest.pass })).toMatchObject({
      action: 'OPEN',
      reason: 'STAY_PREPAID',
    });
    expect(await em().count(Incident, { lotId: lot.id })).toBe(0);
  });
});

describe('a vehicle without a reservation', () => {
  test('gets a spot and a ticket, pays, and leaves', async () => {
    const lot = await makeLot(system);
    const entered = await untilDurable(system, lot.entry, { plate: { text: 'WALK-1N' } });
    expect(entered).toMatchObject({ action: 'OPEN', reason: 'WALK_IN', spotLabel: '1-001', reservationCode: null });
    expect(entered.ticketCode).toMatch(/^PK-/);
    system.clock.advance(90 * MINUTE_MS);
    const asked = await decide(system, lot.exit, { plate: { text: 'WALK1N' } });
    expect(asked).toMatchObject({
      action: 'ASK',
      reason: 'PAYMENT_DUE',
      due: { amountMinor: 400, currency: 'EUR' },
      stayId: entered.stayId,
    });
    const input = { idempotencyKey: randomUUID(), stay: { stayId: entered.stayId }, paymentMethodId: 'pm_card_visa' };
    const { data } = await system.client().query(PAY_STAY, { input });
    expect(data.payStay).toMatchObject({
      userErrors: [],
      stay: { state: 'INSIDE', due: { amountMinor: 0 }, paid: { amountMinor: 400 } },
    });
    const again = await system.client().query(PAY_STAY, { input });
    expect(again.data.payStay).toMatchObject({ userErrors: [], replayed: true, stay: { paid: { amountMinor: 400 } } });
    expect(await untilDurable(system, lot.exit, { plate: { text: 'WALK1N' } })).toMatchObject({
      action: 'OPEN',
      reason: 'STAY_PAID',
    });
    const stay = await em().findOneOrFail(Stay, { lotId: lot.id });
    expect(stay).toMatchObject({ kind: 'WALK_IN', state: 'LEFT', paidMinor: 400, totalMinor: 400 });
    await expectBooksBalanced(system.platform);
  });

  test('with an unreadable plate comes in and out with its ticket', async () => {
    const lot = await makeLot(system, { tariff: { grace: { minutes: 30, kind: 'ABSORBED' } } });
    const { ticketCode } = await untilDurable(system, lot.entry, { ticket: true });
    expect(await decide(system, lot.exit, { code: ticketCode! })).toMatchObject({
      action: 'OPEN',
      reason: 'NOTHING_DUE',
    });
  });

  test('is told when the lot is full, and turns around', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    await decide(system, lot.entry, { plate: { text: 'FIRST1' } });
    expect(await decide(system, lot.entry, { plate: { text: 'SECOND2' } })).toMatchObject({
      action: 'DENY',
      reason: 'LOT_FULL',
      spotLabel: null,
    });
  });

  test('is let in within the opening hours only; a reservation that is due and an exit know no hours', async () => {
    const closedToday = { kind: 'WEEKLY', days: [] } as const;
    const lot = await makeLot(system, { openingHours: closedToday });
    expect(await decide(system, lot.entry, { plate: { text: 'NIGHT1' } })).toMatchObject({
      action: 'DENY',
      reason: 'LOT_CLOSED',
      spotLabel: null,
    });
    await em().nativeUpdate(Lot, { id: lot.id }, { openingHours: { kind: 'ALWAYS' } });
    const { guest } = await dueGuest(lot);
    await em().nativeUpdate(Lot, { id: lot.id }, { openingHours: closedToday });
    expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
    expect(await decide(system, lot.exit, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
  });

  test('is inside once, whatever the camera sends again', async () => {
    const lot = await makeLot(system);
    await decide(system, lot.entry, { plate: { text: 'ONCE11', arrivalKey: 'car-7' } });
    // The same arrival has the same answer; another arrival of a plate that is inside has none.
    expect(await decide(system, lot.entry, { plate: { text: '0NCE11', arrivalKey: 'car-7' } })).toMatchObject({
      action: 'OPEN',
      reason: 'WALK_IN',
    });
    expect(await decide(system, lot.entry, { plate: { text: 'ONCE11', arrivalKey: 'car-8' } })).toMatchObject({
      action: 'DENY',
      reason: 'ALREADY_INSIDE',
    });
    expect(await em().count(Allocation, { lotId: lot.id })).toBe(1);
  });

  test('that nobody knows is let out, and a person hears of it', async () => {
    const lot = await makeLot(system);
    const decision = await untilDurable(system, lot.exit, { plate: { text: 'GHOST1' } });
    expect(decision).toMatchObject({ action: 'OPEN', reason: 'BILLED_LATER', stayId: null });
    expect(await em().findOneOrFail(Incident, { lotId: lot.id })).toMatchObject({ kind: 'UNKNOWN_STAY' });
  });
});

describe('what a gate refuses', () => {
  test('a forged pass, a pass of another lot, a wrong code, the wrong direction', async () => {
    const [lot, other] = [await makeLot(system), await makeLot(system)];
    const { guest } = await dueGuest(other);
    const flipped = (guest.pass.startsWith('A') ? 'B' : 'A') + guest.pass.slice(1);
    const middle = guest.pass.slice(0, 60) + (guest.pass[60] === 'x' ? 'y' : 'x') + guest.pass.slice(61);
    for (const pass of [flipped, middle, 'hello', guest.pass.slice(0, -1)]) {
      expect(await decide(system, other.entry, { pass })).toMatchObject({ action: 'DENY', reason: 'PASS_FORGED' });
    }
    expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({
      action: 'DENY',
      reason: 'PASS_OF_ANOTHER_LOT',
    });
    expect(await decide(system, lot.entry, { code: 'PK-AAAA-AA' })).toMatchObject({
      action: 'DENY',
      reason: 'UNKNOWN_CREDENTIAL',
    });
    expect(await decide(system, other.exit, { pass: guest.pass }, { out: false })).toMatchObject({
      action: 'DENY',
      reason: 'WRONG_DIRECTION',
    });
    expect(await decide(system, other.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
  });

  test('a vehicle that is too early, and one whose reservation was cancelled a moment ago', async () => {
    const lot = await makeLot(system);
    const guest = await makeGuest(system, lot, hoursFrom(system.clock.now(), 2, 2));
    expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({
      action: 'DENY',
      reason: 'TOO_EARLY',
    });
    await em().nativeUpdate(Reservation, { id: guest.id }, { state: 'CANCELLED', feeMinor: 400, revision: 99 });
    expect(await decide(system, lot.entry, { code: guest.code })).toMatchObject({
      action: 'DENY',
      reason: 'CANCELLED',
    });
  });

  test('a confidence that is none, and a text that is no plate', async () => {
    const lot = await makeLot(system);
    expect(await scan(system, lot.entry, { plate: { text: 'ABC123', confidence: 7 } })).toMatchObject({
      decision: null,
      userErrors: [{ code: 'INVALID_INPUT' }],
    });
    expect(await decide(system, lot.entry, { plate: { text: '?!' } })).toMatchObject({
      action: 'ASK',
      reason: 'UNREADABLE',
    });
    expect(await decide(system, lot.exit, { plate: { text: '?!' } })).toMatchObject({
      action: 'OPEN',
      reason: 'BILLED_LATER',
    });
  });

  test('devices of other lots and gates, boards and strangers', async () => {
    const [lot, other] = [await makeLot(system), await makeLot(system)];
    const plate = { plate: { text: 'ABC123' } };
    for (const token of [other.entry.deviceKey, lot.exit.deviceKey]) {
      expect(await scan(system, lot.entry, plate, { token })).toMatchObject({
        decision: null,
        userErrors: [{ code: 'GATE_NOT_FOUND' }],
      });
    }
    for (const token of [lot.boardKey, await lot.driverToken(), ''])
      await expect(scan(system, lot.entry, plate, { token })).rejects.toThrow(/FORBIDDEN|UNAUTHENTICATED/);
    const staff = await scan(system, lot.entry, plate, { token: await other.staffToken('ATTENDANT') });
    expect(staff.userErrors).toMatchObject([{ code: 'GATE_NOT_FOUND' }]);
    expect(await em().count(GateEvent, { lotId: lot.id })).toBe(0);
  });
});

describe('a scan that is sent again', () => {
  test('gets its first answer, and does nothing twice', async () => {
    const lot = await makeLot(system);
    const scanId = randomUUID();
    const first = await scan(system, lot.entry, { plate: { text: 'AGAIN1' } }, { scanId });
    const second = await scan(system, lot.entry, { plate: { text: 'AGAIN1' } }, { scanId });
    expect(second.replayed).toBe(true);
    expect({ ...second.decision, durable: null }).toEqual({ ...first.decision, durable: null });
    await untilDurable(system, lot.entry, { plate: { text: 'AGAIN1' } }, { scanId });
    expect(await em().count(Stay, { lotId: lot.id })).toBe(1);
    expect(await em().count(GateEvent, { lotId: lot.id })).toBe(1);
  });

  test('is refused for another credential or gate', async () => {
    const lot = await makeLot(system);
    const scanId = randomUUID();
    await scan(system, lot.entry, { plate: { text: 'MINE11' } }, { scanId });
    const other = await scan(system, lot.entry, { plate: { text: 'YOURS1' } }, { scanId });
    expect(other).toMatchObject({ decision: null, userErrors: [{ code: 'IDEMPOTENCY_KEY_REUSED' }] });
    const elsewhere = await scan(system, lot.exit, { plate: { text: 'MINE11' } }, { scanId });
    expect(elsewhere.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });
});

describe('staff', () => {
  test('opens a gate with a reason, which is recorded and shown live', async () => {
    const lot = await makeLot(system);
    const token = await lot.staffToken('ATTENDANT');
    const live = system.subscribe(
      'subscription ($lotId: ID!) { gateActivity(lotId: $lotId) { operation decision { action reason } } }',
      { lotId: lot.publicId },
      token,
    );
    const heard = live.next().finally(() => (isHeard = true));
    let isHeard = false;
    const input = { idempotencyKey: randomUUID(), gateId: lot.exit.publicId, reason: 'ambulance' };
    const { data } = await system.client(token).query(OPEN_GATE, { input });
    expect(data.openGate).toMatchObject({
      userErrors: [],
      decision: { action: 'OPEN', reason: 'STAFF', decidedBy: 'OPERATOR' },
    });
    const again = await system.client(token).query(OPEN_GATE, { input });
    expect(again.data.openGate.replayed).toBe(true);
    // Nobody tells when a subscription has begun: the gate is opened until it is heard.
    while (!isHeard) await system.client(token).query(OPEN_GATE, { input: { ...input, idempotencyKey: randomUUID() } });
    expect(await heard).toMatchObject({ gateActivity: { operation: 'OPEN_GATE', decision: { reason: 'STAFF' } } });
    await live.stop();
    expect(await em().findOneOrFail(Incident, { lotId: lot.id })).toMatchObject({ kind: 'GATE_OPENED_BY_STAFF' });
  });
});

test('no plate stands in Redis in clear', async () => {
  const lot = await makeLot(system);
  await decide(system, lot.entry, { plate: { text: 'SECRET9' } });
  const { redis } = system.platform;
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key);
    const text =
      type === 'string'
        ? await redis.get(key)
        : type === 'set'
          ? (await redis.smembers(key)).join()
          : JSON.stringify(await redis.xrange(key, '-', '+').catch(() => ''));
    expect(`${key} ${text}`).not.toContain('SECRET9');
  }
});

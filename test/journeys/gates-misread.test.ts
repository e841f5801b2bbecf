import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, PAY_STAY, untilDurable, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const MINUTE_MS = 60_000;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** A lot where guests with these plates are due now. */
async function due(...plates: string[]): Promise<{ lot: TestLot; guests: Guest[] }> {
  const lot = await makeLot(system, { spots: { STANDARD: plates.length + 1 } });
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guests: Guest[] = [];
  for (const plate of plates) guests.push(await makeGuest(system, lot, { ...period, plate }));
  system.clock.runFrom(new Date(period.startsAt));
  return { lot, guests };
}

/** Nothing that a gate says to one driver may hold what stands on another's bumper. */
function expectNoPlateIn(said: object, ...plates: string[]): void {
  const text = JSON.stringify(said)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '');
  for (const plate of plates) expect(text).not.toContain(plate);
}

describe('A plate that the camera misread', () => {
  test('is saved by what else the camera thought it could be', async () => {
    const { lot, guests } = await due('NBC456', 'XWZ729');
    const [mine] = guests;
    // N for K is no usual confusion: the reading alone says nothing.
    const candidates = [{ text: 'KBC456' }, { text: 'NBC456' }, { text: 'NBC4S6' }];
    const decision = await untilDurable(system, lot.entry, { plate: { text: 'KBC456', confidence: 0.9, candidates } });
    expect(decision).toMatchObject({ action: 'OPEN', reason: 'RESERVATION', reservationCode: mine!.code });
    // What stands inside is mine: at the exit the right reading finds the visit.
    expect(await untilDurable(system, lot.exit, { plate: { text: 'NBC456' } })).toMatchObject({
      ...{ action: 'OPEN', reason: 'STAY_PREPAID', stayId: decision.stayId },
    });
  });

  test('opens for nobody else when its guesses point at two of those who are due', async () => {
    const { lot, guests } = await due('MKA111', 'MKA777');
    const asked = await decide(system, lot.entry, {
      plate: { text: 'MKA444', confidence: 0.8, candidates: [{ text: 'MKA111' }, { text: 'MKA777' }] },
    });
    expect(asked).toMatchObject({ action: 'ASK', reason: 'AMBIGUOUS', reservationCode: null, spotLabel: null });
    expectNoPlateIn(asked, 'MKA111', 'MKA777');
    expect(await untilDurable(system, lot.entry, { pass: guests[1]!.pass })).toMatchObject({
      ...{ action: 'OPEN', reservationCode: guests[1]!.code },
    });
  });

  test('charges nobody: at the exit who owes is found by the plate itself, or confirms it', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const [mine, other] = [
      await untilDurable(system, lot.entry, { plate: { text: 'LOT808' } }),
      await untilDurable(system, lot.entry, { plate: { text: 'REN321' } }),
    ];
    system.clock.advance(90 * MINUTE_MS);
    const asked = await decide(system, lot.exit, { plate: { text: 'L0TB08', confidence: 0.95 } });
    expect(asked.action).not.toBe('DENY');
    expectNoPlateIn(asked, 'LOT808', 'REN321');
    expect(JSON.stringify(asked)).not.toContain(other.ticketCode);
    // Confirmed by the ticket, it is asked for what it owes, pays, and is out.
    expect(await decide(system, lot.exit, { code: mine.ticketCode! })).toMatchObject({
      ...{ action: 'ASK', reason: 'PAYMENT_DUE', due: { amountMinor: 400 } },
    });
    const input = { idempotencyKey: randomUUID(), stay: { stayId: mine.stayId }, paymentMethodId: 'pm_card_visa' };
    expect((await system.client().query(PAY_STAY, { input })).data['payStay'].userErrors).toEqual([]);
    expect(await untilDurable(system, lot.exit, { code: mine.ticketCode! })).toMatchObject({
      ...{ action: 'OPEN', reason: 'STAY_PAID' },
    });
  });
});

describe('A doubt at the entry', () => {
  test('is told as one, and resolved by the code that the driver types in', async () => {
    // The camera reads D: both have another letter there that looks like it.
    const { lot, guests } = await due('ABO123', 'AB0123');
    const arrivalKey = 'car-19';
    const scanId = randomUUID();
    const asked = await decide(
      system,
      lot.entry,
      { plate: { text: 'ABD123', confidence: 0.97, arrivalKey } },
      { scanId },
    );
    expect(asked).toMatchObject({
      action: 'ASK',
      reason: 'AMBIGUOUS',
      reservationCode: null,
      spotLabel: null,
      stayId: null,
    });
    expect(asked.displayText).not.toBe('');
    expectNoPlateIn(asked, 'ABO123', 'AB0123');

    const resolved = await untilDurable(system, lot.entry, { code: guests[0]!.code }, { supersedes: scanId });
    expect(resolved).toMatchObject({ action: 'OPEN', reason: 'RESERVATION', reservationCode: guests[0]!.code });
    // The other guest's right is untouched.
    expect(await untilDurable(system, lot.entry, { pass: guests[1]!.pass })).toMatchObject({
      ...{ action: 'OPEN', reservationCode: guests[1]!.code },
    });
    for (const guest of guests)
      expect(await untilDurable(system, lot.exit, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
  });

  test('is none where the camera is right: the plate itself goes before all that looks like it', async () => {
    const { lot, guests } = await due('ZUO555', 'ZU0555');
    for (const guest of guests)
      expect(await decide(system, lot.entry, { plate: { text: guest.plate, confidence: 0.99 } })).toMatchObject({
        ...{ action: 'OPEN', reservationCode: guest.code },
      });
  });

  test('a correction of the reading moves the decision, and makes no second visit', async () => {
    const { lot, guests } = await due('PQR882');
    const scanId = randomUUID();
    const first = await decide(system, lot.entry, { plate: { text: 'PXR111', confidence: 0.6 } }, { scanId });
    // Nobody's plate: a walk-in, if there is room.
    expect(first).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
    const corrected = await untilDurable(
      system,
      lot.entry,
      { plate: { text: 'PQR882', confidence: 0.99 } },
      { supersedes: scanId },
    );
    expect(corrected).toMatchObject({ action: 'OPEN', reason: 'RESERVATION', reservationCode: guests[0]!.code });
    const staff = system.client(await lot.staffToken('OPERATOR'));
    const board = async () =>
      (await staff.query(`query ($id: ID!) { lot(id: $id) { availability { free } } }`, { id: lot.publicId })).data;
    await eventually(board, ({ lot: { availability } }) => availability.free === 1, 10_000);
    expect(await untilDurable(system, lot.exit, { plate: { text: 'PQR882' } })).toMatchObject({
      ...{ action: 'OPEN', reason: 'STAY_PREPAID' },
    });
    // The walk-in that never was cannot be found, and owes nothing.
    expect(
      (await staff.query(`query ($lotId: ID!) { lotDebts(lotId: $lotId) { nodes { id } } }`, { lotId: lot.publicId }))
        .data['lotDebts'].nodes,
    ).toEqual([]);
  });
});

// What a tariff says about visits and versions, at the gates.

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { publishTariff } from '../../src/accounts/operators/publish-tariff.ts';
import { addMinutes } from '../../src/domain/period.ts';
import type { TariffDocument } from '../../src/domain/tariff/document.ts';
import { Debt } from '../../src/entities/debt.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Stay } from '../../src/entities/stay.ts';
import { Validation } from '../../src/entities/validation.ts';
import { projectLot } from '../../src/gate/project-lot.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { hoursFrom } from '../support/booking.ts';
import { decide, makeGuest, PAY_STAY, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates, plainTariff } from '../support/tariffs.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { Discounts } from './discount-steps.ts';

const MINUTE_MS = 60_000;
const ADMIN = { kind: 'STAFF', staffId: randomUUID(), role: 'ADMIN', lotIds: [], operatorId: null } as const;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

const em = () => system.platform.orm.em.fork();
const later = (minutes: number) => system.clock.advance(minutes * MINUTE_MS);
const freshPlate = () => ({ text: `TRF${randomUUID().slice(0, 5).toUpperCase()}` });

/** A vehicle comes in, stays and wants out; what is asked of it, in minor units. */
async function visit(lot: TestLot, plate: { text: string }, minutes: number): Promise<number> {
  expect(await untilDurable(system, lot.entry, { plate })).toMatchObject({ action: 'OPEN' });
  later(minutes);
  const { action, due } = await decide(system, lot.exit, { plate });
  if (action === 'OPEN') await untilDurable(system, lot.exit, { plate });
  return due?.amountMinor ?? 0;
}

async function publish(lot: TestLot, document: TariffDocument): Promise<void> {
  await publishTariff(system.platform, { lotId: lot.id, document }, ADMIN);
  await projectLot(system.platform, lot.id);
}

describe('coming back within the time of one visit', () => {
  /** Three hours free for each plate, then ten euros an hour. */
  const free = { blockMinutes: 180, minor: 0, times: 1 };
  const rates = [{ name: 'All', bands: [{ name: 'Day', steps: [free, { blockMinutes: 60, minor: 1000 }] }] }];

  test('brings no new free hours: the clock goes on from the first entry', async () => {
    const lot = await makeLot(system, { tariff: { rates, reentry: { withinMinutes: 60 } } });
    const plate = freshPlate();
    expect(await visit(lot, plate, 120)).toBe(0);
    later(30);
    // Two hours inside, half an hour outside, an hour inside: the fourth hour has begun.
    expect(await visit(lot, plate, 60)).toBe(1000);
    const [, second] = await em().find(Stay, { lotId: lot.id }, { orderBy: { enteredAt: 'asc' } });
    expect(second?.concessions).toMatchObject({ earlier: { chargedMinor: 0 } });
  });

  test('asks a merchant’s guest not again for what the merchant took over', async () => {
    const hourly = plainRates({ blockMinutes: 60, minor: 200 });
    const lot = await makeLot(system, { tariff: { ...hourly, reentry: { withinMinutes: 60 } } });
    const { key } = await new Discounts(system, lot).merchant();
    const plate = freshPlate();
    await untilDurable(system, lot.entry, { plate });
    const given = await new Discounts(system, lot).validate(key, { plate }, { percent: 100 });
    expect(given.userErrors).toEqual([]);
    later(110);
    expect(await untilDurable(system, lot.exit, { plate })).toMatchObject({ action: 'OPEN' });
    later(30);
    // Two hours were the merchant's; the third begins after twenty minutes outside and inside.
    expect(await visit(lot, plate, 35)).toBe(200);
  });

  test('bills a merchant for what it takes over of this visit, not for what was paid before', async () => {
    const hourly = plainRates({ blockMinutes: 60, minor: 200 });
    const lot = await makeLot(system, { tariff: { ...hourly, reentry: { withinMinutes: 60 } } });
    const { key } = await new Discounts(system, lot).merchant();
    const plate = freshPlate();
    const { stayId } = await untilDurable(system, lot.entry, { plate });
    later(110);
    const input = { idempotencyKey: randomUUID(), stay: { stayId }, paymentMethodId: 'pm_card_visa' };
    await system.client().query(PAY_STAY, { input });
    await untilDurable(system, lot.exit, { plate });
    later(30);
    await untilDurable(system, lot.entry, { plate });
    await new Discounts(system, lot).validate(key, { plate }, { percent: 100 });
    later(35);
    expect(await untilDurable(system, lot.exit, { plate })).toMatchObject({ action: 'OPEN' });
    expect(await em().find(Validation, { lotId: lot.id })).toMatchObject([{ worthMinor: 200, costMinor: 200 }]);
  });

  test('is a visit of its own for who comes later, for another plate, and where the tariff says nothing', async () => {
    const lot = await makeLot(system, { tariff: { rates, reentry: { withinMinutes: 60 } } });
    const plate = freshPlate();
    expect(await visit(lot, plate, 120)).toBe(0);
    later(61);
    expect(await visit(lot, plate, 120)).toBe(0);
    expect(await visit(lot, freshPlate(), 120)).toBe(0);
    const without = await makeLot(system, { tariff: { rates } });
    expect(await visit(without, plate, 120)).toBe(0);
    expect(await visit(without, plate, 120)).toBe(0);
  });
});

describe('a new version while a vehicle is inside', () => {
  const dearer = plainTariff({ blockMinutes: 60, minor: 500 });

  test('changes nothing for it, unless the version of its entry says that the exit decides', async () => {
    const lot = await makeLot(system, { tariff: plainRates({ blockMinutes: 60, minor: 200 }) });
    const exits = await makeLot(system, {
      tariff: { ...plainRates({ blockMinutes: 60, minor: 200 }), versionAt: 'EXIT' },
    });
    const plate = freshPlate();
    for (const [where, minor] of [
      [lot, 200],
      [exits, 500],
    ] as const) {
      await untilDurable(system, where.entry, { plate });
      await publish(where, dearer);
      later(30);
      expect((await decide(system, where.exit, { plate })).due).toMatchObject({ amountMinor: minor });
    }
  });

  test('prices the overstay of a reservation where the promised one says so', async () => {
    const due = async (tariff: Partial<TariffDocument>): Promise<number> => {
      const lot = await makeLot(system, { tariff: { ...plainRates({ blockMinutes: 60, minor: 200 }), ...tariff } });
      const period = hoursFrom(system.clock.now(), 1, 2);
      const guest = await makeGuest(system, lot, period);
      system.clock.runFrom(new Date(period.startsAt));
      await untilDurable(system, lot.entry, { pass: guest.pass });
      await publish(lot, dearer);
      system.clock.runFrom(addMinutes(new Date(period.endsAt), 30));
      await untilDurable(system, lot.exit, { pass: guest.pass });
      const [debt] = await em().find(Debt, { lotId: lot.id });
      return debt?.amountMinor ?? 0;
    };
    expect(await due({})).toBe(200);
    expect(await due({ versionAt: 'EXIT' })).toBe(500);
    expect(await due({ reserved: { overstay: { method: 'SEPARATE', percent: 150 } } })).toBe(300);
  });
});

describe('what a person should look at', () => {
  test('is a stay beyond the longest: nobody is quoted one, and who stays longer pays by the same rules', async () => {
    const lot = await makeLot(system, {
      tariff: { ...plainRates({ blockMinutes: 60, minor: 200 }), longestStayMinutes: 120 },
    });
    const { data } = await system
      .client()
      .query(`query ($input: QuoteInput!) { quote(input: $input) { quote { available } userErrors { code } } }`, {
        input: { lotId: lot.publicId, period: hoursFrom(system.clock.now(), 1, 3) },
      });
    expect(data['quote']).toEqual({ quote: null, userErrors: [{ code: 'PERIOD_TOO_LONG' }] });
    const plate = freshPlate();
    expect(await visit(lot, plate, 170)).toBe(600);
    await untilDurable(system, lot.exit, { plate }, { alreadyOpened: true });
    const incidents = await em().find(Incident, { lotId: lot.id });
    expect(incidents).toMatchObject([{ kind: 'STAY_TOO_LONG', note: expect.stringMatching(/170 minutes.* 120/) }]);
  });

  test('is a vehicle whose entry nobody knows, with what the tariff asks for that', async () => {
    const lot = await makeLot(system, { tariff: { lostCredentialMinor: 2000 } });
    expect(await untilDurable(system, lot.exit, { plate: freshPlate() })).toMatchObject({ action: 'OPEN' });
    const [incident] = await em().find(Incident, { lotId: lot.id });
    expect(incident).toMatchObject({ kind: 'UNKNOWN_STAY', note: expect.stringContaining('€20.00') });
  });
});

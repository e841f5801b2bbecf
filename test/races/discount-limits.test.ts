import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { drainJournal } from '../../src/gate/apply-journal.ts';
import { Discounts } from '../journeys/discount-steps.ts';
import { hoursFrom, reserve, reserveInput } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { forgetLocks } from '../support/forget-locks.ts';
import { decide } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeVehicle, type TestLot } from '../support/world.ts';

const LOTS = 10;
const USES = 3;
const GUESTS = 12;
const ROUNDS = 3;
/** A bug that needs bad luck shows in one of so many tries. */
const UNGUARDED_TRIES = 20;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system.stop());
afterEach(() => expectBooksBalanced(system.platform));

const succeeded = (payloads: readonly { userErrors: unknown[] }[]) =>
  payloads.filter(({ userErrors }) => userErrors.length === 0).length;

/** Lots of one operator: their pools keep nobody apart. */
async function lotsOfOne(on: TestSystem): Promise<TestLot[]> {
  const first = await makeLot(on);
  const others = Array.from({ length: LOTS - 1 }, () => makeLot(on, { operatorId: first.operatorId }));
  return [first, ...(await Promise.all(others))];
}

/** Drivers at ten lots reserve at once with a code for three; gives how many got it. */
async function rushForCode(on: TestSystem): Promise<number> {
  const lots = await lotsOfOne(on);
  const { code: promoCode } = await new Discounts(on, lots[0]!).promo({ maxUses: USES });
  const drivers = await Promise.all(lots.map(() => makeDriver(on)));
  const period = hoursFrom(on.clock.now(), 24, 4);
  const asked = lots.map((lot, n) => reserve(on.client(drivers[n]!.token), reserveInput(lot, period, { promoCode })));
  return succeeded(await Promise.all(asked));
}

/** One driver reserves at ten lots at once with a code that each driver may use once; gives how many got it. */
async function rushOfOneDriver(on: TestSystem): Promise<number> {
  const lots = await lotsOfOne(on);
  const { code: promoCode } = await new Discounts(on, lots[0]!).promo({ usesPerDriver: 1 });
  const client = on.client((await makeDriver(on)).token);
  const period = hoursFrom(on.clock.now(), 24, 4);
  return succeeded(await Promise.all(lots.map((lot) => reserve(client, reserveInput(lot, period, { promoCode })))));
}

/** Two tills validate a dozen guests at once out of a budget for three; gives how many were given something. */
async function rushForBudget(on: TestSystem): Promise<number> {
  const lot = await makeLot(on, { spots: { STANDARD: GUESTS } });
  const discounts = new Discounts(on, lot);
  const shop = await discounts.merchant({ budgetMinor: USES * 100, mostMinor: 100 });
  const till = { lotId: lot.publicId, name: 'Second till', role: 'MERCHANT', merchantId: shop.id };
  const keys = [shop.key, (await discounts.asOperator('issueDeviceKey', till)).key];
  const tickets: string[] = [];
  for (let n = 0; n < GUESTS; n++) {
    const plate = { text: `R${randomUUID().slice(0, 7).toUpperCase()}` };
    tickets.push((await decide(on, lot.entry, { plate })).ticketCode!);
  }
  await drainJournal(on.platform, lot.partition);
  const given = tickets.map((code, n) => discounts.validate(keys[n % 2], { code }, { amountMinor: 100 }));
  return succeeded(await Promise.all(given));
}

/** A holder reserves spots of three types at once with a pass for one stay a month; gives how many it covered. */
async function rushForPass(on: TestSystem): Promise<number> {
  const spotTypes = ['STANDARD', 'LARGE', 'EV'] as const;
  const lot = await makeLot(on, { spots: { STANDARD: 2, LARGE: 2, EV: 2 } });
  const discounts = new Discounts(on, lot);
  const driver = await makeDriver(on);
  await makeVehicle(on, { driverId: driver.id, plate: `P${randomUUID().slice(0, 6).toUpperCase()}` });
  const product = await discounts.product({ priceMinor: 0, usesPerMonth: 1 });
  const bought = { idempotencyKey: randomUUID(), productId: product.id };
  const { monthlyPass } = await discounts.send('buyMonthlyPass', driver.token, bought);
  const period = hoursFrom(on.clock.now(), 24, 4);
  const vehicle = (spotType: string) => ({
    plate: {
      text: `Q${randomUUID().slice(0, 6).toUpperCase()}`,
      vehicleClass: spotType === 'EV' ? 'ELECTRIC_CAR' : 'CAR',
    },
  });
  const wishes = spotTypes.map((spotType) =>
    reserveInput(lot, period, { spotType, monthlyPassId: monthlyPass.id, vehicle: vehicle(spotType) }),
  );
  return succeeded(await Promise.all(wishes.map((wish) => reserve(on.client(driver.token), wish))));
}

const RUSHES = [
  ['a promo code for three, at ten lots', rushForCode, USES],
  ['a promo code for each driver once, by one driver at ten lots', rushOfOneDriver, 1],
  ['a merchant’s budget for three, by two tills', rushForBudget, USES],
  ['a monthly pass for one stay, by spots of three types', rushForPass, 1],
] as const;

describe('everybody at once', () => {
  test.each(RUSHES)(
    'uses %s, exactly as often as it allows',
    async (_what, rush, allowed) => {
      for (let round = 0; round < ROUNDS; round++) expect(await rush(system)).toBe(allowed);
    },
    60_000,
  );
});

describe('the same without the locks, to show that the test can see the bug', () => {
  let unguarded: TestSystem;
  beforeAll(async () => {
    unguarded = await startSystem({ roles: ['api'], env: { LOG_LEVEL: 'silent' } });
    await forgetLocks(unguarded);
  });
  afterAll(() => unguarded.stop());

  test.each(RUSHES)(
    'more use %s than it allows',
    async (_what, rush, allowed) => {
      let most = 0;
      for (let tries = 0; most <= allowed && tries < UNGUARDED_TRIES; tries++)
        most = Math.max(most, await rush(unguarded));
      expect(most).toBeGreaterThan(allowed);
    },
    120_000,
  );
});

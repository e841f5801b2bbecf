import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { freshPlate, reserve, reserveInput } from '../support/booking.ts';
import { untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';

const MINUTE_MS = 60_000;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

test('a reservation that begins a minute ago gets the only spot, though somebody left it half a minute ago', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 1 }, tariff: { grace: { minutes: 30, kind: 'ABSORBED' } } });
  const driver = await makeDriver(system);
  const plate = { plate: { text: freshPlate(), country: 'FI' } };
  await untilDurable(system, lot.entry, plate);
  system.clock.advance(5 * MINUTE_MS);
  expect(await untilDurable(system, lot.exit, plate)).toMatchObject({ action: 'OPEN' });
  const leftAt = system.clock.now().getTime();
  system.clock.advance(MINUTE_MS / 2);

  const instant = (ms: number) => new Date(ms).toISOString();
  const period = { startsAt: instant(leftAt - MINUTE_MS / 2), endsAt: instant(leftAt + 60 * MINUTE_MS) };
  const answer = await reserve(system.client(driver.token), reserveInput(lot, period));
  expect(answer).toMatchObject({ userErrors: [], reservation: { state: 'HELD' } });
});

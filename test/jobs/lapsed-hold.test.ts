import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runSweeps } from '../../src/jobs/run.ts';
import { hoursFrom, reserve, reserveInput } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot } from '../support/world.ts';
import { counted, keyOf, look, MINUTE_MS } from './steps.ts';

const HOLD_MINUTES = 10;

/** No worker at all. */
let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system?.stop());

async function heldSpot() {
  const lot = await makeLot(system, { spots: { STANDARD: 1 } });
  const [first, second] = await Promise.all([makeDriver(system), makeDriver(system)]);
  const period = hoursFrom(system.clock.now(), 24, 4);
  const { reservation } = await reserve(system.client(first.token), reserveInput(lot, period));
  // A minute and a half before the end of the hold, so that a slow machine is still before it.
  system.clock.advance((HOLD_MINUTES - 1.5) * MINUTE_MS);
  const ask = async () => reserve(system.client(await loginOf(system, second)), reserveInput(lot, period));
  return { lot, key: keyOf(reservation.id), ask };
}

describe('a hold that runs out while no worker is alive', () => {
  test('is ended by the sweep when nobody asks for the spot, and counted', async () => {
    const { key } = await heldSpot();
    expect(await runSweeps(system.platform)).toMatchObject({ 'expire-hold': 0 });
    expect(await look(system, key)).toMatchObject({ state: 'HELD', claims: 1 });
    system.clock.advance(1.5 * MINUTE_MS);
    const before = await counted(system.platform.metrics, 'sweepFound', { job: 'expire-hold' });
    expect(await runSweeps(system.platform)).toMatchObject({ 'expire-hold': 1 });
    expect(await look(system, key)).toMatchObject({ state: 'EXPIRED', claims: 0 });
    expect((await counted(system.platform.metrics, 'sweepFound', { job: 'expire-hold' })) - before).toBe(1);
  });

  test('keeps the spot until its minute, and five seconds after it the spot is sold to the next', async () => {
    const { key, ask } = await heldSpot();
    const refused = await ask();
    expect(refused.userErrors[0].code).toBe('SPOT_UNAVAILABLE');
    system.clock.advance(1.5 * MINUTE_MS + 5000);
    // Nobody has ended it: a booking that believed its rows would refuse still.
    expect(await look(system, key)).toMatchObject({ state: 'HELD', claims: 1 });
    // "Full" may be a second old.
    const sold = await eventually(ask, ({ reservation }) => reservation !== null);
    expect(sold.reservation).toMatchObject({ state: 'HELD' });
    expect(await look(system, key)).toMatchObject({ state: 'EXPIRED', claims: 0 });
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { decodeId } from '../../src/domain/public-id.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { projectRight } from '../../src/gate/project-right.ts';
import { reserveAndPay, reserveInput } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainTariff } from '../support/tariffs.ts';
import { loginOf, makeDriver, makeLot } from '../support/world.ts';

const MINUTE_MS = 60_000;
const NOW = `query ($id: ID!) { reservation(id: $id) { state refundIfLeavingNow { amountMinor } dueIfLeavingNow { amountMinor } refunded { amountMinor } } }`;

let system: TestSystem;
let journal: { stop(): Promise<void> };

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  journal = await startJournalAppliers(system.platform);
});
afterAll(async () => {
  await journal?.stop();
  await system?.stop();
});

/** Four hours at 2.00 that are paid; half of what is not used comes back, after at least one hour. */
async function paid() {
  const lot = await makeLot(system, {
    tariff: plainTariff({ blockMinutes: 60, minor: 200 }),
    policy: { earlyDeparture: { refundPercent: 50, minimumChargeMinutes: 60 } },
  });
  const driver = await makeDriver(system);
  const startMs = system.clock.now().getTime();
  const period = {
    startsAt: new Date(startMs).toISOString(),
    endsAt: new Date(startMs + 240 * MINUTE_MS).toISOString(),
  };
  const reservation = await reserveAndPay(system.client(driver.token), reserveInput(lot, period));
  await projectRight(system.platform, { lotId: lot.id, reservationId: decodeId('res', reservation.id)!.id });
  const ask = async () => {
    const { data, errors } = await system.client(await loginOf(system, driver)).query(NOW, { id: reservation.id });
    expect(errors).toBeUndefined();
    return data['reservation'];
  };
  const comesIn = async () => {
    await untilDurable(system, lot.entry, { code: reservation.code });
    await eventually(ask, ({ state }) => state === 'CHECKED_IN');
  };
  return { lot, reservation, ask, comesIn };
}

describe('What leaving now would give back or cost', () => {
  test('is what the exit then settles, and is not told of a vehicle that is not inside', async () => {
    const { lot, reservation, ask, comesIn } = await paid();
    expect(await ask()).toMatchObject({ refundIfLeavingNow: null, dueIfLeavingNow: null });
    await comesIn();
    const refunds: number[] = [];
    for (const minutes of [10, 80, 60]) {
      system.clock.advance(minutes * MINUTE_MS);
      const { refundIfLeavingNow, dueIfLeavingNow } = await ask();
      expect(dueIfLeavingNow.amountMinor).toBe(0);
      refunds.push(refundIfLeavingNow.amountMinor);
    }
    // After 10 minutes one hour is charged, after 90 two, after 150 three.
    expect(refunds).toEqual([300, 200, 100]);
    await untilDurable(system, lot.exit, { code: reservation.code });
    const left = await eventually(ask, ({ state }) => state === 'COMPLETED');
    expect(left).toEqual({
      ...{ state: 'COMPLETED', refunded: { amountMinor: 100 }, refundIfLeavingNow: null, dueIfLeavingNow: null },
    });
  });

  test('is nothing within the grace after the end, and what the exit asks for after that', async () => {
    const { lot, reservation, ask, comesIn } = await paid();
    await comesIn();
    system.clock.advance(250 * MINUTE_MS);
    expect(await ask()).toMatchObject({ refundIfLeavingNow: { amountMinor: 0 }, dueIfLeavingNow: { amountMinor: 0 } });
    system.clock.advance(60 * MINUTE_MS);
    const { dueIfLeavingNow: due } = await ask();
    expect(due.amountMinor).toBeGreaterThan(0);
    const asked = await decide(system, lot.exit, { code: reservation.code });
    expect(asked.due?.amountMinor).toBe(due.amountMinor);
  });
});

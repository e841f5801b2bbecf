import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Debt } from '../../src/entities/debt.ts';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Stay } from '../../src/entities/stay.ts';
import { eventually } from '../support/eventually.ts';
import { decide, PAY_STAY, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { moneySettled } from './payment-steps.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterEach(async () => {
  system.stripe.faults.reset();
  await moneySettled(system);
});
afterAll(() => system?.stop());

const em = () => system.platform.orm.em.fork();

/** A walk-in that has been inside for an hour and owes two euros. */
async function inside(text: string): Promise<TestLot> {
  const lot = await makeLot(system);
  await untilDurable(system, lot.entry, { plate: { text } });
  system.clock.advance(3_000_000);
  return lot;
}

test('a vehicle for which the lane opened before the question reached it is out, and owes what it stayed, once', async () => {
  const plate = { text: 'EXT111' };
  const lot = await inside(plate.text);
  const scanId = randomUUID();
  const asked = await decide(system, lot.exit, { plate }, { scanId });
  expect(asked).toMatchObject({ action: 'ASK', reason: 'PAYMENT_DUE', due: { amountMinor: 200 } });

  // The lane had not waited. It says so from then on, until the passage is durable.
  const through = () => decide(system, lot.exit, { plate }, { scanId, alreadyOpened: true });
  const passages = await Promise.all([through(), through(), through()]);
  for (const passage of passages) expect(passage).toMatchObject({ scanId, action: 'OPEN', reason: 'BILLED_LATER' });
  const last = await eventually(through, ({ durable }) => durable);
  expect(last).toMatchObject({ scanId, action: 'OPEN', reason: 'BILLED_LATER', due: { amountMinor: 200 } });
  expect(await em().find(Stay, { lotId: lot.id })).toMatchObject([{ state: 'LEFT', totalMinor: 200 }]);
  expect(await em().find(Debt, { lotId: lot.id })).toMatchObject([{ amountMinor: 200, state: 'OPEN' }]);
  // The question and the passage stand side by side.
  expect(await em().count(GateEvent, { lotId: lot.id, operation: 'CHECK_OUT' })).toBe(2);

  await system.platform.redis.flushall();
  expect(await through()).toMatchObject({ scanId, action: 'OPEN', reason: 'BILLED_LATER', durable: true });
  expect(await em().count(Debt, { lotId: lot.id })).toBe(1);
});

test('a plate that is only like one inside is asked who it is while somebody could pay, else let out, and nobody is charged', async () => {
  const lot = await inside('EXT8B8');
  const misread = { plate: { text: 'EXT888' } };
  expect(await decide(system, lot.exit, misread)).toMatchObject({ action: 'ASK', reason: 'AMBIGUOUS', due: null });
  system.clock.advance(60_000);
  system.stripe.faults.set({ down: 'refuse' });
  const other = await makeLot(system);
  const { stayId } = await untilDurable(system, other.entry, { plate: { text: 'OTHER1' } });
  system.clock.advance(3_000_000);
  const out = await eventually(
    async () => {
      // Whoever tries to pay finds out that nobody can.
      const input = { idempotencyKey: randomUUID(), stay: { stayId }, paymentMethodId: 'pm_card_visa' };
      await system.client().query(PAY_STAY, { input });
      system.clock.advance(2000);
      return decide(system, lot.exit, misread);
    },
    ({ action }) => action === 'OPEN',
  );
  expect(out).toMatchObject({ reason: 'BILLED_LATER', due: null, stayId: null });
  await eventually(
    () => em().count(Incident, { lotId: lot.id, kind: 'UNSURE_STAY' }),
    (count) => count > 0,
  );
  expect(await em().find(Stay, { lotId: lot.id })).toMatchObject([{ state: 'INSIDE' }]);
  expect(await em().count(Debt, { lotId: lot.id })).toBe(0);
});

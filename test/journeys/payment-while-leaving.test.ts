import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Debt } from '../../src/entities/debt.ts';
import { Stay } from '../../src/entities/stay.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { eventually } from '../support/eventually.ts';
import { decide, PAY_STAY, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';

const MINUTE_MS = 60_000;

let system: TestSystem;
beforeAll(async () => {
  // The journal is read when the test says so.
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system?.stop());

const em = () => system.platform.orm.em.fork();

async function whileRead<T>(work: () => Promise<T>): Promise<T> {
  const journal = await startJournalAppliers(system.platform);
  try {
    return await work();
  } finally {
    await journal.stop();
  }
}

test('what was paid before the exit is written down is not owed: a debt is what is left of the price', async () => {
  const lot = await makeLot(system);
  const plate = { text: `PWL${randomUUID().slice(0, 4).toUpperCase()}` };
  const { stayId } = await whileRead(() => untilDurable(system, lot.entry, { plate }));
  system.clock.advance(90 * MINUTE_MS);
  // The barrier stood open, and its visit costs 4.00; the payment is faster than the journal.
  expect(await decide(system, lot.exit, { plate }, { alreadyOpened: true })).toMatchObject({
    reason: 'BILLED_LATER',
    due: { amountMinor: 400 },
  });
  const input = { idempotencyKey: randomUUID(), stay: { stayId }, paymentMethodId: 'pm_card_visa' };
  const { data } = await system.client().query(PAY_STAY, { input });
  expect(data['payStay'].userErrors).toEqual([]);
  const left = await whileRead(() =>
    eventually(
      () => em().findOneOrFail(Stay, { lotId: lot.id }),
      ({ state }) => state === 'LEFT',
    ),
  );
  expect(left).toMatchObject({ paidMinor: 400, totalMinor: 400 });
  expect(await em().find(Debt, { lotId: lot.id })).toEqual([]);
});

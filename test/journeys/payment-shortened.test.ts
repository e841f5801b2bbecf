import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { CHANGE, hoursFrom, READ } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeLot } from '../support/world.ts';
import { moneySettled } from './payment-steps.ts';

const MINUTE_MS = 60_000;

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

test('what was kept for shortening late does not come back with leaving early', async () => {
  const lot = await makeLot(system, {
    policy: {
      cancellation: { freeUntilMinutesBefore: 0, refundPercentAfter: 0 },
      earlyDeparture: { refundPercent: 100, minimumChargeMinutes: 0 },
    },
  });
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guest = await makeGuest(system, lot, period);
  const ask = async (document: string, variables: Record<string, unknown>) =>
    (await system.client(await loginOf(system, guest.driver)).query(document, variables)).data;
  const read = async () => (await ask(READ, { id: guest.publicId }))['reservation'];
  system.clock.advance(Date.parse(period.startsAt) - system.clock.now().getTime() + MINUTE_MS);
  await decide(system, lot.entry, { pass: guest.pass });
  await eventually(read, ({ state }) => state === 'CHECKED_IN');

  const endsAt = new Date(Date.parse(period.startsAt) + 120 * MINUTE_MS).toISOString();
  const input = { idempotencyKey: randomUUID(), reservationId: guest.publicId, endsAt };
  expect((await ask(CHANGE, { input }))['changeReservation'].userErrors).toEqual([]);
  expect(await read()).toMatchObject({ fee: { amountMinor: 400 }, refunded: { amountMinor: 0 } });
  system.clock.advance(10 * MINUTE_MS);
  await decide(system, lot.exit, { pass: guest.pass });
  await eventually(read, ({ state }) => state === 'COMPLETED');
  await moneySettled(system);
  // Of 8.00 paid, two hours (4.00) were kept and one of the other two (2.00) was used.
  expect(await read()).toMatchObject({ fee: { amountMinor: 400 }, refunded: { amountMinor: 200 } });
  await expectBooksBalanced(system.platform, system.stripe);
});

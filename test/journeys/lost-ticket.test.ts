import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeId } from '../../src/domain/public-id.ts';
import { Incident } from '../../src/entities/incident.ts';
import { freshPlate } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import type { decide } from '../support/gate.ts';
import { untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { Attendant } from './till-steps.ts';

const CHARGE = `mutation ($input: ChargeLostCredentialInput!) { chargeLostCredential(input: $input) {
  debt { id state reason amount { amountMinor } } replayed userErrors { code field } } }`;
const EARLIER = `query ($stayId: ID!) { earlierDebts(stayId: $stayId) { id reason } }`;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(async () => {
  await expectBooksBalanced(system.platform, system.stripe);
  await system.stop();
});

const em = () => system.platform.orm.em.fork();

/** A vehicle that nobody saw come in drives out; what a person should look at, by its public id. */
async function leavesUnknown(lot: TestLot, credential: Parameters<typeof decide>[2]): Promise<string> {
  const before = await em().find(Incident, { lotId: lot.id });
  await untilDurable(system, lot.exit, credential);
  const after = await em().find(Incident, { lotId: lot.id, kind: 'UNKNOWN_STAY' });
  const known = new Set(before.map(({ id }) => id));
  return encodeId('inc', lot.id, after.find(({ id }) => !known.has(id))!.id);
}

const charge = async (attendant: Attendant, incidentId: string) =>
  (await attendant.query(CHARGE, { input: { incidentId } })).chargeLostCredential;

test('who lost their ticket is charged by the attendant what the tariff asks, once, and pays at the till', async () => {
  const lot = await makeLot(system, { tariff: { lostCredentialMinor: 2500 } });
  const attendant = new Attendant(system, lot);
  const incidentId = await leavesUnknown(lot, { unreadable: true });
  const { debt, replayed, userErrors } = await charge(attendant, incidentId);
  expect(userErrors).toEqual([]);
  expect(debt).toMatchObject({ state: 'OPEN', reason: 'LOST_CREDENTIAL', amount: { amountMinor: 2500 } });
  expect(replayed).toBe(false);
  expect(await charge(attendant, incidentId)).toMatchObject({ debt: { id: debt.id }, replayed: true });

  const { shift } = await attendant.openShift(10_000);
  const taken = await attendant.take(shift.id, { debtId: debt.id }, { cash: { tenderedMinor: 3000 } });
  expect(taken).toMatchObject({
    payment: { change: { amountMinor: 500 } },
    debt: { state: 'SETTLED' },
    userErrors: [],
  });
});

test('a vehicle that was charged and did not pay is known by its plate when it comes again', async () => {
  const lot = await makeLot(system, { tariff: { lostCredentialMinor: 2500 } });
  const attendant = new Attendant(system, lot);
  const plate = { text: freshPlate() };
  const { debt } = await charge(attendant, await leavesUnknown(lot, { plate }));
  system.clock.advance(600_000);
  const { stayId } = await untilDurable(system, lot.entry, { plate });
  expect((await attendant.query(EARLIER, { stayId })).earlierDebts).toEqual([
    { id: debt.id, reason: 'LOST_CREDENTIAL' },
  ]);
});

test('nothing is charged where the tariff asks nothing, for another incident, or by another lot’s staff', async () => {
  const [lot, other] = [await makeLot(system), await makeLot(system, { tariff: { lostCredentialMinor: 2500 } })];
  const [attendant, stranger] = [new Attendant(system, lot), new Attendant(system, other)];
  const incidentId = await leavesUnknown(lot, { unreadable: true });
  expect(await charge(attendant, incidentId)).toMatchObject({ debt: null, userErrors: [{ code: 'NOTHING_DUE' }] });
  expect(await charge(stranger, incidentId)).toMatchObject({ userErrors: [{ code: 'LOT_NOT_FOUND' }] });
  const theirs = await em().findOneOrFail(Incident, { lotId: lot.id });
  await em().nativeUpdate(Incident, { lotId: lot.id, id: theirs.id }, { kind: 'SENSOR_SILENT' });
  expect(await charge(attendant, incidentId)).toMatchObject({ userErrors: [{ code: 'INCIDENT_NOT_FOUND' }] });
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eventually } from '../support/eventually.ts';
import { decide } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestGate, type TestLot } from '../support/world.ts';
import { operatorSteps } from './operator-steps.ts';

let system: TestSystem;
let lot: TestLot;
let operator: string;
const { run } = operatorSteps(
  () => system,
  () => operator,
);

beforeAll(async () => {
  system = await startSystem();
  lot = await makeLot(system, { spots: { STANDARD: 20 } });
  operator = await lot.staffToken('OPERATOR');
});
afterAll(() => system?.stop());

const arrive = (gate: TestGate) => decide(system, gate, { plate: { text: `G ${randomUUID().slice(0, 6)}` } });

test('a gate that is taken out of service lets nobody in, and does so again when it is put back', async () => {
  expect(await arrive(lot.entry)).toMatchObject({ action: 'OPEN' });
  await run('updateGate', { gateId: lot.entry.publicId, inService: false });
  await eventually(
    () => arrive(lot.entry),
    ({ reason }) => reason === 'LOT_CLOSED',
  );
  await run('updateGate', { gateId: lot.entry.publicId, inService: true });
  await eventually(
    () => arrive(lot.entry),
    ({ action }) => action === 'OPEN',
  );
});

test('a gate that was added a moment ago works with the key of its device', async () => {
  await arrive(lot.entry);
  const { gate } = await run('registerGate', { lotId: lot.publicId, name: 'Side', direction: 'ENTRY' });
  const device = { lotId: lot.publicId, name: 'Side controller', role: 'GATE', gateId: gate.id };
  const { key } = await run('issueDeviceKey', device);
  const added = { ...lot.entry, publicId: gate.id, deviceKey: key };
  const scanned = () => arrive(added).catch(() => undefined);
  await eventually(scanned, (decision) => decision?.action === 'OPEN');
});

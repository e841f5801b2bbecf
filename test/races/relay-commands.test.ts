import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { commandOpening } from '../../src/hardware/command-opening.ts';
import { reportCommand } from '../../src/hardware/report-command.ts';
import { takeCommands } from '../../src/hardware/take-commands.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

let system: TestSystem;
let lot: TestLot;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system);
});
afterAll(() => system?.stop());

const ROUNDS = 200;
const RELAYS = 4;

const opening = () => ({
  lotId: lot.id,
  gateId: lot.entry.id,
  scanId: randomUUID(),
  stayId: randomUUID(),
  operation: 'CHECK_IN',
});
const relays = Array.from({ length: RELAYS }, () => randomUUID());

describe('two relays at one gate that ask at the same moment', () => {
  test('never both get a command, and each command gets to one', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = await commandOpening(system.platform, opening());
      const asked = relays.map((deviceId) =>
        takeCommands(system.platform, { lotId: lot.id, gateId: lot.entry.id, deviceId }),
      );
      const got = (await Promise.all(asked)).flat();
      expect(got.map((command) => command.id)).toEqual([id]);
      const { deviceId = '' } = got[0] ?? {};
      await reportCommand(
        system.platform,
        { lotId: lot.id, gateId: lot.entry.id, deviceId },
        { commandId: id, state: 'SUCCESS' },
      );
    }
  });

  test('would both, if looking and taking were two steps', async () => {
    let doubled = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const key = `naive:${round}`;
      await system.platform.redis.set(key, 'NOT_SENT');
      const takeNaively = async () => {
        if ((await system.platform.redis.get(key)) !== 'NOT_SENT') return 0;
        await system.platform.redis.set(key, 'SENT');
        return 1;
      };
      const taken = await Promise.all(relays.map(takeNaively));
      if (taken.reduce<number>((sum, one) => sum + one, 0) > 1) doubled += 1;
    }
    expect(doubled).toBeGreaterThan(0);
  });
});

test('an opening that is commanded by forty at once is one command', async () => {
  const asked = opening();
  const commands = await Promise.all(Array.from({ length: 40 }, () => commandOpening(system.platform, asked)));
  expect(new Set(commands.map(({ id }) => id)).size).toBe(1);
  const taken = await takeCommands(system.platform, { lotId: lot.id, gateId: lot.entry.id, deviceId: randomUUID() });
  expect(taken.map(({ scanId }) => scanId)).toEqual([asked.scanId]);
});

test('what a relay says only goes forward, whichever word comes first', async () => {
  const relay = { lotId: lot.id, gateId: lot.exit.id, deviceId: randomUUID() };
  for (let round = 0; round < 50; round++) {
    const { id: commandId } = await commandOpening(system.platform, { ...opening(), gateId: lot.exit.id });
    await takeCommands(system.platform, relay);
    const words = (['SUCCESS', 'RECEIVED', 'ERROR', 'RECEIVED'] as const).map((state) =>
      reportCommand(system.platform, relay, { commandId, state }),
    );
    await Promise.all(words);
    expect(await reportCommand(system.platform, relay, { commandId, state: 'RECEIVED' })).toMatchObject({
      state: 'SUCCESS',
    });
  }
});

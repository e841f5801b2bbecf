import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { DOCUMENTS, newLot, TARIFF, type Verb } from './operator-steps.ts';

let system: TestSystem;
let lot: TestLot;
/** Runs every lot of the operator of `lot`. */
let operator: string;
let admin: string;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system, { spots: { STANDARD: 4 } });
  operator = (await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId })).token;
  admin = await lot.staffToken('ADMIN');
});
afterAll(() => system?.stop());

describe('bad input', () => {
  const GARBAGE: unknown[] = [
    '',
    '\u0000',
    '\ud800',
    'x'.repeat(5000),
    "'; DROP TABLE lot; --",
    'lot_AAAAAAAAAAAAAAAAAAAAAA',
    -1,
    0.5,
    2 ** 31,
    [null],
    {},
    null,
  ];
  const valid = (): Record<Verb, Record<string, unknown>> => {
    const lotId = lot.publicId;
    const policy = {
      graceMinutes: 30,
      holdMinutes: 10,
      maxStayMinutes: 600,
      cancellation: { freeUntilMinutesBefore: 60, refundPercentAfter: 50 },
      noShow: { fee: 'FIXED', fixedMinor: 100 },
    };
    return {
      updateGate: { gateId: lot.entry.publicId, name: 'Entry', inService: true },
      createOperator: { name: 'Quay', legalName: 'Quay Oy', taxNumber: 'FI1' },
      createLot: newLot({
        openingHours: { weekly: [{ day: 'MONDAY', opens: '06:00', closes: '07:00' }] },
        policy,
        operatorId: lot.operatorPublicId,
      }),
      updateLot: {
        lotId,
        name: 'Same',
        address: 'Same',
        location: { latitude: 1, longitude: 1 },
        openingHours: { always: true },
        policy,
        state: 'OPEN',
      },
      addLevel: { lotId, name: `Level ${randomUUID().slice(0, 8)}`, ordinal: 7 },
      addSpots: {
        levelId: lot.levelPublicId,
        spotType: 'EV',
        labelPattern: 'G-#####',
        firstNumber: 1,
        count: 1,
        directions: 'x',
        maxHeightCm: 200,
        maxLengthCm: 500,
      },
      closeSpots: { lotId, spotIds: [lot.spots[3]!.publicId] },
      openSpots: { lotId, spotIds: [lot.spots[3]!.publicId] },
      publishTariff: {
        lotId,
        tariff: {
          ...TARIFF,
          tax: { percent: 10, mode: 'INCLUDED' },
          multiplier: { floorPercent: 1, ceilingPercent: 100, points: [{ occupancyPercent: 0, percent: 100 }] },
        },
      },
      registerGate: { lotId, name: 'G', direction: 'EXIT' },
      issueDeviceKey: { lotId, name: 'D', role: 'GATE', gateId: lot.entry.publicId },
      revokeDeviceKey: { deviceId: 'dev_x' },
      inviteStaff: {
        email: 'garbage@example.test',
        name: 'G',
        role: 'ATTENDANT',
        lotIds: [lotId],
        operatorId: lot.operatorPublicId,
      },
    };
  };
  /** Every place of an input, deep: one copy of it with garbage there. */
  const spoiled = (value: unknown, garbage: unknown): unknown[] => {
    if (typeof value !== 'object' || value === null) return [garbage];
    const members = Object.entries(value).flatMap(([name, member]) =>
      spoiled(member, garbage).map((bad) => (Array.isArray(value) ? [bad] : { ...value, [name]: bad })),
    );
    return [garbage, ...members];
  };

  test.each(Object.keys(DOCUMENTS) as Verb[])('%s: garbage anywhere is told, never an internal error', async (verb) => {
    const told = new Set<string>();
    const token = verb === 'createOperator' ? admin : operator;
    for (const garbage of GARBAGE) {
      for (const input of spoiled(valid()[verb], garbage)) {
        const { data, errors } = await system.client(token).query(DOCUMENTS[verb], { input });
        if (errors) for (const { extensions } of errors) told.add(extensions.code);
        else expect(data[verb]).toMatchObject({ userErrors: expect.any(Array) });
      }
    }
    expect([...told]).toEqual(['BAD_USER_INPUT']);
  });

  test.each(['PST', 'Mars/Olympus', '+02:00'])(
    'a lot in the time zone %s, for which nothing could be priced',
    async (timeZone) => {
      const { errors } = await system.client(operator).query(DOCUMENTS.createLot, { input: newLot({ timeZone }) });
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    },
  );
});

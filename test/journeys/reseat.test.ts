import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { MovableClock } from '../../src/platform/clock.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { hoursFrom, reserve, reserveInput } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { book, expectSound, inPieces, movesTold } from './reseat-steps.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'], clock: new MovableClock() });
});
afterAll(() => system.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

const someClient = async () => system.client(await (await makeLot(system)).driverToken());

describe('a request that no spot is free for, for the whole of its period', () => {
  test('is met by moving another driver, who is told from where to where', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const { early, late } = await inPieces(system, lot);
    expect([await early.label(), await late.label()]).toEqual(['1-002', '1-001']);
    const met = await book(system, lot, [24, 4]);
    const told = [...(await movesTold(system, early.reservationId)), ...(await movesTold(system, late.reservationId))];
    expect(told).toEqual([
      expect.objectContaining({ reason: 'ROOM', from: { spotId: expect.any(String), label: expect.any(String) } }),
    ]);
    const labels = [await early.label(), await late.label()];
    expect(new Set(labels).size).toBe(1);
    expect(labels).not.toContain(await met.label());
    expect(told[0]).toMatchObject({ to: { label: labels[0] } });
    expect(await expectSound(system, lot)).toEqual([]);
  });

  test('is refused where who is in the way has chosen the spot', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const [first, second] = lot.spots;
    const early = await book(system, lot, [24, 2, { spotId: second!.publicId }]);
    const late = await book(system, lot, [26, 2, { spotId: first!.publicId }]);
    const { userErrors } = await reserve(await someClient(), reserveInput(lot, hoursFrom(system.clock.now(), 24, 4)));
    expect(userErrors).toMatchObject([{ code: 'SPOT_UNAVAILABLE' }]);
    expect([await early.label(), await late.label()]).toEqual(['1-002', '1-001']);
  });

  test('is refused where at one time every spot is needed', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    await book(system, lot, [24, 3]);
    await book(system, lot, [25, 3]);
    const { userErrors } = await reserve(await someClient(), reserveInput(lot, hoursFrom(system.clock.now(), 24, 4)));
    expect(userErrors).toMatchObject([{ code: 'SPOT_UNAVAILABLE' }]);
  });

  test('of a van is met by moving a car from the large spots to a standard one', async () => {
    const lot = await makeLot(system, { spots: { LARGE: 1, STANDARD: 1 } });
    const car = await book(system, lot, [24, 4]);
    expect(await car.label()).toBe('1-001');
    const van = await book(system, lot, [24, 4, { vehicle: { plate: { text: 'VAN 1', vehicleClass: 'VAN' } } }]);
    expect([await van.label(), await car.label()]).toEqual(['1-001', '1-002']);
    expect(await expectSound(system, lot)).toEqual([]);
  });

  test('for one named spot is met by moving who has it', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const there = await book(system, lot, [24, 2]);
    const named = await book(system, lot, [24, 2, { spotId: lot.spots[0]!.publicId }]);
    expect([await named.label(), await there.label()]).toEqual(['1-001', '1-002']);
  });

  test('moves nobody who may be at a gate already', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const { early, late } = await inPieces(system, lot, 1);
    system.clock.runFrom(new Date(Date.parse(hoursFrom(system.clock.now(), 1, 1).startsAt) - 5 * 60_000));
    const { userErrors } = await reserve(await someClient(), reserveInput(lot, hoursFrom(system.clock.now(), 0, 4)));
    // The early one is fixed; the late one moves to its spot.
    expect(userErrors).toEqual([]);
    expect([await early.label(), await late.label()]).toEqual(['1-002', '1-002']);
  });
});

describe('a driver who wants to stay longer', () => {
  test('keeps the spot, and who has it next is moved', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const [first, next] = [await book(system, lot, [24, 2]), await book(system, lot, [26, 2])];
    expect([await first.label(), await next.label()]).toEqual(['1-001', '1-001']);
    expect((await first.stay(4)).userErrors).toEqual([]);
    expect([await first.label(), await next.label()]).toEqual(['1-001', '1-002']);
    expect(await movesTold(system, next.reservationId)).toHaveLength(1);
    expect(await expectSound(system, lot)).toEqual([]);
  });

  test('moves where who has the spot next has chosen it', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const first = await book(system, lot, [24, 2]);
    const next = await book(system, lot, [26, 2, { spotId: lot.spots[0]!.publicId }]);
    expect((await first.stay(3)).userErrors).toEqual([]);
    expect([await first.label(), await next.label()]).toEqual(['1-002', '1-001']);
    expect((await first.stay(4)).userErrors).toEqual([]);
    expect(await movesTold(system, first.reservationId)).toMatchObject([{ to: { label: '1-002' } }]);
    expect(await expectSound(system, lot)).toEqual([]);
  });

  test('moves to a larger spot where only such a one is free', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1, LARGE: 1 } });
    const first = await book(system, lot, [24, 2]);
    await book(system, lot, [26, 2, { spotId: lot.spots[0]!.publicId }]);
    expect(await first.label()).toBe('1-001');
    expect((await first.stay(4)).userErrors).toEqual([]);
    expect(await first.label()).toBe('1-002');
    expect(await expectSound(system, lot)).toEqual([]);
  });

  test('is refused where the lot is full by then', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const [first] = [await book(system, lot, [24, 2]), await book(system, lot, [26, 2])];
    expect((await first.stay(3)).userErrors).toMatchObject([{ code: 'SPOT_UNAVAILABLE' }]);
    expect(await expectSound(system, lot)).toEqual([]);
  });
});

describe('a spot that is closed', () => {
  const CLOSE = `mutation ($input: CloseSpotsInput!) { closeSpots(input: $input) { spots { label inService }
    userErrors { code ... on SpotsInUse { claims { label } } } } }`;
  const close = async (lot: TestLot, ...labels: string[]) => {
    const spotIds = lot.spots.filter(({ label }) => labels.includes(label)).map(({ publicId }) => publicId);
    const client = system.client(await lot.staffToken('OPERATOR'));
    const { data, errors } = await client.query(CLOSE, { input: { lotId: lot.publicId, spotIds } });
    if (errors) throw new Error(JSON.stringify(errors));
    return data['closeSpots'];
  };

  test('moves who has reserved it, also who has chosen it, and tells them', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 3 } });
    const some = await book(system, lot, [24, 2]);
    const named = await book(system, lot, [26, 2, { spotId: lot.spots[0]!.publicId }]);
    expect(await close(lot, '1-001', '1-002')).toMatchObject({
      spots: [
        { label: '1-001', inService: false },
        { label: '1-002', inService: false },
      ],
      userErrors: [],
    });
    expect([await some.label(), await named.label()]).toEqual(['1-003', '1-003']);
    expect(await movesTold(system, named.reservationId)).toMatchObject([
      { reason: 'CLOSURE', from: { label: '1-001' }, to: { label: '1-003' } },
    ]);
    expect(await expectSound(system, lot)).toEqual([]);
  });

  test('stays open where one of its drivers has nowhere to go, and then nobody is moved', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const first = await book(system, lot, [24, 2]);
    const both = [await book(system, lot, [26, 2]), await book(system, lot, [26, 2])];
    expect(await close(lot, '1-001')).toMatchObject({
      spots: null,
      userErrors: [{ code: 'SPOTS_IN_USE', claims: [{ label: '1-001' }] }],
    });
    expect(await first.label()).toBe('1-001');
    expect(await movesTold(system, first.reservationId)).toEqual([]);
    expect(new Set([await both[0]!.label(), await both[1]!.label()]).size).toBe(2);
  });

  test('stays open where its driver may be at the gate at this moment', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const due = await book(system, lot, [0, 2]);
    system.clock.runFrom(new Date(Date.parse(hoursFrom(system.clock.now(), 0, 1).startsAt) - 60_000));
    expect(await close(lot, '1-001')).toMatchObject({ userErrors: [{ code: 'SPOTS_IN_USE' }] });
    expect(await due.label()).toBe('1-001');
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hoursFrom, reserve, reserveInput } from '../support/booking.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';

const LOTS = `query Lots($near: GeoPointInput, $radiusMeters: PositiveInt, $period: PeriodInput, $spotType: SpotType, $text: ShortText, $heightCm: PositiveInt, $first: Int, $after: String) {
  lots(near: $near, radiusMeters: $radiusMeters, period: $period, spotType: $spotType, text: $text, heightCm: $heightCm, first: $first, after: $after) {
    edges { cursor distanceMeters spotsFree price { total { amountMinor } } node { id tariff { versionNumber } levels { name } availability { free } availabilityBetween(period: { startsAt: "2026-11-24T08:00:00Z", endsAt: "2026-11-24T09:00:00Z" }) { spotType free } } }
    pageInfo { hasNextPage endCursor }
  }
}`;

let system: TestSystem;
/** Apart from one another, so that no lot is near another test's. */
let latitude = -60;

beforeAll(async () => {
  system = await startSystem();
  // Local times in prices do not depend on when the test runs.
  system.clock.freezeAt(new Date('2026-11-23T08:00:00Z'));
});
afterAll(() => system?.stop());

const nextHour = () => hoursFrom(system.clock.now(), 0, 1);

async function search(variables: Record<string, unknown>): Promise<any> {
  const { data, errors } = await system.client().query(LOTS, variables);
  expect(errors).toBeUndefined();
  return data['lots'];
}

describe('a search', () => {
  test('finds lots around a place, nearest first, page by page, with what is free and what it costs', async () => {
    latitude += 2;
    const near = { latitude, longitude: 10 };
    const lots: TestLot[] = [];
    for (const step of [3, 0, 2, 1, 4])
      lots[step] = await makeLot(system, {
        latitude: latitude + step * 0.005,
        longitude: 10,
        spots: step === 2 ? { EV: 1 } : { STANDARD: 1 },
      });
    await makeLot(system, { latitude: latitude + 0.2, longitude: 10 });
    const asked = nextHour();
    await reserve(system.client((await makeDriver(system)).token), reserveInput(lots[1]!, asked));
    const found: any[] = [];
    for (let after: string | undefined; ;) {
      const page = await search({ near, period: asked, first: 2, ...(after ? { after } : {}) });
      found.push(...page.edges);
      if (!page.pageInfo.hasNextPage) break;
      after = page.pageInfo.endCursor;
    }
    expect(found.map(({ node }) => node.id)).toEqual(lots.map((lot) => lot.publicId));
    expect(found.map(({ spotsFree }) => spotsFree)).toEqual([1, 0, 1, 1, 1]);
    expect(found.map(({ distanceMeters }) => distanceMeters)).toEqual([0, 556, 1112, 1668, 2224]);
    expect(found[0]).toMatchObject({
      price: { total: { amountMinor: 200 } },
      node: {
        tariff: { versionNumber: 1 },
        levels: [{ name: 'Ground' }],
        availabilityBetween: [{ spotType: 'STANDARD', free: 1 }],
      },
    });
    const withChargers = await search({ near, spotType: 'EV' });
    expect(withChargers.edges).toMatchObject([{ node: { id: lots[2]!.publicId }, spotsFree: null, price: null }]);
    expect((await search({ near, radiusMeters: 600 })).edges).toHaveLength(2);
  });

  test('finds by words of name, address and code, and where a high vehicle fits every spot', async () => {
    latitude += 2;
    const near = { latitude, longitude: 10 };
    const [low, high] = [
      await makeLot(system, { latitude, longitude: 10, code: 'WORDLOW', spots: { STANDARD: 1, LARGE: 1 } }),
      await makeLot(system, { latitude: latitude + 0.005, longitude: 10, code: 'WORDY-HIGH' }),
    ];
    const em = system.platform.orm.em.fork();
    await em.execute(`UPDATE spot SET max_height_cm = 190 WHERE lot_id = ? AND spot_type = 'STANDARD'`, [low.id]);
    const found = async (asked: Record<string, unknown>) => (await search(asked)).edges.map(({ node }: any) => node.id);
    const both = [low.publicId, high.publicId];
    for (const where of [{ near }, {}]) {
      expect(await found({ ...where, text: ' lot wordl ' })).toEqual([low.publicId]);
      expect(await found({ ...where, text: 'wordy- HIGH' })).toEqual([high.publicId]);
      expect(await found({ ...where, text: 'word', heightCm: 190 })).toEqual(both);
      expect(await found({ ...where, text: 'word', heightCm: 191 })).toEqual([high.publicId]);
      expect(await found({ ...where, text: 'wordlow', heightCm: 250, spotType: 'LARGE' })).toEqual([low.publicId]);
      expect(await found({ ...where, text: 'w_rd' })).toEqual([]);
    }
  });

  test('finds lots on both sides of the date line, and near a pole', async () => {
    const east = await makeLot(system, { latitude: 65, longitude: 179.99 });
    const west = await makeLot(system, { latitude: 65, longitude: -179.99 });
    const pole = await makeLot(system, { latitude: 89.99, longitude: 120 });
    const ids = async (near: object) => (await search({ near })).edges.map(({ node }: any) => node.id).toSorted();
    expect(await ids({ latitude: 65, longitude: 180 })).toEqual([east.publicId, west.publicId].toSorted());
    expect(await ids({ latitude: 89.99, longitude: -60 })).toEqual([pole.publicId]);
  });

  test.each([
    ['a latitude beyond the pole', { near: { latitude: 91, longitude: 0 } }],
    ['a radius around the world', { near: { latitude: 1, longitude: 0 }, radiusMeters: 40_000_000 }],
    ['a period that is backwards', { period: { startsAt: '2026-11-24T09:00:00Z', endsAt: '2026-11-24T08:00:00Z' } }],
    ['a period of the past', { period: { startsAt: '0000-01-01T00:00:00Z', endsAt: '9999-12-31T23:59:59Z' } }],
    ['a cursor that is none', { after: 'nonsense' }],
    [
      'a cursor of another list',
      { near: { latitude: 1, longitude: 0 }, after: Buffer.from('["x","y"]').toString('base64url') },
    ],
    ['a page of nothing', { first: 0 }],
  ])('is refused for %s', async (_what, variables) => {
    const { errors } = await system.client().query(LOTS, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('asks the database as often for twenty lots as for two', async () => {
    latitude += 2;
    for (let step = 0; step < 20; step++) await makeLot(system, { latitude: latitude + step * 0.0001, longitude: 10 });
    const pool = system.platform.orm.em.getConnection();
    const execute = pool.execute.bind(pool);
    let statements = 0;
    pool.execute = ((...args: Parameters<typeof execute>) => (statements++, execute(...args))) as never;
    const statementsFor = async (first: number) => {
      const seen: number[] = [];
      // A worker asks now and then, too: the least of some is the search's own.
      for (let n = 0; n < 6; n++) {
        statements = 0;
        await search({ near: { latitude, longitude: 10 }, period: nextHour(), first });
        seen.push(statements);
      }
      return Math.min(...seen);
    };
    try {
      const two = await statementsFor(2);
      expect(two).toBeGreaterThan(0);
      expect(two).toBeLessThanOrEqual(10);
      expect(await statementsFor(20)).toBe(two);
    } finally {
      pool.execute = execute;
    }
  });
});

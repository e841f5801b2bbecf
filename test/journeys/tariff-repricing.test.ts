import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { makeLot, type LotOptions, type TestLot } from '../support/world.ts';
import { ask, CANCEL_REPRICING, makePastStays, READ_REPRICING, REPRICE } from './tariff-steps.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const DAY_MS = 86_400_000;
/** 2.50 an hour instead of 2.00, and half an hour free. */
const DEARER = { ...plainRates({ blockMinutes: 60, minor: 250 }), grace: { minutes: 30, kind: 'ABSORBED' } };

interface Place {
  lot: TestLot;
  operator: string;
  period: { startsAt: string; endsAt: string };
}

/** A lot with a past: 1,200 stays of two hours for 4.00, and 800 of twenty minutes for 2.00. */
async function placeWithPast(options: LotOptions = {}): Promise<Place> {
  const lot = await makeLot(system, options);
  const now = system.clock.now();
  const until = new Date(now.getTime() - DAY_MS);
  await makePastStays(system, lot, { count: 1200, until, totalMinor: 400 });
  await makePastStays(system, lot, { count: 800, until, minutes: 20, totalMinor: 200 });
  const period = { startsAt: new Date(now.getTime() - 30 * DAY_MS).toISOString(), endsAt: now.toISOString() };
  return { lot, operator: await lot.staffToken('OPERATOR'), period };
}

const wishOf = ({ lot, period }: Place, more: Record<string, unknown> = {}) => ({
  input: { idempotencyKey: randomUUID(), lotId: lot.publicId, period, ...more },
});

const finished = (token: string, id: string, page: Record<string, unknown> = { first: 3 }) =>
  eventually(
    () => ask(system, token, [READ_REPRICING, { id, ...page }]),
    ({ state }) => state !== 'RUNNING',
  );

describe('past stays under another tariff', () => {
  let place: Place;
  let id: string;
  beforeAll(async () => {
    place = await placeWithPast();
  });

  test('are priced by a job: what would change is listed, summed up and charged to nobody', async () => {
    const begun = await ask(system, place.operator, [REPRICE, wishOf(place, { document: DEARER })]);
    expect(begun.userErrors).toEqual([]);
    expect(begun.repricing).toMatchObject({ staysTotal: 2000, versionNumber: null });
    id = begun.repricing.id;
    const done = await finished(place.operator, id);
    expect(done).toMatchObject({
      state: 'DONE',
      progressPercent: 100,
      staysDone: 2000,
      staysChanged: 2000,
      leftOut: [],
    });
    // 1,200 × 4.00 + 800 × 2.00; 1,200 × 5.00 + 800 × 0.
    expect([done.oldTotal.amountMinor, done.newTotal.amountMinor]).toEqual([640_000, 600_000]);
    expect([done.refundsDue.amountMinor, done.additionalCharges.amountMinor]).toEqual([160_000, 120_000]);
    expect(done.changes).toMatchObject({ totalCount: 2000, pageInfo: { hasNextPage: true } });
    const most = { old: { amountMinor: 200 }, new: { amountMinor: 0 }, difference: { amountMinor: -200 } };
    expect(done.changes.nodes[0]).toMatchObject({ ...most, refundDue: { amountMinor: 200 }, refunded: null });
    const em = system.platform.orm.em.fork();
    expect(await em.execute('SELECT id FROM payment WHERE lot_id = ?', [place.lot.id])).toEqual([]);
  });

  test('are listed page by page in both directions, each once', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const { changes }: any = await ask(system, place.operator, [READ_REPRICING, { id, first: 100, after }]);
      seen.push(...changes.nodes.map(({ stayId }: { stayId: string }) => stayId));
      after = changes.pageInfo.hasNextPage ? changes.pageInfo.endCursor : null;
    } while (after);
    expect(new Set(seen).size).toBe(2000);
    const { changes: end } = await ask(system, place.operator, [READ_REPRICING, { id, last: 2 }]);
    expect(end.nodes.map(({ stayId }: { stayId: string }) => stayId)).toEqual(seen.slice(-2));
    expect(end.nodes[1].difference.amountMinor).toBe(100);
  });

  test('come as CSV for the staff of the lot, and for nobody else', async () => {
    const { csvPath } = await ask(system, place.operator, [READ_REPRICING, { id, first: 1 }]);
    const load = (token?: string) =>
      fetch(system.url + csvPath, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
    const response = await load(place.operator);
    expect(response.headers.get('content-type')).toContain('text/csv');
    const lines = (await response.text()).trimEnd().split('\n');
    expect(lines).toHaveLength(2001);
    expect(lines[1]).toMatch(/^sty_[\w-]{43},[\dT:.-]+Z,EUR,200,0,-200,200,$/);
    const strangers = [undefined, await place.lot.driverToken(), await (await makeLot(system)).staffToken('OPERATOR')];
    for (const token of strangers) expect((await load(token)).status).toBe(404);
    expect((await load('nonsense')).status).toBe(401);
  });

  test('are shown to no other operator', async () => {
    const other = await (await makeLot(system)).staffToken('OPERATOR');
    expect(await ask(system, other, [READ_REPRICING, { id, first: 1 }])).toBeNull();
    const refused = await ask(system, other, [REPRICE, wishOf(place)]);
    expect(refused.userErrors).toMatchObject([{ code: 'LOT_NOT_FOUND' }]);
    const cancelled = await ask(system, other, [CANCEL_REPRICING, { input: { repricingId: id } }]);
    expect(cancelled.userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });
});

describe('a wish to price again', () => {
  test('under the version by which the stays were priced finds nothing that would change', async () => {
    const place = await placeWithPast();
    const { repricing } = await ask(system, place.operator, [REPRICE, wishOf(place)]);
    const done = await finished(place.operator, repricing.id);
    expect(done).toMatchObject({ state: 'DONE', versionNumber: 1, staysDone: 2000, staysChanged: 0 });
    expect(done.oldTotal).toEqual(done.newTotal);
  });

  test('sent twice is one repricing; the same key for another wish is refused', async () => {
    const place = await placeWithPast();
    const wish = wishOf(place, { document: DEARER });
    const [one, two] = await Promise.all([1, 2].map(() => ask(system, place.operator, [REPRICE, wish])));
    expect(one.repricing.id).toBe(two.repricing.id);
    expect([one.replayed, two.replayed].sort()).toEqual([false, true]);
    const other = { input: { ...wish.input, document: plainRates({ blockMinutes: 60, minor: 100 }) } };
    const refused = await ask(system, place.operator, [REPRICE, other]);
    expect(refused.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  });

  test('counts what it leaves out: backwards stays, those without a price, money of another country, and visits that went on', async () => {
    const place = await placeWithPast();
    const change = (sql: string, from: number) =>
      system.platform.orm.em
        .fork()
        .execute(
          `UPDATE stay SET ${sql} WHERE (lot_id, id) IN (SELECT lot_id, id FROM stay WHERE lot_id = ? ORDER BY left_at, id LIMIT 1 OFFSET ?)`,
          [place.lot.id, from],
        );
    await change("entered_at = left_at + interval '1 minute'", 3);
    await change('total_minor = NULL', 10);
    await change('total_minor = NULL', 11);
    await change("currency = 'SEK'", 20);
    await change(`concessions = '{"earlier":{"firstEntryAt":1,"chargedMinor":0}}'`, 30);
    const { repricing } = await ask(system, place.operator, [REPRICE, wishOf(place, { document: DEARER })]);
    const done = await finished(place.operator, repricing.id);
    expect(done).toMatchObject({ staysDone: 2000, staysChanged: 1995 });
    expect(new Map(done.leftOut.map(({ reason, stays }: any) => [reason, stays]))).toEqual(
      new Map([
        ['BACKWARDS', 1],
        ['NO_TOTAL', 2],
        ['OTHER_CURRENCY', 1],
        ['REENTRY', 1],
      ]),
    );
  });

  test('with a draft that breaks rules is refused as publishing it would be, with rule and field', async () => {
    const place = await placeWithPast();
    const document = { ...DEARER, grace: { minutes: -1, kind: 'ABSORBED' }, currency: 'SEK' };
    const { repricing, userErrors } = await ask(system, place.operator, [REPRICE, wishOf(place, { document })]);
    expect(repricing).toBeNull();
    expect(userErrors).toMatchObject([{ code: 'TARIFF_INVALID', field: ['document'] }]);
    const rules = userErrors[0].problems.map(({ rule, path }: any) => `${rule} ${path}`).sort();
    expect(rules).toEqual(['CURRENCY currency', 'GRACE grace.minutes']);
  });

  test('for a time that is backwards, to come or longer than three years is refused', async () => {
    const place = await placeWithPast();
    const at = (days: number) => new Date(system.clock.now().getTime() + days * DAY_MS).toISOString();
    const codeOf = async (startsAt: string, endsAt: string) =>
      (await ask(system, place.operator, [REPRICE, wishOf({ ...place, period: { startsAt, endsAt } })])).userErrors[0]
        ?.code;
    expect(await codeOf(at(-1), at(-2))).toBe('PERIOD_BACKWARDS');
    expect(await codeOf(at(1), at(2))).toBe('PERIOD_TOO_FAR_AHEAD');
    expect(await codeOf(at(-1200), at(-1))).toBe('PERIOD_TOO_LONG');
  });
});

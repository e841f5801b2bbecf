import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { ask, DIFFERENCE, makePastStays, PRICE_FOR, READ_REPRICING, REPRICE } from './tariff-steps.ts';

/** A large draft: bands of half an hour, twenty offers that go on by the rates, fifty events. */
const LARGE = {
  edges: 'CUT',
  limits: { minimumMinor: 100 },
  calendar: {
    events: Array.from({ length: 50 }, (_, day) => ({
      name: `Fair ${day}`,
      dates: [new Date(Date.UTC(2027, 0, 1 + day)).toISOString().slice(0, 10)],
    })),
  },
  rates: [
    {
      name: 'All',
      bands: Array.from({ length: 48 }, (_, half) => ({
        name: `Band ${half}`,
        ...{ from: clock(half), to: half === 47 ? '24:00' : clock(half + 1) },
        steps: [{ blockMinutes: 15, minor: 1 + (half % 5) }],
      })),
    },
  ],
  offers: Array.from({ length: 20 }, (_, at) => ({ name: `Offer ${at}`, minor: 500 + at, coversMinutes: 1 + at })),
};

function clock(half: number): string {
  return `${String(half >> 1).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`;
}

let system: TestSystem;
let lot: TestLot;
let operator: string;
beforeAll(async () => {
  system = await startSystem();
  lot = await makeLot(system, { spots: { STANDARD: 1 } });
  operator = await lot.staffToken('OPERATOR');
});
afterAll(() => system?.stop());

const priced = (days: number, more: object = {}) => {
  const period = { startsAt: '2027-01-04T08:00:00Z', endsAt: new Date(Date.UTC(2027, 0, 4 + days, 8)).toISOString() };
  return ask(system, operator, [PRICE_FOR, { input: { lotId: lot.publicId, document: LARGE, period, ...more } }]);
};

/** Does something, and says how long this process once had no turn meanwhile. */
async function watched<T>(work: () => Promise<T>): Promise<{ answer: T; longestMs: number; tookMs: number }> {
  const startedMs = performance.now();
  let [longestMs, turnMs, isDone] = [0, startedMs, false];
  const turn = () => {
    longestMs = Math.max(longestMs, performance.now() - turnMs);
    turnMs = performance.now();
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  const answer = await work();
  isDone = true;
  return { answer, longestMs, tookMs: performance.now() - startedMs };
}

test('the price of a long stay by a large draft is told without what staying longer costs, and says so', async () => {
  const short = await priced(1);
  expect(short.result.next.length).toBeGreaterThan(0);
  const { result } = await priced(20);
  expect(result.price.total.amountMinor).toBeGreaterThan(0);
  expect(result).toMatchObject({ next: [], warnings: [expect.stringContaining('longer')] });
});

test('more than can be priced in a moment is refused', async () => {
  const hours = { source: 'VALIDATION', name: 'Shop', kind: 'TIME', minutes: 60 };
  expect((await priced(390)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['period'] }]);
  const tried = await priced(5, { discounts: Array.from({ length: 10 }, () => hours) });
  expect(tried.userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
});

test('a difference of many classes of days leaves the process its turns, and tells of the events that come next', async () => {
  system.clock.runFrom(new Date('2027-01-10T08:00:00Z'));
  operator = await lot.staffToken('OPERATOR');
  const draft = { ...LARGE, offers: LARGE.offers.slice(0, 3) };
  const { answer, longestMs, tookMs } = await watched(() =>
    ask(system, operator, [DIFFERENCE, { input: { lotId: lot.publicId, toDocument: draft } }]),
  );
  expect(longestMs).toBeLessThan(tookMs / 4);
  const { difference } = answer;
  const classes = [...new Set<string>(difference.stays.map(({ dayClass }: { dayClass: string }) => dayClass))];
  const next = Array.from({ length: 12 }, (_, days) => `EVENT:Fair ${9 + days}`);
  expect(classes).toEqual(next);
});

test('a repricing by a large draft leaves the process its turns, and comes to its end', async () => {
  const past = system.clock.now();
  await makePastStays(system, lot, { count: 60, until: past, minutes: 5 * 1440, totalMinor: 400 });
  system.clock.advance(60_000);
  const period = {
    startsAt: new Date(past.getTime() - 86_400_000).toISOString(),
    endsAt: new Date(past.getTime() + 1000).toISOString(),
  };
  const input = { idempotencyKey: randomUUID(), lotId: lot.publicId, period, document: LARGE };
  const { answer, longestMs, tookMs } = await watched(async () => {
    const { repricing } = await ask(system, operator, [REPRICE, { input }]);
    return eventually(
      () => ask(system, operator, [READ_REPRICING, { id: repricing.id }]),
      ({ state }) => state === 'DONE',
    );
  });
  expect(answer).toMatchObject({ staysDone: 60, staysTotal: 60, leftOut: [] });
  expect(longestMs).toBeLessThan(tookMs / 4);
});

// What a price costs in time: a quote of five days by a tariff that has everything, and re-pricing a year's mix of stays on one core.
// No server is asked: this is the engine alone, beside copying the same things as JSON.

import { checkTariffDocument } from '../src/domain/tariff/check.ts';
import type { TariffDocument } from '../src/domain/tariff/document.ts';
import { priceStay, priceStayTotal } from '../src/domain/tariff/engine.ts';
import type { StayToPrice } from '../src/domain/tariff/engine.ts';
import { beside, quantile, type BenchResult } from './result.ts';

const TIME_ZONE = 'Europe/Amsterdam';
const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const YEAR_STARTS_AT = Date.parse('2026-01-01T00:00:00Z');
const WARM_UP = 2000;
const QUOTES = 5000;
const STAYS = 20_000;
const ROUNDS = 5;

/** Two rates, classes of days, bands by the hour and by the minute, steps, caps of every window, four offers, limits, tax, rounding. */
const RICH: TariffDocument = {
  ...{ version: 1, currency: 'EUR', edges: 'CUT', blocks: { rounding: 'UP', over: 'STAY' } },
  grace: { minutes: 10, kind: 'ABSORBED' },
  calendar: {
    holidays: ['2026-01-01', '2026-04-06', '2026-04-27', '2026-05-14', '2026-05-25', '2026-12-25', '2026-12-26'],
    events: [{ name: 'Marathon', dates: ['2026-10-18', '2026-10-25'] }],
  },
  rates: [
    {
      name: 'Charging',
      spotTypes: ['EV'],
      bands: [{ name: 'All day', steps: [{ blockMinutes: 15, minor: 90 }] }],
    },
    {
      name: 'Everybody',
      bands: [
        {
          ...{ name: 'Day', days: ['WEEKDAY'], from: '07:00', to: '19:00', capMinor: 2400 },
          steps: [
            { blockMinutes: 30, minor: 150, times: 2 },
            { blockMinutes: 20, minor: 140 },
          ],
        },
        {
          ...{ name: 'Evening and night', days: ['WEEKDAY'], from: '19:00', to: '07:00', capMinor: 900 },
          steps: [{ blockMinutes: 1, minor: 100, perMinutes: 60 }],
        },
        {
          ...{ name: 'Weekend', days: ['WEEKEND', 'HOLIDAY'], from: '07:00', to: '23:00', capMinor: 1800 },
          steps: [{ blockMinutes: 60, minor: 300 }],
        },
        {
          ...{ name: 'Weekend night', days: ['WEEKEND', 'HOLIDAY'], from: '23:00', to: '07:00' },
          steps: [{ blockMinutes: 60, minor: 100 }],
        },
        {
          ...{ name: 'Marathon', days: ['EVENT:Marathon'], from: '07:00', to: '19:00' },
          steps: [{ blockMinutes: 60, minor: 600 }],
        },
        {
          ...{ name: 'After the marathon', days: ['EVENT:Marathon'], from: '19:00', to: '07:00' },
          steps: [{ blockMinutes: 60, minor: 200 }],
        },
      ],
      caps: [
        { window: 'ROLLING', minutes: 720, minor: 3000 },
        { window: 'BUSINESS_DAY', dayStartsAt: '05:00', minor: 3500 },
        { window: 'ROLLING', minutes: 2880, minor: 6000, repeats: false },
      ],
      stepsRestart: 'DAY',
    },
  ],
  offers: [
    { name: 'Early bird', minor: 1800, days: ['WEEKDAY'], entry: { from: '06:00', to: '09:00' }, coversMinutes: 720 },
    { name: 'Night', minor: 900, entry: { from: '18:00', to: '02:00' }, coversUntil: '08:00' },
    { name: 'Weekend', minor: 2500, days: ['SAT'], coversMinutes: 2880 },
    { name: 'Commuters', minor: 500, entry: { from: '05:00', to: '10:00' }, coversMinutes: 840, holdersOnly: true },
  ],
  limits: { minimumMinor: 100, maximumMinor: 30_000 },
  tax: { percent: 21, mode: 'ADDED', name: 'VAT' },
  rounding: { toMinor: 5, mode: 'NEAREST' },
};

const PLAIN: TariffDocument = {
  ...{ version: 1, currency: 'EUR' },
  rates: [
    {
      name: 'Everybody',
      bands: [{ name: 'All day', steps: [{ blockMinutes: 60, minor: 300 }] }],
      caps: [{ window: 'CALENDAR_DAY', minor: 2500 }],
    },
  ],
};

export function run(): Promise<BenchResult[]> {
  for (const tariff of [RICH, PLAIN]) {
    const checked = checkTariffDocument(tariff, { currency: tariff.currency });
    if ('errors' in checked) throw new Error(`nobody could publish this tariff: ${JSON.stringify(checked.errors)}`);
  }
  return Promise.resolve([...quotes(), repricing('plain tariff', PLAIN), repricing('tariff with everything', RICH)]);
}

/** A stay that starts anywhere in the year, the two nights among it on which the clock changes. */
function stayOf(tariff: TariffDocument, index: number, lengthMs: number): StayToPrice {
  const startsAt = YEAR_STARTS_AT + ((index * 7_919 * 61_000) % (359 * DAY_MS));
  const period = { startsAt: new Date(startsAt), endsAt: new Date(startsAt + lengthMs) };
  return { tariff, timeZone: TIME_ZONE, period, spotType: 'STANDARD', multiplierPercent: 100 };
}

/** Four of five stays last around four hours, the fifth around five days. */
function mixedStay(tariff: TariffDocument, index: number): StayToPrice {
  const part = (index * 37) % 60;
  return stayOf(tariff, index, index % 5 === 0 ? 5 * DAY_MS + part * HOUR_MS : 3.5 * HOUR_MS + part * 60_000);
}

function quotes(): BenchResult[] {
  timedQuotes(WARM_UP);
  const { priced, fresh, copied } = timedQuotes(QUOTES);
  const row = (name: string, [ours, share]: readonly [number[], number]): BenchResult =>
    beside({
      name: `quote of five days with its lines, ${name}`,
      unit: 'ms',
      value: quantile(ours, share),
      floorName: 'copying the answer as JSON',
      floor: quantile(copied, share),
    });
  const goal = (result: BenchResult): BenchResult => ({ ...result, goal: '< 1 ms', met: result.value < 1 });
  return [
    row('tariff with everything, median', [priced, 0.5]),
    goal(row('tariff with everything, p99', [priced, 0.99])),
    goal(row('the same tariff just read from its row, p99', [fresh, 0.99])),
  ];
}

/** Each quote thrice, of which the quickest counts: what else the machine does only makes it slower. */
function timedQuotes(count: number): Record<'priced' | 'fresh' | 'copied', number[]> {
  const times = { priced: [] as number[], fresh: [] as number[], copied: [] as number[] };
  const tariffs = [RICH, RICH, RICH].map((tariff) => JSON.stringify(tariff));
  for (let index = 0; index < count; index++) {
    const stay = { ...stayOf(RICH, index, 5 * DAY_MS), multiplierPercent: 115 };
    const price = priceStay(stay);
    times.priced.push(quickest(() => priceStay(stay)));
    times.copied.push(quickest(() => JSON.parse(JSON.stringify(price)) as unknown));
    // The engine prepares a tariff once for all its stays; one that was just read is still unprepared.
    const unprepared = tariffs.map((text) => JSON.parse(text) as TariffDocument);
    times.fresh.push(quickest(() => priceStay({ ...stay, tariff: unprepared.pop() ?? RICH })));
  }
  return times;
}

function quickest(work: () => unknown): number {
  const tries = [1, 2, 3].map(() => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
  return Math.min(...tries);
}

function repricing(name: string, tariff: TariffDocument): BenchResult {
  const stays = Array.from({ length: STAYS }, (_, index) => mixedStay(tariff, index));
  const facts = stays.map(({ period, spotType, multiplierPercent }) => ({ period, spotType, multiplierPercent }));
  const ours: number[] = [];
  const copies: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    copies.push(perSecond(() => facts.forEach((stay) => JSON.parse(JSON.stringify(stay)) as unknown)));
    ours.push(perSecond(() => stays.forEach((stay) => priceStayTotal(stay))));
  }
  const measured = beside({
    name: `re-pricing, 80 % four hours and 20 % five days, ${name}, one core`,
    unit: 'stays/s',
    value: quantile(ours, 0.5),
    floorName: 'copying each stay as JSON',
    floor: quantile(copies, 0.5),
  });
  return { ...measured, goal: '≥ 20,000/s', met: measured.value >= 20_000 };
}

function perSecond(work: () => void): number {
  const started = performance.now();
  work();
  return (STAYS / (performance.now() - started)) * 1000;
}

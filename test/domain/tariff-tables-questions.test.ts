// Each question that a tariff answers, asked of one small tariff: the same stays under every answer, worked out by hand.

import { describe, expect, test } from '@jest/globals';
import type { Band, Cap, Offer, TariffDocument } from '../../src/domain/tariff/document.ts';
import { AMSTERDAM, allDay, at, hourly, price, signLines } from './tariff-place.ts';

const tariff = (more: Partial<TariffDocument>): TariffDocument => ({
  ...{ version: 1, currency: 'EUR', rates: allDay(hourly(200)) },
  ...more,
});
const total = (document: TariffDocument, from: string, to: string): number =>
  price([document, AMSTERDAM], from, to).totalMinor;

describe('which window a cap has (€2 an hour, at most €10)', () => {
  const capped = (cap: Omit<Cap, 'minor'>): TariffDocument =>
    tariff({ rates: allDay(hourly(200), { caps: [{ ...cap, minor: 1000 }] }) });
  const nights: Band[] = [
    { name: 'Night', from: '20:00', to: '08:00', steps: hourly(200), capMinor: 1000 },
    { name: 'Day', from: '08:00', to: '20:00', steps: hourly(200) },
  ];
  const tariffs = {
    'rolling 24 h': capped({ window: 'ROLLING' }),
    'the first 24 h': capped({ window: 'ROLLING', repeats: false }),
    'rolling 12 h': capped({ window: 'ROLLING', minutes: 720 }),
    'calendar day': capped({ window: 'CALENDAR_DAY' }),
    'the first calendar day': capped({ window: 'CALENDAR_DAY', repeats: false }),
    'day from 05:00': capped({ window: 'BUSINESS_DAY', dayStartsAt: '05:00' }),
    'the first day from 05:00': capped({ window: 'BUSINESS_DAY', dayStartsAt: '05:00', repeats: false }),
    night: tariff({ rates: [{ name: 'Everybody', bands: nights }] }),
  };

  test.each([
    // 24 hours from Monday 20:00
    ['rolling 24 h', '2026-06-02 20:00', 1000, 'one window'],
    ['rolling 12 h', '2026-06-02 20:00', 2000, 'two windows'],
    ['calendar day', '2026-06-02 20:00', 1800, 'Monday 4 × 2.00, Tuesday 20 × 2.00 → 10.00'],
    ['day from 05:00', '2026-06-02 20:00', 2000, 'until 05:00 9 × 2.00 → 10.00, then 15 × 2.00 → 10.00'],
    ['night', '2026-06-02 20:00', 3400, 'night 12 × 2.00 → 10.00, day 12 × 2.00'],
    // 25 hours
    ['rolling 24 h', '2026-06-02 21:00', 1200, 'and an hour of the next window'],
    ['calendar day', '2026-06-02 21:00', 1800, 'Tuesday is at its maximum'],
    // 72 hours
    ['rolling 24 h', '2026-06-04 20:00', 3000, 'three windows'],
    ['the first 24 h', '2026-06-04 20:00', 10_600, '10.00 and 48 × 2.00'],
    ['calendar day', '2026-06-04 20:00', 3800, 'Monday 8.00, then 3 × 10.00'],
    ['the first calendar day', '2026-06-04 20:00', 14_400, 'Monday is below its maximum: 72 × 2.00'],
    ['the first day from 05:00', '2026-06-04 20:00', 13_600, '10.00 until 05:00, then 63 × 2.00'],
    ['night', '2026-06-04 20:00', 10_200, 'three nights and three days'],
  ] as const)('%s: from Monday 20:00 until %s costs %d cents: %s', (...[name, to, minor]) => {
    expect(total(tariffs[name], '2026-06-01 20:00', to)).toBe(minor);
  });

  test('a block counts where it starts', () => {
    // The sixth runs from 23:30 until 00:30 and is Monday's.
    expect(total(tariffs['calendar day'], '2026-06-01 18:30', '2026-06-02 00:30')).toBe(1000);
    // Seven of Monday from 17:30, nine of Tuesday from 00:30.
    expect(total(tariffs['calendar day'], '2026-06-01 17:30', '2026-06-02 09:30')).toBe(2000);
  });

  test('one cap after the other, each on what the one before has left: of four hours, of the date, of the first two days', () => {
    const caps: Cap[] = [
      { window: 'ROLLING', minutes: 240, minor: 500 },
      { window: 'CALENDAR_DAY', minor: 1200 },
      { window: 'ROLLING', minutes: 2880, minor: 2000, repeats: false },
    ];
    const document = tariff({ rates: allDay(hourly(200), { caps }) });
    expect(total(document, '2026-06-01 16:00', '2026-06-01 18:00')).toBe(400);
    // Monday twice 5.00; Tuesday six times 5.00, so 12.00; both at most 20.00.
    expect(total(document, '2026-06-01 16:00', '2026-06-02 00:00')).toBe(1000);
    expect(total(document, '2026-06-01 16:00', '2026-06-03 00:00')).toBe(2000);
    // Wednesday's 12.00 are full at noon, and until 16:00 the two days' maximum takes them off again.
    expect(total(document, '2026-06-01 16:00', '2026-06-04 00:00')).toBe(2000);
    expect(total(document, '2026-06-01 16:00', '2026-06-04 03:00')).toBe(2500);
  });
});

describe('what happens at the edge between day (08:00–18:00, €3 an hour) and night (€1 an hour)', () => {
  const rates = [
    {
      name: 'Everybody',
      bands: [
        { name: 'Day', from: '08:00', to: '18:00', steps: hourly(300) },
        { name: 'Night', from: '18:00', to: '08:00', steps: hourly(100) },
      ],
    },
  ];
  const answers = {
    'run on': tariff({ rates }),
    cut: tariff({ rates, edges: 'CUT' }),
    'cut, parts not counted': tariff({ rates, edges: 'CUT', blocks: { rounding: 'DOWN', over: 'SEGMENT' } }),
    'cut, halves counted': tariff({ rates, edges: 'CUT', blocks: { rounding: 'NEAREST', over: 'SEGMENT' } }),
    'cut, exact shares': tariff({ rates, edges: 'CUT', blocks: { rounding: 'UP', over: 'STAY' } }),
    'cut, exact shares, the last part not counted': tariff({
      ...{ rates, edges: 'CUT', blocks: { rounding: 'DOWN', over: 'STAY' } },
    }),
    'by entry': tariff({ rates, edges: 'ENTRY' }),
    'by exit': tariff({ rates, edges: 'EXIT' }),
  };

  test.each([
    ['run on', 400, '17:30 of the day until 18:30, then one of the night'],
    ['cut', 500, 'a part of 3.00, one of 1.00, a part of 1.00'],
    ['cut, parts not counted', 100, '18:00–19:00 is the only whole one'],
    ['cut, halves counted', 500, 'both parts are halves'],
    ['cut, exact shares', 350, 'half of 3.00, 1.00, and the last half is rounded up'],
    ['cut, exact shares, the last part not counted', 250, 'half of 3.00 and 1.00'],
    ['by entry', 600, 'two of the day'],
    ['by exit', 200, 'two of the night'],
  ] as const)('%s: 17:30 to 19:30 costs %d cents: %s', (...[name, minor]) => {
    expect(total(answers[name], '2026-06-01 17:30', '2026-06-01 19:30')).toBe(minor);
  });

  test.each([
    ['run on', 1000, 'seven of the night, the last until 08:30, and one of the day'],
    ['cut', 1000, 'six of the night and a part from 07:30; one of the day from 08:00'],
    ['cut, parts not counted', 900, 'without the part'],
    ['cut, halves counted', 1000, 'the part of half an hour counts'],
    ['cut, exact shares', 950, 'the part is half of 1.00'],
    ['by entry', 800, 'eight of the night'],
    ['by exit', 2400, 'eight of the day'],
  ] as const)('%s: 01:30 to 09:00 costs %d cents: %s', (...[name, minor]) => {
    expect(total(answers[name], '2026-06-01 01:30', '2026-06-01 09:00')).toBe(minor);
  });

  test('leaving at the edge is leaving by what lies before it', () => {
    expect(total(answers['by exit'], '2026-06-01 22:00', '2026-06-02 08:00')).toBe(1000);
    expect(total(answers['by exit'], '2026-06-01 22:00', '2026-06-02 08:01')).toBe(3300);
    expect(total(answers['by entry'], '2026-06-01 18:00', '2026-06-01 19:00')).toBe(100);
    expect(total(answers.cut, '2026-06-01 16:00', '2026-06-01 18:00')).toBe(600);
  });
});

describe('grace', () => {
  const absorbed = tariff({ grace: { minutes: 20, kind: 'ABSORBED' } });
  const deducted = tariff({ grace: { minutes: 20, kind: 'DEDUCTED' } });

  test.each([
    ['2026-06-01 10:20', 0, 0, 'the last free minute'],
    ['2026-06-01 10:21', 200, 200, 'one hour: from 10:00 or from 10:20'],
    ['2026-06-01 11:00', 200, 200, 'the same'],
    ['2026-06-01 11:01', 400, 200, 'the second hour begins at 11:00 or at 11:20'],
    ['2026-06-01 11:20', 400, 200, 'the same'],
    ['2026-06-01 11:21', 400, 400, 'two hours'],
  ])('from 10:00 to %s costs %d when it is absorbed, %d when it is deducted: %s', (to, whole, without) => {
    expect(total(absorbed, '2026-06-01 10:00', to)).toBe(whole);
    expect(total(deducted, '2026-06-01 10:00', to)).toBe(without);
  });

  test('rolling caps and steps begin where charging does, offers and bands look at the entry', () => {
    const from = { minutes: 30, kind: 'DEDUCTED' } as const;
    const capped = tariff({ grace: from, rates: allDay(hourly(200), { caps: [{ window: 'ROLLING', minor: 1000 }] }) });
    expect(total(capped, '2026-06-01 08:00', '2026-06-02 08:30')).toBe(1000);
    expect(total(capped, '2026-06-01 08:00', '2026-06-02 08:31')).toBe(1200);
    const early: Offer = { name: 'Early', minor: 500, entry: { from: '08:00', to: '08:30' }, coversMinutes: 480 };
    expect(total(tariff({ grace: from, offers: [early] }), '2026-06-01 08:15', '2026-06-01 16:15')).toBe(500);
    expect(total(tariff({ grace: from, offers: [early] }), '2026-06-01 08:15', '2026-06-01 16:16')).toBe(700);
  });
});

describe('coming back within the time that counts as one visit (15 minutes of grace)', () => {
  const document = tariff({ grace: { minutes: 15, kind: 'ABSORBED' }, reentry: { withinMinutes: 30 } });
  const back = (more: Partial<TariffDocument>, chargedMinor: number): number => {
    const earlier = { firstEntryAt: at(AMSTERDAM, '2026-06-01 10:00'), chargedMinor };
    const visit = [{ ...document, ...more }, AMSTERDAM] as const;
    return price(visit, '2026-06-01 10:20', '2026-06-01 10:30', { earlier }).totalMinor;
  };

  test('there is no second grace, and what was charged is taken off', () => {
    expect(back({}, 0)).toBe(200);
    expect(back({}, 150)).toBe(50);
    expect(back({}, 200)).toBe(0);
    expect(back({}, 900)).toBe(0);
  });

  test('a tariff that does not say so prices every visit by itself', () => {
    const { reentry: _reentry, ...alone } = document;
    const earlier = { firstEntryAt: at(AMSTERDAM, '2026-06-01 10:00'), chargedMinor: 0 };
    expect(price([alone, AMSTERDAM], '2026-06-01 10:20', '2026-06-01 10:30', { earlier }).totalMinor).toBe(0);
  });

  test('what was charged stands on the last line', () => {
    const earlier = { firstEntryAt: at(AMSTERDAM, '2026-06-01 10:00'), chargedMinor: 150 };
    const { lines, totalMinor } = price([document, AMSTERDAM], '2026-06-01 10:20', '2026-06-01 11:30', { earlier });
    expect(lines.map((line) => [line.rule, line.amountMinor])).toEqual([
      ['BLOCK', 400],
      ['REENTRY', -150],
    ]);
    expect(totalMinor).toBe(250);
  });
});

describe('where a list of steps begins again (an hour for €5, then €1 an hour)', () => {
  const steps = [{ blockMinutes: 60, minor: 500, times: 1 }, ...hourly(100)];
  const bands: Band[] = [
    { name: 'Day', from: '08:00', to: '20:00', steps },
    { name: 'Night', from: '20:00', to: '08:00', steps },
  ];
  const cap: Cap = { window: 'BUSINESS_DAY', dayStartsAt: '05:00', minor: 50_000 };

  test.each([
    ['STAY', undefined, 1900, '5.00 and 14 × 1.00'],
    ['DAY', undefined, 2300, '5.00 and 5 × 1.00; from midnight 5.00 and 8 × 1.00'],
    ['DAY', cap, 2300, '5.00 and 10 × 1.00; from 05:00 5.00 and 3 × 1.00'],
    ['WINDOW', undefined, 2700, '18:00 5.00 + 1.00; 20:00 5.00 + 11 × 1.00; 08:00 5.00'],
  ] as const)('%s, %p: 18:00 to 09:00 costs %d cents: %s', (...[stepsRestart, first, minor]) => {
    const document = tariff({
      rates: [{ name: 'Everybody', bands, stepsRestart, ...(first ? { caps: [first] } : {}) }],
    });
    expect(total(document, '2026-06-01 18:00', '2026-06-02 09:00')).toBe(minor);
  });

  test('the first day is over at midnight, or where the business day ends', () => {
    const until3 = (caps: Cap[]): number => {
      const document = tariff({ rates: allDay(steps, { stepsRestart: 'DAY', caps }) });
      return total(document, '2026-06-01 18:00', '2026-06-02 03:00');
    };
    // 5.00 + 5 × 1.00 and 5.00 + 2 × 1.00; or nine hours of one day.
    expect(until3([])).toBe(1700);
    expect(until3([cap])).toBe(1300);
  });

  test('a block that runs over the beginning keeps its length, and the next one is read from there', () => {
    const document = tariff({ rates: allDay(steps, { stepsRestart: 'DAY' }) });
    // 22:30 5.00, 23:30 1.00 until 00:30: half an hour of the new day is the first hour's, 5.00 until 01:30; then 1.00.
    expect(total(document, '2026-06-01 22:30', '2026-06-02 02:00')).toBe(1200);
  });

  test('per quarter for two hours, then per half hour: progressive tariffs', () => {
    const document = tariff({
      rates: allDay([
        { blockMinutes: 15, minor: 60, times: 8 },
        { blockMinutes: 30, minor: 200 },
      ]),
    });
    expect(total(document, '2026-06-01 10:00', '2026-06-01 11:50')).toBe(480);
    expect(total(document, '2026-06-01 10:00', '2026-06-01 12:00')).toBe(480);
    expect(total(document, '2026-06-01 10:00', '2026-06-01 12:01')).toBe(680);
    expect(signLines(price([document, AMSTERDAM], '2026-06-01 10:00', '2026-06-01 13:10'))).toEqual([
      ['BLOCK', '2026-06-01 10:00', '2026-06-01 12:00', 8, 60, 480],
      ['BLOCK', '2026-06-01 12:00', '2026-06-01 13:10', 3, 200, 600],
    ]);
  });
});

// Reserved stays in their segments, by tariffs of every kind: against the clerk of price-oracle.ts, and what holds for all of them.

import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReservedRule, TariffDocument } from '../../src/domain/tariff/document.ts';
import { priceReservedStay } from '../../src/domain/tariff/segments.ts';
import type { ReservedStayToPrice } from '../../src/domain/tariff/segments.ts';
import { priceByTheMinute } from './price-oracle.ts';
import { periodOf } from './tariff-arbitraries.ts';
import { anyStay, entryOf, exitOf, LAW_LIMIT_MS, runs, without } from './tariff-stays.ts';

jest.setTimeout(LAW_LIMIT_MS + 10_000);

const anyRule: fc.Arbitrary<ReservedRule> = fc.record({
  earlyArrival: fc.constantFrom('FREE' as const, 'TARIFF' as const),
  overstay: fc.record({
    method: fc.constantFrom('CONTINUE' as const, 'SEPARATE' as const),
    percent: fc.constantFrom(100, 50, 150, 200),
    displacedMinor: fc.integer({ min: 0, max: 2000 }),
  }),
});

/** In up to two hours early or late, out up to a day early or late. */
const anyReserved = fc
  .record({
    stay: anyStay,
    reserved: anyRule,
    early: fc.integer({ min: -120, max: 120 }),
    late: fc.integer({ min: -1440, max: 1440 }),
    exitGraceMinutes: fc.constantFrom(0, 15, 30),
    displaced: fc.boolean(),
  })
  .map(({ stay, reserved, early, late, exitGraceMinutes, displaced }): ReservedStayToPrice => {
    const enteredAt = new Date((entryOf(stay) - early) * 60_000);
    const leftAt = new Date(Math.max(enteredAt.getTime(), (exitOf(stay) + late) * 60_000));
    // Who has a reservation does not come back on an earlier visit, and coupons are the promised period's.
    const plain = without(stay, 'earlier', 'discounts');
    return { ...plain, tariff: { ...stay.tariff, reserved }, enteredAt, leftAt, exitGraceMinutes, displaced };
  });

const minuteOf = (instant: Date): number => instant.getTime() / 60_000;

/** What the clerk asks for other hours by the same tariff. */
function asked(stay: ReservedStayToPrice, [from, to]: readonly [number, number], tariff?: TariffDocument): number {
  return priceByTheMinute({ ...stay, tariff: tariff ?? stay.tariff, period: periodOf(from, to - from) }).totalMinor;
}

describe('a reserved stay', () => {
  test('costs in each segment what the clerk asks for it', () => {
    fc.assert(
      fc.property(anyReserved, (stay) => {
        const [start, end, came, left] = [entryOf(stay), exitOf(stay), minuteOf(stay.enteredAt), minuteOf(stay.leftAt)];
        const { earlyArrival, overstay } = stay.tariff.reserved!;
        const promisedMinor = asked(stay, [start, end]);
        const isEarly = earlyArrival === 'TARIFF' && came < start;
        const earlyArrivalMinor = isEarly ? Math.max(0, asked(stay, [came, end]) - promisedMinor) : 0;

        const isLate = left > end + stay.exitGraceMinutes;
        const { method, percent = 100, displacedMinor = 0 } = overstay!;
        const timeMinor =
          method === 'CONTINUE'
            ? Math.max(0, asked(stay, [start, left]) - promisedMinor)
            : asked(stay, [end, left], without(stay.tariff, 'grace'));
        const dueMinor = Math.floor((2 * timeMinor * percent + 100) / 200) + (stay.displaced ? displacedMinor : 0);

        const overstayMinor = isLate ? dueMinor : 0;
        expect(priceReservedStay(stay)).toMatchObject({ promisedMinor, earlyArrivalMinor, overstayMinor });
      }),
      runs(600),
    );
  });

  test('is the sum of its lines, none of its segments is negative, and in time it costs what was promised', () => {
    fc.assert(
      fc.property(anyReserved, (stay) => {
        const { lines, promisedMinor, earlyArrivalMinor, overstayMinor } = priceReservedStay(stay);
        expect(Math.min(promisedMinor, earlyArrivalMinor, overstayMinor)).toBeGreaterThanOrEqual(0);
        const sum = lines.reduce((total, line) => total + line.amountMinor, 0);
        expect(sum).toBe(promisedMinor + earlyArrivalMinor + overstayMinor);
        expect(lines.at(-1)?.runningMinor ?? 0).toBe(sum);
        const inTime = priceReservedStay({ ...stay, enteredAt: stay.period.startsAt, leftAt: stay.period.endsAt });
        expect(inTime).toMatchObject({ promisedMinor, earlyArrivalMinor: 0, overstayMinor: 0 });
      }),
      runs(400),
    );
  });
});

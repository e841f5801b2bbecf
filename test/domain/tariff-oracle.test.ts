// The engine against the clerk of price-oracle.ts: thousands of stays by tariffs of every kind, in zones of every kind, across every clock
// change of 2026. A failure prints its seed and path; PARKWELL_SEED=… tries that seed again.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { priceStay, priceStayTotal } from '../../src/domain/tariff/engine.ts';
import { anyStayIn, clockChanges, TARIFF_ZONES } from './tariff-arbitraries.ts';
import { priceByTheMinute } from './price-oracle.ts';

const STAYS = process.env['PARKWELL_FULL'] === '1' ? 100_000 : 5000;
const PER_ZONE = STAYS / TARIFF_ZONES.length;
/** For one zone: some thirty times what an idle machine takes. */
const LIMIT_MS = STAYS * 11;
const seeded = process.env['PARKWELL_SEED'] === undefined ? {} : { seed: Number(process.env['PARKWELL_SEED']) };

describe('the engine asks what a clerk who counts minute by minute asks', () => {
  test.each(TARIFF_ZONES)(
    '%s, also across each of its clock changes',
    (timeZone) => {
      const crossed = new Set<number>();
      fc.assert(
        fc.property(anyStayIn(timeZone), (stay) => {
          const { startsAt, endsAt } = stay.period;
          for (const change of clockChanges(timeZone)) {
            if (startsAt.getTime() < change * 60_000 && change * 60_000 < endsAt.getTime()) crossed.add(change);
          }
          const { totalMinor, taxMinor } = priceStay(stay);
          expect({ totalMinor, taxMinor }).toEqual(priceByTheMinute(stay));
          expect(priceStayTotal(stay)).toBe(totalMinor);
        }),
        { numRuns: PER_ZONE, interruptAfterTimeLimit: LIMIT_MS, markInterruptAsFailure: true, ...seeded },
      );
      expect([...crossed].toSorted()).toEqual(clockChanges(timeZone).toSorted());
    },
    LIMIT_MS + 10_000,
  );

  test('the zones are those in which clocks do what clocks do', () => {
    expect(TARIFF_ZONES.map((timeZone) => clockChanges(timeZone).length)).toEqual([2, 2, 2, 0, 2, 2, 2, 2]);
  });
});

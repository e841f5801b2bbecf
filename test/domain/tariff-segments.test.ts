// What a reserved stay costs beside its promised period, at three euros an hour with ten minutes of grace, promised from 10:00 to 12:00.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReservedRule, TariffDocument } from '../../src/domain/tariff/document.ts';
import { priceReservedStay, unpromisedMinors } from '../../src/domain/tariff/segments.ts';
import type { ReservedStayToPrice } from '../../src/domain/tariff/segments.ts';
import { plainTariff } from '../support/tariffs.ts';
import { anyStay } from './arbitraries.ts';

const grace = { minutes: 10, kind: 'ABSORBED' } as const;

function tariffOf(reserved?: ReservedRule): TariffDocument {
  return plainTariff({ blockMinutes: 60, minor: 300 }, { grace, ...(reserved === undefined ? {} : { reserved }) });
}

const at = (clock: string): Date => new Date(`2026-06-01T${clock}+02:00`);

function stayOf(tariff: TariffDocument, more: Partial<ReservedStayToPrice> = {}): ReservedStayToPrice {
  return {
    ...{ tariff, timeZone: 'Europe/Amsterdam', spotType: 'STANDARD', multiplierPercent: 100, exitGraceMinutes: 15 },
    period: { startsAt: at('10:00'), endsAt: at('12:00') },
    ...{ enteredAt: at('10:00'), leftAt: at('12:00') },
    ...more,
  };
}

describe('staying on', () => {
  const overstayAt = (left: string, reserved?: ReservedRule, more: Partial<ReservedStayToPrice> = {}): number =>
    unpromisedMinors(stayOf(tariffOf(reserved), { leftAt: at(left), ...more })).overstayMinor;

  test.each([
    ['before the end', '11:00', 0],
    ['to the last minute of the exit grace', '12:15', 0],
    ['a moment longer: the whole hour that was begun', '12:15:01', 300],
    ['for two hours', '14:00', 600],
  ])('%s', (...[, left, minor]) => {
    expect(overstayAt(left)).toBe(minor);
  });

  test('goes on with the block that had begun, or is a stay of its own without grace', () => {
    const endsAt = at('11:30');
    const period = { startsAt: at('10:00'), endsAt };
    // Two hours are promised for 90 minutes. Until 12:00 the second one goes on; a stay of its own begins another.
    expect(overstayAt('12:00', { overstay: { method: 'CONTINUE' } }, { period })).toBe(0);
    expect(overstayAt('12:00', { overstay: { method: 'SEPARATE' } }, { period })).toBe(300);
    expect(overstayAt('11:38', { overstay: { method: 'SEPARATE' } }, { period, exitGraceMinutes: 5 })).toBe(300);
  });

  test('costs the tariff’s percentage, and what moving another driver costs where one was moved', () => {
    const overstay = { method: 'CONTINUE', percent: 150, displacedMinor: 2500 } as const;
    expect(overstayAt('13:00', { overstay })).toBe(450);
    expect(overstayAt('13:00', { overstay }, { displaced: true })).toBe(2950);
    expect(overstayAt('12:10', { overstay }, { displaced: true })).toBe(0);
  });

  test('costs what another version says, where that one prices what was not promised', () => {
    const unpromisedTariff = plainTariff({ blockMinutes: 60, minor: 500 });
    expect(overstayAt('13:00', undefined, { unpromisedTariff })).toBe(500);
  });

  test('takes a promo code along only as long as it goes on', () => {
    const discounts = [{ source: 'PROMO', id: 'p', name: 'Half', kind: 'PERCENT', percent: 50 }] as const;
    expect(overstayAt('13:00', undefined, { discounts })).toBe(150);
    expect(overstayAt('13:00', { overstay: { method: 'SEPARATE' } }, { discounts })).toBe(300);
  });
});

describe('coming early', () => {
  const earlyAt = (entered: string, reserved?: ReservedRule): number =>
    unpromisedMinors(stayOf(tariffOf(reserved), { enteredAt: at(entered) })).earlyArrivalMinor;

  test('is free unless the tariff says otherwise', () => {
    expect(earlyAt('09:45')).toBe(0);
    expect(earlyAt('09:45', { earlyArrival: 'FREE' })).toBe(0);
    expect(earlyAt('09:45', { earlyArrival: 'TARIFF' })).toBe(300);
    expect(earlyAt('10:05', { earlyArrival: 'TARIFF' })).toBe(0);
  });
});

describe('the segments of a reserved stay', () => {
  const reserved = {
    earlyArrival: 'TARIFF',
    overstay: { method: 'CONTINUE', percent: 200, displacedMinor: 1000 },
  } as const;

  test('are lines after those of the promised period', () => {
    const stay = stayOf(tariffOf(reserved), { enteredAt: at('09:45'), leftAt: at('12:40'), displaced: true });
    const { lines, ...minors } = priceReservedStay(stay);
    expect(minors).toEqual({ promisedMinor: 600, earlyArrivalMinor: 300, overstayMinor: 1600, displacedMinor: 1000 });
    const shown = lines.map(({ rule, localFrom, localTo, amountMinor, runningMinor }) => {
      return [rule, localFrom.slice(11, 16), localTo.slice(11, 16), amountMinor, runningMinor];
    });
    expect(shown).toEqual([
      ['BLOCK', '10:00', '12:00', 600, 600],
      ['EARLY_ARRIVAL', '09:45', '10:00', 300, 900],
      ['OVERSTAY', '12:00', '12:40', 600, 1500],
      ['DISPLACED', '12:00', '12:40', 1000, 2500],
    ]);
  });

  test('are never negative, sum to their lines, and cost more the longer a driver stays on', () => {
    const anyReserved: fc.Arbitrary<ReservedRule> = fc.record({
      earlyArrival: fc.constantFrom('FREE', 'TARIFF'),
      overstay: fc.record({
        method: fc.constantFrom('CONTINUE', 'SEPARATE'),
        percent: fc.integer({ min: 0, max: 300 }),
        displacedMinor: fc.integer({ min: 0, max: 5000 }),
      }),
    });
    const minutes = fc.integer({ min: 0, max: 600 });
    fc.assert(
      fc.property(anyStay, anyReserved, fc.tuple(minutes, minutes, minutes), (stay, rule, [early, late, later]) => {
        const tariff = { ...stay.tariff, reserved: rule };
        const { startsAt, endsAt } = stay.period;
        const leaving = (after: number): ReservedStayToPrice => ({
          ...{ ...stay, tariff, exitGraceMinutes: 15, displaced: true },
          enteredAt: new Date(startsAt.getTime() - early * 60_000),
          leftAt: new Date(endsAt.getTime() + after * 60_000),
        });
        const price = priceReservedStay(leaving(late));
        expect(Math.min(price.earlyArrivalMinor, price.promisedMinor, price.overstayMinor)).toBeGreaterThanOrEqual(0);
        const sum = price.earlyArrivalMinor + price.promisedMinor + price.overstayMinor;
        expect(price.lines.reduce((total, line) => total + line.amountMinor, 0)).toBe(sum);
        expect(price.lines.at(-1)?.runningMinor).toBe(sum);
        expect(unpromisedMinors(leaving(late + later)).overstayMinor).toBeGreaterThanOrEqual(price.overstayMinor);
      }),
      { numRuns: 500 },
    );
  });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { formatMoney, isCurrency, minorUnitDigits, multiply, percentOf } from '../../src/domain/money.ts';

const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

describe('money', () => {
  test.each([
    [1250, 'EUR', 'de-DE', '12,50 €'],
    [1250, 'JPY', 'en-US', '¥1,250'],
    [-5, 'USD', 'en-US', '-$0.05'],
    [1250, 'BHD', 'en-US', 'BHD 1.250'],
    [Number.MAX_SAFE_INTEGER, 'USD', 'en-US', '$90,071,992,547,409.91'],
    [100, 'EUR', 'not a locale!', '€1.00'],
  ])('%d minor units of %s read in %s as %s', (...[amountMinor, currency, locale, text]) => {
    expect(plain(formatMoney({ amountMinor, currency }, locale))).toBe(text);
  });

  test('knows the currencies and their decimals', () => {
    expect(['EUR', 'JPY', 'BHD'].map(minorUnitDigits)).toEqual([2, 0, 3]);
    expect(['EUR', 'eur', 'EURO', '', 'XYZ'].map(isCurrency)).toEqual([true, false, false, false, false]);
  });
});

describe('exact fractions', () => {
  test.each([
    [1, 50, 1],
    [-1, 50, 0],
    [3, 50, 2],
    [-3, 50, -1],
    [999, 33, 330],
    [1000, 25.5, 255],
    [1000, 8.1, 81],
    [200, 0.25, 1],
    [Number.MAX_SAFE_INTEGER, 100, Number.MAX_SAFE_INTEGER],
  ])('of %d, %d per cent is %d', (amountMinor, percent, expected) => {
    expect(percentOf(amountMinor, percent)).toBe(expected);
  });

  test('are nearest, and of two nearest the upper one', () => {
    const small = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(small, small, fc.integer({ min: 1, max: 5000 }), (amountMinor, numerator, denominator) => {
        const result = multiply(amountMinor, { numerator, denominator });
        const twiceTheError = 2 * (result * denominator - amountMinor * numerator);
        expect(twiceTheError).toBeGreaterThan(-denominator);
        expect(twiceTheError).toBeLessThanOrEqual(denominator);
        expect(multiply(amountMinor, { numerator: -numerator, denominator: -denominator })).toBe(result);
      }),
      { numRuns: 2000 },
    );
  });

  test('refuse what would not be exact', () => {
    expect(() => multiply(0.5, { numerator: 1, denominator: 1 })).toThrow(RangeError);
    expect(() => multiply(1, { numerator: 1, denominator: 0 })).toThrow(RangeError);
    expect(() => multiply(Number.MAX_SAFE_INTEGER, { numerator: 2, denominator: 1 })).toThrow(RangeError);
    expect(() => percentOf(100, 33.333333)).toThrow(RangeError);
    expect(() => percentOf(100, NaN)).toThrow(RangeError);
    expect(() => formatMoney({ amountMinor: 1.5, currency: 'EUR' }, 'en')).toThrow(RangeError);
  });
});

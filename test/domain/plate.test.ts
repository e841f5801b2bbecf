import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { normalizePlate, plateSkeleton, redactPlate } from '../../src/domain/plate.ts';

describe('the one spelling of a plate', () => {
  test.each([
    ['b-mw 1234', 'BMW1234'],
    ['  AB·123·CD ', 'AB123CD'],
    ['АВС123', 'ABC123'],
    ['ΑΒΖ-4321', 'ABZ4321'],
    ['ＡＢ－１２', 'AB12'],
    ['品川 300 さ 12-34', '品川300さ1234'],
    ['mü-xy 12', 'MÜXY12'],
    ['MU\u0308-XY 12', 'MÜXY12'],
    ['أب ١٢٣', 'أب123'],
    ['Жю12', 'ЖЮ12'],
    ['12\u1100-\u1161 34', '12가34'],
  ])('%s is %s', (text, plate) => {
    expect(normalizePlate(text)).toBe(plate);
  });

  test.each([[''], ['   '], ['---'], ['A'], ['ABCDEFGHIJKLM'], ['🚗🚙'], ['AB12'.padEnd(100, ' ')], ['\u0000']])(
    'of %j there is none',
    (text) => {
      expect(normalizePlate(text)).toBeUndefined();
    },
  );

  test('is its own spelling, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 20 }), (text) => {
        const plate = normalizePlate(text);
        fc.pre(plate !== undefined);
        expect(normalizePlate(plate)).toBe(plate);
        expect(plate.length).toBeGreaterThanOrEqual(2);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('the skeleton of a plate', () => {
  test('is one for every reading within the usual confusions', () => {
    for (const group of ['0ODQ', '1I', '2Z', '5S', '8B', '6G']) {
      expect(new Set([...group].map((character) => plateSkeleton(`X${character}7`))).size).toBe(1);
    }
  });

  test('keeps plates apart that differ in anything else', () => {
    expect(plateSkeleton('ABC123')).not.toBe(plateSkeleton('ABC124'));
    expect(plateSkeleton('AC')).toBe('AC');
  });

  test('has a skeleton of its own that is the same', () => {
    fc.assert(fc.property(fc.string(), (text) => plateSkeleton(plateSkeleton(text)) === plateSkeleton(text)));
  });
});

test('logs show two characters of a plate at most', () => {
  expect(redactPlate('b-mw 1234')).toBe('***34');
  expect(redactPlate('AB12')).toBe('***');
  expect(redactPlate('not a plate at all')).toBe('***');
});

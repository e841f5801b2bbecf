import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkLotPolicy, DEFAULT_LOT_POLICY } from '../../src/domain/policies.ts';
import { describePolicy } from '../../src/domain/policy-sentences.ts';

function fieldsOf(result: { errors: { field: string }[] } | object): string[] {
  return 'errors' in result ? result.errors.map((error) => error.field) : [];
}

describe('the policy of a lot', () => {
  test('is the usual one where it says nothing', () => {
    expect(checkLotPolicy({})).toEqual({ policy: DEFAULT_LOT_POLICY });
    expect(checkLotPolicy(DEFAULT_LOT_POLICY)).toEqual({ policy: DEFAULT_LOT_POLICY });
  });

  test('takes what it says and the usual for the rest, also within a section', () => {
    const result = checkLotPolicy({
      graceMinutes: 45,
      cancellation: { refundPercentAfter: 0 },
      noShow: { fee: 'FULL' },
    });
    expect(result).toEqual({
      policy: {
        ...DEFAULT_LOT_POLICY,
        graceMinutes: 45,
        cancellation: { ...DEFAULT_LOT_POLICY.cancellation, refundPercentAfter: 0 },
        noShow: { fee: 'FULL' },
      },
    });
  });

  test('is told everything that is wrong with it at once', () => {
    const result = checkLotPolicy({
      holdMinutes: 0,
      graceMinutes: 1.5,
      minStayMinutes: 600,
      maxStayMinutes: 60,
      cancellation: { refundPercentAfter: 101 },
      earlyDeparture: 'generous',
      noShow: { fee: 'PERCENT', hours: 3 },
      reinstateLateArrival: 'yes',
      allocationStrategy: 'RANDOM',
      graceMinuts: 30,
    });
    expect(fieldsOf(result)).toEqual([
      'holdMinutes',
      'graceMinutes',
      'cancellation.refundPercentAfter',
      'earlyDeparture',
      'noShow.percent',
      'noShow.hours',
      'reinstateLateArrival',
      'allocationStrategy',
      'minStayMinutes',
      'graceMinuts',
    ]);
  });

  test('needs a known fee with its own figure', () => {
    expect(fieldsOf(checkLotPolicy({ noShow: {} }))).toEqual(['noShow.fee']);
    expect(fieldsOf(checkLotPolicy({ noShow: { fee: 'FIXED' } }))).toEqual(['noShow.fixedMinor']);
    expect(fieldsOf(checkLotPolicy({ noShow: { fee: 'FIRST_HOURS', hours: 0 } }))).toEqual(['noShow.hours']);
    expect(fieldsOf(checkLotPolicy({ noShow: { fee: 'FULL', percent: 10 } }))).toEqual(['noShow.percent']);
  });

  test('is read from anything without throwing', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        (value) => 'policy' in checkLotPolicy(value) || fieldsOf(checkLotPolicy(value)).length > 0,
      ),
    );
    expect(fieldsOf(checkLotPolicy(JSON.parse('{"__proto__":{"holdMinutes":5},"constructor":1}')))).toHaveLength(2);
  });

  test('is what the document says itself, not what it inherits', () => {
    expect(checkLotPolicy(Object.create({ holdMinutes: 0 }))).toEqual({ policy: DEFAULT_LOT_POLICY });
  });

  test('reads as sentences in the money of the lot', () => {
    const noShow = { fee: 'FIXED', fixedMinor: 1250 } as const;
    const sentences = describePolicy({ ...DEFAULT_LOT_POLICY, noShow }, 'EUR', 'en-IE');
    expect(sentences).toEqual({
      cancellation: 'Cancel free of charge until 1 h before the start; after that 50 % of the price is refunded.',
      lateArrival:
        'Your spot is kept for 30 min after the start, and 30 min longer if you say that you are late; if you come later you get a spot if one is free.',
      noShow:
        'If you do not come, the fee is €12.50: it is kept of what you paid, and what is missing is charged to your card.',
      earlyDeparture: 'If you leave early, 100 % of the price of the unused time is refunded; at least 1 h is charged.',
    });
  });
});

import { describe, expect, test } from '@jest/globals';
import { INTENT_STATUSES, paymentAfter } from '../../src/domain/payment.ts';

describe('what a reading of the provider does to a payment', () => {
  test('money in the books is never taken back by it', () => {
    for (const state of ['CAPTURED', 'DISPUTED'] as const) {
      for (const status of INTENT_STATUSES) expect(paymentAfter(state, status)).toBe(state);
    }
  });

  test('a success is not in the books yet', () => {
    expect(paymentAfter('UNKNOWN', 'SUCCEEDED')).toBe('PROCESSING');
  });

  test('one that was refused for good is not opened again by a reading that comes late', () => {
    expect(paymentAfter('FAILED', 'REQUIRES_PAYMENT')).toBe('FAILED');
    expect(paymentAfter('FAILED', 'REQUIRES_ACTION')).toBe('FAILED');
  });

  test('and is, when money has come nevertheless', () => {
    expect(paymentAfter('FAILED', 'SUCCEEDED')).toBe('PROCESSING');
  });
});

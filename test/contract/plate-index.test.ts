import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createPlateVault } from '../../src/platform/plate-vault.ts';

test('a plate’s index is the HMAC of RFC 2104 under the key that lanes are given, whatever was asked before', () => {
  const vault = createPlateVault(randomBytes(32));
  for (const plate of ['A', 'ABC123', 'Ä1', 'X'.repeat(200), 'ABC123']) {
    for (const scope of ['account', 'a lot']) {
      const wanted = createHmac('sha256', vault.indexKeys(scope).exact).update(plate).digest().subarray(0, 16);
      expect(vault.exactIndex(scope, plate)).toBe(wanted.toString('base64url'));
    }
  }
  expect(vault.exactIndex('a lot', 'ABC123')).not.toBe(vault.exactIndex('account', 'ABC123'));
});

// The order of the files: those that take longest first, so that no worker is left with one of them while the others have nothing to do.
// Jest knows how long each took only where it ran before.

import { relative } from 'node:path';
import Sequencer from '@jest/test-sequencer';

/** Each takes a quarter of a minute or more on two cores. */
const SLOW = [
  'test/contract/readme.test.ts',
  'test/domain/tariff-oracle.test.ts',
  'test/drills/worker-killed.test.ts',
  'test/drills/gate-256.test.ts',
  'test/drills/lane-cut-off.test.ts',
  'test/contract/garbage.test.ts',
  'test/journeys/city.test.ts',
  'test/journeys/demo-data.test.ts',
  'test/journeys/live-recovery.test.ts',
  'test/journeys/payment-trouble.test.ts',
  'test/journeys/gate-money.test.ts',
  'test/pages/',
];

export default class SlowFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path, context }) => {
      const file = relative(context.config.rootDir, path);
      const found = SLOW.findIndex((slow) => file.startsWith(slow));
      return found === -1 ? SLOW.length : found;
    };
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}

import { afterEach } from '@jest/globals';
import { expectBooksBalanced } from './books.ts';
import { runningSystems } from './running-systems.ts';

/** Whatever a test was about: afterwards the books of every system that it ran balance, and equal the provider's own list. */
afterEach(async () => {
  for (const { system, unchecked, uncompared } of runningSystems())
    if (unchecked === undefined)
      await expectBooksBalanced(system.platform, uncompared === undefined ? system.stripe : undefined);
});

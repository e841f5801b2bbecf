// Hands Jest's counts to scripts/test.mjs, which prints them as the last line.

import { writeFileSync } from 'node:fs';

export default class CountReporter {
  /** @param {unknown} _contexts @param {Record<string, number>} results what Jest counted */
  onRunComplete(_contexts, results) {
    const file = process.env.PARKWELL_TEST_COUNTS;
    if (!file) return;
    const counts = {
      passed: results.numPassedTests,
      // A file that could not even be loaded has no tests of its own; it counts as one that failed.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
    writeFileSync(file, JSON.stringify(counts));
  }
}

// Hands Jest's counts and the names of what failed to scripts/test.mjs, which prints them at the end.

import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class CountReporter {
  /** Jest calls it with what it counted, its `AggregatedResult`. */
  onRunComplete(_contexts, results) {
    const file = process.env.PARKWELL_TEST_COUNTS;
    if (!file) return;
    const counts = {
      passed: results.numPassedTests,
      // A file that could not even be loaded has no tests of its own; it counts as one that failed.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      failures: results.testResults.flatMap(failuresOf),
    };
    writeFileSync(file, JSON.stringify(counts));
  }
}

/** Of each test that failed its file and name; of a file that could not be loaded the file alone. */
function failuresOf({ testFilePath, testResults, testExecError }) {
  const file = relative(process.cwd(), testFilePath);
  const failed = testResults.filter(({ status }) => status === 'failed').map(({ fullName }) => `${file}: ${fullName}`);
  return failed.length === 0 && testExecError ? [`${file}: could not be run`] : failed;
}

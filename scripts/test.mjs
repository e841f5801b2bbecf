// npm test: installs what is missing, runs every test against real PostgreSQL and Redis (started by Jest's global
// setup) and ends with one plain line, "N passed, N failed, N skipped". `npm test -- <path>` runs only some.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handOver } from './hand-over.mjs';
import { installMissing } from './install.mjs';
import { printFailure } from './steps.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'parkwell-test-'));
const resultFile = join(scratch, 'results.json');
let exitCode = 1;
try {
  await installMissing({ dev: true });
  exitCode = await handOver([
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    'scripts/jest.mjs',
    '--json',
    `--outputFile=${resultFile}`,
    ...process.argv.slice(2),
  ]);
} catch (error) {
  printFailure(error);
}
const { passed, failed, skipped } = readCounts();
rmSync(scratch, { recursive: true, force: true });
if (exitCode === 0 && (failed > 0 || passed === 0)) exitCode = 1;
process.exitCode = exitCode;
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);

/** A file that could not even be loaded has no tests of its own; it counts as one that failed. */
function readCounts() {
  try {
    const results = JSON.parse(readFileSync(resultFile, 'utf8'));
    return {
      passed: results.numPassedTests,
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 0, skipped: 0 };
  }
}

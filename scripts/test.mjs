// npm test: installs what is missing, runs every test against real PostgreSQL and Redis (started by Jest's global
// setup) and ends with the names of what failed and one plain line, "N passed, N failed, N skipped". `npm test -- <path>` runs only some.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDocuments } from './codegen.mjs';
import { handOver } from './hand-over.mjs';
import { installMissing } from './install.mjs';
import { printFailure } from './steps.mjs';
import { buildPages } from './web.mjs';

const scratch = mkdtempSync(join(tmpdir(), 'parkwell-test-'));
const countsFile = join(scratch, 'counts.json');
const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'scripts/jest.mjs'];
let exitCode = 1;
try {
  await installMissing({ dev: true });
  await generateDocuments();
  await buildPages();
  exitCode = await handOver([...jest, ...process.argv.slice(2)], { PARKWELL_TEST_COUNTS: countsFile });
} catch (error) {
  printFailure(error);
}
const { passed, failed, skipped, failures } = readCounts();
rmSync(scratch, { recursive: true, force: true });
if (exitCode === 0 && (failed > 0 || passed === 0)) exitCode = 1;
process.exitCode = exitCode;
for (const failure of failures) console.log(`failed: ${failure}`);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);

/** Nothing was counted when the run did not come to its end. */
function readCounts() {
  try {
    return JSON.parse(readFileSync(countsFile, 'utf8'));
  } catch {
    return { passed: 0, failed: 0, skipped: 0, failures: [] };
  }
}

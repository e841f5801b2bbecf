// npm run web: builds the pages (web/) into web/dist/. `npm start` and `npm test` do the same by themselves when a source has changed.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout, installMissing, lockInstalls, runtimeNode } from './install.mjs';
import { printFailure, step, StepFailure } from './steps.mjs';

const WEB = join(checkout, 'web');
const STAMP = join(WEB, 'dist', '.made-from');

/** Builds the pages when there are none, or none of the present sources. @param {{ anew?: boolean }} [wish] */
export async function buildPages({ anew = false } = {}) {
  const wanted = sourcesHash();
  if (!anew && readOrNothing(STAMP) === wanted) return;
  await step('pages', async () => {
    const unlock = await lockInstalls();
    try {
      if (!anew && readOrNothing(STAMP) === wanted) return;
      await runBuild();
      writeFileSync(STAMP, wanted);
    } finally {
      unlock();
    }
  });
}

function sourcesHash() {
  const hash = createHash('sha256');
  const sources = readdirSync(WEB, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.startsWith(join(WEB, 'dist')))
    .map((entry) => join(entry.parentPath, entry.name));
  for (const file of [join(checkout, 'package-lock.json'), ...sources.sort()]) {
    hash.update(file.slice(checkout.length)).update(readFileSync(file));
  }
  return hash.digest('hex');
}

/** @param {string} file */
function readOrNothing(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** @returns {Promise<void>} */
function runBuild() {
  return new Promise((resolve, reject) => {
    const child = spawn(runtimeNode(), ['--import', 'tsx', 'web/build.ts'], { cwd: checkout });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new StepFailure('the pages could not be built', 'see above.', output)),
    );
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    await installMissing({ dev: false });
    await buildPages({ anew: true });
  } catch (error) {
    printFailure(error);
    process.exitCode = 1;
  }
}

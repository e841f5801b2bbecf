// npm run codegen: typed documents for the tests, from schema.graphql and test/documents/. `npm test` and `npm run check`
// do the same by themselves when one of these has changed.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout, runtimeNode } from './install.mjs';
import { printFailure, step, StepFailure } from './steps.mjs';

const OUTPUT = join(checkout, 'test', 'generated');
const STAMP = join(OUTPUT, '.made-from');
const DOCUMENTS = join(checkout, 'test', 'documents');

/** Makes the typed documents when there are none, or none of the present schema and documents. */
export async function generateDocuments() {
  const wanted = sourcesHash();
  if (readOrNothing(STAMP) === wanted) return;
  await step('documents', runCodegen);
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(STAMP, wanted);
}

function sourcesHash() {
  const documents = readdirSync(DOCUMENTS, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.graphql'),
  );
  const hash = createHash('sha256');
  for (const file of [
    'codegen.ts',
    'schema.graphql',
    ...documents.sort().map((name) => join('test/documents', name)),
  ]) {
    hash.update(file).update(readFileSync(join(checkout, file)));
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
function runCodegen() {
  const program = join(checkout, 'node_modules', '@graphql-codegen', 'cli', 'esm', 'bin.js');
  return new Promise((resolve, reject) => {
    const child = spawn(runtimeNode(), [program, '--config', 'codegen.ts'], { cwd: checkout });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) return resolve();
      const cure = 'correct test/documents/, or run `npm run schema` if schema.graphql is out of date.';
      reject(new StepFailure('the documents of the tests do not fit schema.graphql', cure, output));
    });
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeStampless();
  await generateDocuments().catch((error) => {
    printFailure(error);
    process.exitCode = 1;
  });
}

/** By hand it is always done anew. */
function writeStampless() {
  mkdirSync(OUTPUT, { recursive: true });
  writeFileSync(STAMP, '');
}

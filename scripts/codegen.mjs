// npm run codegen: typed documents from schema.graphql, for the tests (test/documents/) and for the pages (web/, committed). `npm test` does
// the same by itself when the schema or a document of the tests has changed, `npm run check` always.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout, runtimeNode } from './install.mjs';
import { printFailure, step, StepFailure } from './steps.mjs';

const OUTPUT = join(checkout, 'test', 'generated');
const STAMP = join(OUTPUT, '.made-from');
const OF_PAGES = join(checkout, 'web', 'generated');
const DOCUMENTS = join(checkout, 'test', 'documents');

/** Makes all typed documents anew, and fails if those of the pages were not what comes out. */
export async function checkDocuments() {
  const before = textsOf(OF_PAGES);
  writeStampless();
  await generateDocuments();
  if (textsOf(OF_PAGES) === before) return;
  throw new StepFailure(
    'web/generated was not what schema.graphql and the documents of the pages make',
    'it is renewed now: commit it.',
  );
}

/** @param {string} folder */
function textsOf(folder) {
  const files = readdirSync(folder, { encoding: 'utf8' }).sort();
  return JSON.stringify(files.map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

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
      const cure =
        'correct test/documents/ or the *.graphql of web/, or run `npm run schema` if schema.graphql is out of date.';
      reject(new StepFailure('the documents of the tests or of the pages do not fit schema.graphql', cure, output));
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

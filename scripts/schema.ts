// npm run schema: writes schema.graphql and the reference of tariffs. With `-- --check` it writes nothing and fails when a file is not what
// the code says.

import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { printPublicSchema } from '../src/http/print-schema.ts';
import { tariffReference } from './tariff-reference.ts';

const schemaFile = fileURLToPath(new URL('../schema.graphql', import.meta.url));
const files = new Map([[schemaFile, printPublicSchema()], ...(await tariffReference())]);

for (const [file, text] of files) {
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text);
  } else if (readOrNothing(file) !== text) {
    console.error(`${basename(file)} is not what the code says: run \`npm run schema\` and commit it.`);
    process.exitCode = 1;
  }
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

// npm run schema: writes schema.graphql. With `-- --check` it writes nothing and fails when the file is not what the code says.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { printPublicSchema } from '../src/http/print-schema.ts';

const file = fileURLToPath(new URL('../schema.graphql', import.meta.url));
const printed = printPublicSchema();

if (!process.argv.includes('--check')) {
  writeFileSync(file, printed);
} else if (readOrNothing() !== printed) {
  console.error('schema.graphql is not what the code says: run `npm run schema` and commit it.');
  process.exitCode = 1;
}

function readOrNothing(): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

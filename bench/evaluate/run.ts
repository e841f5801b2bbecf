// `npm run evaluate -- <name> [--option value …]`: how good our decisions are on made-up days, in figures that an operator can weigh.
// Each name is a file of this folder that exports `evaluate`; the same seed gives the same figures.

import { readdirSync } from 'node:fs';
import { join } from 'node:path';

interface EvaluationFile {
  evaluate(options: ReadonlyMap<string, string>): void | Promise<void>;
}

const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'run.ts' && !file.startsWith('_'))
  .map((file) => file.slice(0, -3))
  .toSorted();
const [name = '', ...rest] = process.argv.slice(2);
if (!known.includes(name)) {
  console.error(`Say which: npm run evaluate -- <${known.join('|')}>`);
  process.exit(1);
}
const file = (await import(join(import.meta.dirname, `${name}.ts`))) as EvaluationFile;
await file.evaluate(new Map(pairs(rest)));

function pairs(words: readonly string[]): [string, string][] {
  return words.flatMap((word, i): [string, string][] =>
    word.startsWith('--') ? [[word.slice(2), words[i + 1] ?? '']] : [],
  );
}

// `npm run bench [-- name …]`: runs the benchmarks of this folder one after the other against real servers, prints a table and
// writes the figures to `.parkwell/bench.json`. Only ratios carry over from one machine to another.

import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { BenchFile, BenchResult } from './result.ts';
import { startServers } from './servers.ts';

/** No benchmark may hold up the others for longer. */
const LIMIT_MS = 10 * 60_000;
const HERE = import.meta.dirname;
const NO_BENCHMARK = new Set(['run.ts', 'result.ts', 'servers.ts']);

const known = readdirSync(HERE)
  .filter((file) => file.endsWith('.ts') && !NO_BENCHMARK.has(file))
  .map((file) => file.slice(0, -3))
  .toSorted();
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${known.join(', ')}.`);
  process.exit(1);
}

const servers = await startServers();
const results: Record<string, BenchResult[]> = {};
let failures = 0;
for (const name of asked.length > 0 ? asked : known) {
  console.log(`\n${name}`);
  try {
    results[name] = await runOne(name);
    printTable(results[name]);
  } catch (error) {
    failures++;
    console.error(`  failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
}
writeJson(results);
await servers.stop();
process.exit(failures === 0 ? 0 : 1);

async function runOne(name: string): Promise<BenchResult[]> {
  const file = (await import(join(HERE, `${name}.ts`))) as BenchFile;
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not done within ${LIMIT_MS / 60_000} min`)), LIMIT_MS);
  });
  try {
    return await Promise.race([file.run(), tooLong]);
  } finally {
    clearTimeout(timer);
  }
}

function printTable(rows: readonly BenchResult[]): void {
  const cells = rows.map(({ name, unit, value, floorName, floor, ratio, goal, met }) => [
    name,
    `${rounded(value)} ${unit}`,
    `${rounded(floor)} ${unit}`,
    floorName,
    ratio.toFixed(2),
    goal,
    met === undefined ? '' : met ? 'met' : 'MISSED',
  ]);
  const table = [['what', 'value', 'floor', 'floor is', 'ratio', 'goal', ''], ...cells];
  const widths = (table[0] ?? []).map((_cell, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  for (const row of table)
    console.log(`  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

function rounded(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
}

function writeJson(figures: Record<string, BenchResult[]>): void {
  const folder = join(HERE, '..', '.parkwell');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'bench.json');
  const machine = { node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model };
  writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), machine, results: figures }, null, 2)}\n`);
  console.log(`\nfigures: ${file}`);
}

// Builds the pages, packs their files for the wire, then says what each page sends of script and refuses one that sends more than its budget.

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';
import { PAGES, webBuild } from './vite.config.ts';

interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly dynamicImports?: readonly string[];
}

const LARGE_BYTES = 256 * 1024;

await build({ ...webBuild, configFile: false });
const dist = join(import.meta.dirname, 'dist');
packAssets();
const chunks = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Record<string, Chunk>;
for (const [page, budgetKib] of Object.entries(PAGES)) {
  const kib = scriptBytes(`${page}/index.html`) / 1024;
  console.log(`${page.padEnd(10)}${kib.toFixed(1)} KiB of script (gzip), at most ${budgetKib}`);
  if (kib > budgetKib) process.exitCode = 1;
}

/** Puts a .br and a .gz beside each file of the pages, so that the server never packs anything itself. A picture or a font is packed already. */
function packAssets(): void {
  const folder = join(dist, 'assets');
  for (const name of readdirSync(folder).filter((file) => /\.(js|css|svg)$/.test(file))) {
    const bytes = readFileSync(join(folder, name));
    // The last levels cost seconds on the large files of the workbench for hardly a byte.
    const quality = bytes.length > LARGE_BYTES ? 5 : constants.BROTLI_MAX_QUALITY;
    const params = { [constants.BROTLI_PARAM_QUALITY]: quality };
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params }));
    writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  }
}

/** All that a page loads by itself, and the largest of its languages. What a visitor has to ask for (a part of the page) is not in it. */
function scriptBytes(entry: string): number {
  const own = withImports(entry);
  const languages = [...own]
    .flatMap((name) => chunks[name]?.dynamicImports ?? [])
    .filter((name) => name.includes('messages/'));
  return sizeOf(own) + Math.max(0, ...languages.map((name) => sizeOf(withImports(name).difference(own))));
}

function withImports(entry: string): Set<string> {
  const found = new Set([entry]);
  for (const name of found) for (const imported of chunks[name]?.imports ?? []) found.add(imported);
  return found;
}

function sizeOf(names: ReadonlySet<string>): number {
  const files = [...names].flatMap((name) => chunks[name]?.file ?? []).filter((file) => file.endsWith('.js'));
  return files.reduce((bytes, file) => bytes + gzipSync(readFileSync(join(dist, file)), { level: 9 }).length, 0);
}

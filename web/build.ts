// Builds the pages, packs their files for the wire, then says how much script each has and refuses one that has more than its budget.
// `web/build.ts <folder> <page>=<KiB> …` does the same to the pages of another folder.

import { join, resolve } from 'node:path';
import { readFileSync } from 'node:fs';
import { build } from 'vite';
import { packAssets } from './pack-assets.ts';
import { ScriptSizes, type Manifest } from './script-sizes.ts';
import { PAGES, webBuild } from './vite.config.ts';

const [folder, ...budgets] = process.argv.slice(2);
const root = folder === undefined ? import.meta.dirname : resolve(folder);
const pages = folder === undefined ? PAGES : Object.fromEntries(budgets.map((budget) => budgetOf(budget)));
const dist = join(root, 'dist');

await build({ ...webBuild(root, Object.keys(pages)), configFile: false });
await packAssets(join(dist, 'assets'));
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8')) as Manifest;
const sizes = new ScriptSizes(dist, manifest);
for (const [page, budgetKib] of Object.entries(pages)) {
  const { atFirstKib, inAllKib } = sizes.of(page);
  const figures = `${inAllKib.toFixed(1)} KiB of script (gzip), ${atFirstKib.toFixed(1)} of it at first`;
  console.log(`${page.padEnd(10)}${figures}; at most ${budgetKib}`);
  if (inAllKib <= budgetKib) continue;
  console.error(`${page} has more script than it may have: see PAGES in web/vite.config.ts`);
  process.exitCode = 1;
}

function budgetOf(argument: string): [page: string, kib: number] {
  const [page = '', kib = ''] = argument.split('=');
  return [page, Number(kib)];
}

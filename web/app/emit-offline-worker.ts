import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, Rolldown } from 'vite';

/** What the driver's page starts from. */
const ENTRY = join(import.meta.dirname, 'index.html');

/**
 * Puts the worker that keeps the driver's page for offline beside the page, under a name that stays, and tells it all that the page is made
 * of: every language too. Another build is another text of the worker, so that a browser takes it.
 */
export function emitOfflineWorker(): Plugin {
  const file = join(import.meta.dirname, 'offline-worker.js');
  return {
    name: 'parkwell-offline-worker',
    generateBundle(_options, bundle) {
      const parts = JSON.stringify([...partsOf(bundle)].sort().map((part) => `/${part}`));
      const source = readFileSync(file, 'utf8').replace('/* what the page is made of */', () => parts.slice(1, -1));
      this.emitFile({ type: 'asset', fileName: 'app/offline.js', source });
    },
  };
}

/** The files that the page loads, now or later. */
function partsOf(bundle: Rolldown.OutputBundle): Set<string> {
  const chunks = Object.values(bundle).filter((part) => part.type === 'chunk');
  const entry = chunks.find(({ facadeModuleId }) => facadeModuleId === ENTRY);
  if (!entry) throw new Error('the driver’s page is not part of this build');
  const found = new Set([entry.fileName]);
  for (const name of found) {
    const part = bundle[name];
    if (part?.type !== 'chunk') continue;
    const { importedCss, importedAssets } = part.viteMetadata ?? {};
    for (const other of [...part.imports, ...part.dynamicImports, ...(importedCss ?? []), ...(importedAssets ?? [])])
      found.add(other);
  }
  return found;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin } from 'vite';

/** Puts the worker that keeps the driver's page for offline beside the page, under a name that stays. */
export function emitOfflineWorker(): Plugin {
  const file = join(import.meta.dirname, 'offline-worker.js');
  return {
    name: 'parkwell-offline-worker',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'app/offline.js', source: readFileSync(file, 'utf8') });
    },
  };
}

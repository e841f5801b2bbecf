import { join } from 'node:path';
import type { UserConfig } from 'vite';
import { emitOfflineWorker } from './app/emit-offline-worker.ts';
import { compiledMessages } from './messages/compiled-messages.ts';

/**
 * The pages, each a folder with an `index.html`, and how many KiB of script (gzip) all parts of each may have, in any one language. Served by
 * `src/http/pages/web-pages.ts`.
 */
export const PAGES: Readonly<Record<string, number>> = { app: 80, board: 15, console: 120, kiosk: 40, graphiql: 1400 };

/** Builds the pages of a folder into its `dist/`, with hashed names, for the browsers of the last three years. */
export function webBuild(root: string, pages: readonly string[]) {
  return {
    root,
    appType: 'mpa',
    publicDir: false,
    logLevel: 'warn',
    plugins: [compiledMessages(import.meta.dirname), pages.includes('app') && emitOfflineWorker()],
    oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
    build: {
      outDir: 'dist',
      emptyOutDir: true,
      target: 'es2023',
      assetsDir: 'assets',
      // Nothing is inlined into what the policy of the server would then have to allow.
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      manifest: true,
      reportCompressedSize: false,
      // The budgets say what is too large.
      chunkSizeWarningLimit: Number.POSITIVE_INFINITY,
      rolldownOptions: {
        // React's packages mark what is for browsers alone; here all of it is.
        onwarn: (warning, warn) => warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warn(warning),
        input: Object.fromEntries(pages.map((page) => [page, join(root, page, 'index.html')])),
      },
    },
  } satisfies UserConfig;
}

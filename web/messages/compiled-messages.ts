import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import MessageFormat from '@messageformat/core';
import compileModule from '@messageformat/core/compile-module';
import type { Plugin } from 'vite';

const PREFIX = 'virtual:messages/';

/**
 * Makes functions of the pages' messages while the page is built, so that no parser of them goes to the browser.
 * `virtual:messages/<folder>` (`board`, `console/reports`) has one loader a locale: of every `web/<folder>/messages/<locale>.json`, texts in ICU MessageFormat by key.
 * A message that can't be read fails the build and names its file.
 */
export function compiledMessages(root: string): Plugin {
  const folderOf = (name: string) => join(root, name, 'messages');
  return {
    name: 'parkwell-messages',
    resolveId: (id) => (id.startsWith(PREFIX) ? `\0${id}` : undefined),
    load(id) {
      if (!id.startsWith(`\0${PREFIX}`)) return undefined;
      const path = id.slice(PREFIX.length + 1);
      const locale = /\/([a-z]{2})$/.exec(path)?.[1];
      const name = locale === undefined ? path : path.slice(0, -3);
      if (locale === undefined) return loadersOf(name, localesIn(folderOf(name)));
      const file = join(folderOf(name), `${locale}.json`);
      this.addWatchFile(file);
      try {
        return compile(locale, readFileSync(file, 'utf8'));
      } catch (error) {
        return this.error(`${file}: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
  };
}

/** Which languages a page has. */
export function localesIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort();
}

function loadersOf(name: string, locales: readonly string[]): string {
  const loaders = locales.map((locale) => {
    const id = JSON.stringify(`${PREFIX}${name}/${locale}`);
    return `${JSON.stringify(locale)}: () => import(${id}).then((module) => module.default)`;
  });
  return `export default { ${loaders.join(', ')} };`;
}

function compile(locale: string, json: string): string {
  // Numbers and dates in a message look as the locale writes them; amounts of money come in as text, formatted.
  return compileModule(new MessageFormat(locale, { strict: true }), JSON.parse(json) as Record<string, string>);
}

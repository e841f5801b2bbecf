import { preferredLocale, type Locale } from './locales.ts';

type Values = Readonly<Record<string, string | number>>;
type Compiled = Record<string, (values: Values) => string>;

/** Says a message of the page in the reader's language; `values` fill its places. */
export type Say<Key extends string> = (key: Key, values?: Values) => string;

export interface Messages<Key extends string> {
  readonly locale: Locale;
  readonly say: Say<Key>;
}

/**
 * Opens the messages of a page in the reader's language and tells the document which it is. `Key` are the keys of the page's English
 * file: `openMessages<keyof typeof english>(loaders)`. Another language than the reader's own where one is given.
 */
export async function openMessages<Key extends string>(
  loaders: Readonly<Record<string, () => Promise<Compiled>>>,
  locale: Locale = preferredLocale(),
): Promise<Messages<Key>> {
  const load = loaders[locale] ?? loaders['en'];
  const texts = (await load?.()) ?? {};
  document.documentElement.lang = locale;
  document.documentElement.dir = directionOf(locale);
  return { locale, say: (key, values = {}) => texts[key]?.(values) ?? key };
}

/** Which way a language is written, asked of the browser. */
function directionOf(locale: Locale): string {
  const { textInfo } = new Intl.Locale(locale) as { textInfo?: { direction: string } };
  return textInfo?.direction ?? 'ltr';
}

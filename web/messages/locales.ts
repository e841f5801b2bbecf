/** What the pages speak, the first being what they are written in. Each name in its own language. */
export const LOCALES = { en: 'English', de: 'Deutsch', fi: 'Suomi', ja: '日本語' } as const;
export type Locale = keyof typeof LOCALES;

const STORED_AS = 'parkwell.locale';

/** Whose language to speak: what was chosen here before, else the first wish of the browser that we have, else English. */
export function preferredLocale(): Locale {
  const wishes = [stored(), ...navigator.languages];
  for (const wish of wishes) {
    const language = wish?.split('-')[0];
    if (language !== undefined && language in LOCALES) return language as Locale;
  }
  return 'en';
}

/** Remembers a choice on this device. The page is loaded anew, so that everything on it speaks that language. */
export function chooseLocale(locale: Locale): void {
  try {
    localStorage.setItem(STORED_AS, locale);
  } catch {
    // A browser that keeps nothing speaks the language of its own settings.
  }
  location.reload();
}

function stored(): string | null {
  try {
    return localStorage.getItem(STORED_AS);
  } catch {
    return null;
  }
}

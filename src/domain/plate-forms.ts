import { confusedWith } from './plate.ts';

/**
 * How the plates of a country are built: A a letter, 9 a digit. Only countries whose usual plates all have one of a few forms, in which
 * each place is either a letter or a digit; letters that a country never uses stand in `without`.
 */
const FORMS: Readonly<Record<string, { readonly forms: readonly string[]; readonly without: string }>> = {
  BE: { forms: ['9AAA999', 'AAA999', '999AAA'], without: '' },
  DK: { forms: ['AA99999'], without: 'IQ' },
  EE: { forms: ['999AAA'], without: '' },
  ES: { forms: ['9999AAA'], without: 'QO' },
  FI: { forms: ['AAA999'], without: '' },
  FR: { forms: ['AA999AA'], without: 'IOU' },
  GB: { forms: ['AA99AAA', 'A999AAA', 'A99AAA', 'A9AAA', 'AAA999A', 'AAA9999'], without: 'Q' },
  IT: { forms: ['AA999AA'], without: 'IOQU' },
  LT: { forms: ['AAA999'], without: 'QWX' },
  LV: { forms: ['AA9999'], without: 'Q' },
  NO: { forms: ['AA99999'], without: 'GIOQ' },
  PT: { forms: ['AA99AA', '99AA99', 'AA9999', '9999AA'], without: '' },
  SE: { forms: ['AAA999', 'AAA99A'], without: 'IQV' },
};

/** Letters with marks that a country's plates have and that cameras and drivers write without; places beyond `within` have none. */
const MARKED: Readonly<Record<string, { readonly letters: string; readonly within: number }>> = {
  AT: { letters: 'ÄÖÜ', within: 2 },
  BA: { letters: 'ČĆŠŽ', within: 12 },
  DE: { letters: 'ÄÖÜ', within: 3 },
  FI: { letters: 'ÅÄÖ', within: 3 },
  HR: { letters: 'ČĆŠŽ', within: 12 },
  RS: { letters: 'ČĆŠŽ', within: 12 },
  SI: { letters: 'ČŠŽ', within: 12 },
};

const MAX_SPELLINGS = 6;

/**
 * What else a plate of this country may be, if it was read or typed as `normalized`: with letters and digits where the country has
 * them, when it is built like none of its plates; with marks on letters, or without them. At most six, without `normalized`
 * itself; none for a country that is unknown here.
 */
export function otherSpellings(normalized: string, country: string | undefined): readonly string[] {
  if (country === undefined) return [];
  const spellings = new Set([...inForm(normalized, country), ...withMarks(normalized, country)]);
  spellings.delete(normalized);
  return [...spellings].slice(0, MAX_SPELLINGS);
}

function inForm(normalized: string, country: string): readonly string[] {
  const rules = FORMS[country];
  if (rules === undefined) return [];
  const readings = rules.forms.map((form) => readAs(normalized, form, rules.without));
  // One that is built like a plate of its country was read as what it is.
  return readings.some((found) => found.includes(normalized)) ? [] : readings.flat();
}

/** Every plate of one form that a camera might have taken for `normalized`; many letters for one digit make many plates. */
function readAs(normalized: string, form: string, without: string): string[] {
  const characters = [...normalized];
  if (characters.length !== form.length) return [];
  let read = [''];
  for (const [index, character] of characters.entries()) {
    const wanted = form[index] === 'A' ? /\p{L}/u : /[0-9]/;
    const may = wanted.test(character)
      ? [character]
      : confusedWith(character).filter((other) => wanted.test(other) && !without.includes(other));
    read = read.flatMap((start) => may.map((next) => start + next));
    if (read.length > MAX_SPELLINGS) return [];
  }
  return read;
}

function withMarks(normalized: string, country: string): readonly string[] {
  const rules = MARKED[country];
  if (rules === undefined) return [];
  const characters = [...normalized];
  const bare = characters.map(withoutMark).join('');
  const marked = characters
    .slice(0, rules.within)
    .flatMap((character, index) =>
      [...rules.letters]
        .filter((letter) => withoutMark(letter) === character)
        .map((letter) => characters.with(index, letter).join('')),
    );
  return [bare, ...marked];
}

/** Latin letters alone: what kana and Cyrillic letters lose with their marks are other letters. */
function withoutMark(character: string): string {
  return /\p{Script=Latin}/u.test(character) ? character.normalize('NFD').charAt(0) : character;
}

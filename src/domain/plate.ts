/** Letters of other alphabets that look exactly like Latin capitals, and Arabic digits: camera and keyboard must agree. */
const LOOK_ALIKES: ReadonlyMap<string, string> = new Map([
  ...pairs('АВЕЅІЈКМНОРСТУХ', 'ABESIJKMHOPCTYX'),
  ...pairs('ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ', 'ABEZHIKMNOPTYX'),
  ...pairs('٠١٢٣٤٥٦٧٨٩', '0123456789'),
  ...pairs('۰۱۲۳۴۵۶۷۸۹', '0123456789'),
]);

/** What cameras take for each other: one digit stands for each group. */
const CONFUSIONS: ReadonlyMap<string, string> = new Map(pairs('ODQIZSBG', '00012586'));

const CONFUSABLE = '0ODQ1I2Z5S8B6G';

const MAX_RAW_LENGTH = 64;
const MIN_CHARACTERS = 2;
const MAX_CHARACTERS = 12;

/**
 * The one spelling of a plate: NFKC, capitals, no separators, look-alike letters of other alphabets as Latin ones. Letters that
 * look like no Latin one (kana, kanji, umlauts) stay. Undefined when what is left is no plate: not 2 to 12 letters and digits.
 */
export function normalizePlate(text: string): string | undefined {
  if (text.length > MAX_RAW_LENGTH) return undefined;
  // Normalised again at the end, because what stood on both sides of a separator may be one letter (Korean syllables are).
  const capitals = text.normalize('NFKC').toUpperCase().normalize('NFKC');
  const characters = [...capitals.replace(/[^\p{L}\p{N}]/gu, '').normalize('NFKC')];
  if (characters.length < MIN_CHARACTERS || characters.length > MAX_CHARACTERS) return undefined;
  return characters.map((character) => LOOK_ALIKES.get(character) ?? character).join('');
}

/** A normalised plate in which confusable characters are one (0/O/D/Q, 1/I, 2/Z, 5/S, 8/B, 6/G): finds candidates, decides nothing. */
export function plateSkeleton(normalized: string): string {
  return [...normalized].map((character) => CONFUSIONS.get(character) ?? character).join('');
}

/** What a camera may have seen where it read this character; nothing for one that it does not confuse. */
export function confusedWith(character: string): readonly string[] {
  const group = CONFUSIONS.get(character) ?? character;
  return [...CONFUSABLE].filter((other) => other !== character && (CONFUSIONS.get(other) ?? other) === group);
}

/**
 * In how many characters two normalised plates differ, if only in ones that cameras confuse; undefined when they differ otherwise. Zero
 * for the same plate.
 */
export function confusionsBetween(a: string, b: string): number | undefined {
  if (plateSkeleton(a) !== plateSkeleton(b)) return undefined;
  const others = [...b];
  return [...a].filter((character, index) => character !== others[index]).length;
}

/** What logs may show of a plate: its last two characters, and nothing of a plate so short that two would tell too much. */
export function redactPlate(text: string): string {
  const characters = [...(normalizePlate(text) ?? '')];
  return characters.length > 4 ? `***${characters.slice(-2).join('')}` : '***';
}

function pairs(from: string, to: string): [string, string][] {
  const targets = [...to];
  return [...from].map((character, index) => [character, targets[index] ?? character]);
}

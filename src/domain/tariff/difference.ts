import { formatMoney } from '../money.ts';
import type { TariffDocument } from './document.ts';

/** One place in which two tariffs differ, as a path (`rates[Cars].bands[Day].steps[0].minor`) and as a sentence. */
export interface FieldChange {
  readonly field: string;
  readonly sentence: string;
}

interface Place {
  readonly field: string;
  /** What the place is called: "Rate “Cars”, band “Day”, first step". */
  readonly title: string;
  readonly name: string;
}

/** What the parts of a document are called where people read. A field that is not here is called by its own words. */
const TITLES: Readonly<Record<string, string>> = {
  minor: 'the price',
  capMinor: 'the most that it costs',
  perMinutes: 'the time that the price is for',
  blockMinutes: 'the block',
  times: 'the number of blocks',
  minimumMinor: 'the least that a stay costs',
  maximumMinor: 'the most that a stay costs',
  lostCredentialMinor: 'the price of a lost ticket',
  longestStayMinutes: 'the longest stay',
  displacedMinor: 'the charge for moving another driver',
  reentry: 're-entry',
  exitGrace: 'the time to leave after paying',
  withinMinutes: 'the time to come back',
};

/**
 * Where two tariffs of one lot differ, in the order of the newer one. Rates, bands, offers and events are told apart by their names, steps
 * and caps by their place; a field that is left out on one side is told as gone or new. Pure.
 */
export function tariffFieldChanges(from: TariffDocument, to: TariffDocument): FieldChange[] {
  const changes: FieldChange[] = [];
  compareFields(changes, { field: '', title: '', name: '' }, { from, to, currency: to.currency });
  return changes;
}

interface Sides {
  readonly from: unknown;
  readonly to: unknown;
  readonly currency: string;
}

function compareFields(changes: FieldChange[], place: Place, { from, to, currency }: Sides): void {
  const [before, after] = [membersOf(from), membersOf(to)];
  for (const [name, value] of after) {
    const here = placeOf(place, name);
    const old = before.get(name);
    if (old === undefined)
      changes.push({ field: here.field, sentence: `${here.title} is new: ${shown(here, value, currency)}.` });
    else compare(changes, here, { from: old, to: value, currency });
  }
  for (const [name, value] of before) {
    const here = placeOf(place, name);
    if (!after.has(name))
      changes.push({ field: here.field, sentence: `${here.title} is gone; it was ${shown(here, value, currency)}.` });
  }
}

function compare(changes: FieldChange[], place: Place, { from, to, currency }: Sides): void {
  if (JSON.stringify(from) === JSON.stringify(to)) return;
  if (isComposite(from) && isComposite(to) && !isListOfNames(from) && !isListOfNames(to)) {
    compareFields(changes, place, { from, to, currency });
    if (Array.isArray(to) && isReordered(from, to))
      changes.push({ field: place.field, sentence: `${place.title}: the order is another one.` });
    return;
  }
  const sentence = `${place.title} goes from ${shown(place, from, currency)} to ${shown(place, to, currency)}.`;
  changes.push({ field: place.field, sentence });
}

/** Whether the parts that both lists have stand in another order: of rates and offers the first that fits counts, so it matters. */
function isReordered(from: unknown, to: unknown): boolean {
  const [before, after] = [membersOf(from), membersOf(to)];
  const kept = [...after.keys()].filter((name) => before.has(name));
  return [...before.keys()].filter((name) => after.has(name)).join('\n') !== kept.join('\n');
}

/** The parts of a list or of a document by name; those without a name by their place in the list. */
function membersOf(value: unknown): Map<string, unknown> {
  if (!Array.isArray(value)) return new Map(Object.entries(value as object));
  return new Map(value.map((item: unknown, index) => [nameOf(item) ?? `#${index}`, item]));
}

function nameOf(item: unknown): string | undefined {
  if (typeof item !== 'object' || item === null || !('name' in item)) return undefined;
  return typeof item.name === 'string' ? item.name : undefined;
}

function placeOf(parent: Place, name: string): Place {
  const isIndex = name.startsWith('#');
  const inList = isIndex || Object.hasOwn(PLURALS, parent.name);
  const field = inList ? `${parent.field}[${isIndex ? name.slice(1) : name}]` : join(parent.field, name);
  if (!inList) return { field, title: titled(parent.title, words(name)), name };
  const kind = PLURALS[parent.name] ?? 'entry';
  const called = isIndex ? `${kind} ${Number(name.slice(1)) + 1}` : `${kind} “${name}”`;
  // "Rate “Cars”" and not "Rates, rate “Cars”".
  return { field, title: titled(parent.title.split(', ').slice(0, -1).join(', '), called), name: '' };
}

const PLURALS: Readonly<Record<string, string>> = {
  rates: 'rate',
  bands: 'band',
  steps: 'step',
  caps: 'cap',
  offers: 'offer',
  events: 'event',
  points: 'point',
};

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function titled(before: string, title: string): string {
  return before === '' ? title.charAt(0).toUpperCase() + title.slice(1) : `${before}, ${title}`;
}

/** "coversMinutes" reads "covers"; the unit stands at the value. */
function words(name: string): string {
  return (
    TITLES[name] ??
    name.replace(/(?:Minor|Minutes|Percent)$/, '').replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  );
}

function shown({ name }: Place, value: unknown, currency: string): string {
  if (typeof value === 'number') {
    if (/minor$/i.test(name)) return formatMoney({ amountMinor: value, currency }, 'en');
    if (/minutes$/i.test(name)) return `${value} min`;
    return /percent$/i.test(name) ? `${value} %` : String(value);
  }
  if (isListOfNames(value)) return value.length === 0 ? 'nothing' : value.join(', ');
  if (!isComposite(value)) return String(value);
  const members = [...membersOf(value)].filter(([member]) => member !== 'name');
  const told = members.map(([member, item]) => {
    const text = shown({ field: '', title: '', name: member }, item, currency);
    if (member.startsWith('#')) return text;
    return Array.isArray(value) ? `“${member}” (${text})` : `${words(member)} ${text}`;
  });
  return told.join(Array.isArray(value) ? '; ' : ', ');
}

function isComposite(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isListOfNames(value: unknown): value is readonly (string | number)[] {
  return Array.isArray(value) && value.every((item) => typeof item !== 'object');
}

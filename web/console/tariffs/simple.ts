/** A tariff as it is in a lot's database: JSON. */
export type TariffJson = Record<string, unknown>;

/** What the form asks, as it is typed: amounts in major units. */
export interface SimpleTariff {
  readonly blockMinutes: string;
  readonly blockPrice: string;
  readonly dayMost: string;
  readonly graceMinutes: string;
  readonly taxPercent: string;
}

/** How many decimals a currency has. */
export function decimalsOf(currency: string): number {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

/** A document as the form shows it; undefined where it says anything that the form has no field for. */
export function simpleOf(document: TariffJson, currency: string): SimpleTariff | undefined {
  const { rates, grace, tax } = document;
  const band = at(at(at(rates, 0), 'bands'), 0);
  const step = at(at(band, 'steps'), 0);
  const cap = at(at(at(rates, 0), 'caps'), 0);
  const major = (minor: unknown) =>
    typeof minor === 'number' ? (minor / 10 ** decimalsOf(currency)).toFixed(decimalsOf(currency)) : '';
  const simple = {
    blockMinutes: textOf(at(step, 'blockMinutes')),
    blockPrice: major(at(step, 'minor')),
    dayMost: major(at(cap, 'minor')),
    graceMinutes: textOf(at(grace, 'minutes')),
    taxPercent: textOf(at(tax, 'percent')),
  };
  const again = documentOf(simple, document, currency);
  return again !== undefined && sorted(again) === sorted(document) ? simple : undefined;
}

/** The document that the form means; names and kinds are those of `before`. Undefined while a field is no number. */
export function documentOf(simple: SimpleTariff, before: TariffJson, currency: string): TariffJson | undefined {
  const minor = (text: string) => Math.round(Number(text.replace(',', '.')) * 10 ** decimalsOf(currency));
  if (wrongFields(simple).length > 0) return undefined;
  const rate = at(before['rates'], 0);
  const band = at(at(rate, 'bands'), 0);
  const step = { blockMinutes: Number(simple.blockMinutes), minor: minor(simple.blockPrice) };
  const cap = { window: 'CALENDAR_DAY', minor: minor(simple.dayMost) };
  const grace = { ...objectOf(before['grace']), minutes: Number(simple.graceMinutes) };
  const tax = { mode: 'INCLUDED', ...objectOf(before['tax']), percent: Number(simple.taxPercent.replace(',', '.')) };
  return {
    ...(before['version'] === undefined ? {} : { version: before['version'] }),
    ...(before['currency'] === undefined ? {} : { currency: before['currency'] }),
    rates: [
      {
        name: nameOf(rate),
        bands: [{ name: nameOf(band), steps: [step] }],
        ...(simple.dayMost === '' ? {} : { caps: [cap] }),
      },
    ],
    ...(simple.graceMinutes === '' ? {} : { grace }),
    ...(simple.taxPercent === '' ? {} : { tax }),
  };
}

const NUMBER = /^\d+([.,]\d+)?$/;
const NEEDED = ['blockMinutes', 'blockPrice'] as const;

/** The fields that say no number, where one is needed. */
export function wrongFields(simple: SimpleTariff): (keyof SimpleTariff)[] {
  const whole = (text: string) => text === '' || /^\d+$/.test(text);
  return (Object.keys(simple) as (keyof SimpleTariff)[]).filter((field) => {
    const text = simple[field];
    if (NEEDED.some((needed) => needed === field) && !NUMBER.test(text)) return true;
    return field.endsWith('Minutes') ? !whole(text) : text !== '' && !NUMBER.test(text);
  });
}

const PLACES: Readonly<Record<keyof SimpleTariff, RegExp>> = {
  blockMinutes: /\.blockMinutes$/,
  blockPrice: /steps\[\d+\](\.minor)?$/,
  dayMost: /caps(\[\d+\](\.minor)?)?$/,
  graceMinutes: /^grace/,
  taxPercent: /^tax/,
};

/** The field of the form that a place in a document stands in; undefined: none. */
export function fieldOfPath(path: string): keyof SimpleTariff | undefined {
  return (Object.keys(PLACES) as (keyof SimpleTariff)[]).find((field) => PLACES[field].test(path));
}

function at(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function nameOf(value: unknown): string {
  const name = at(value, 'name');
  return typeof name === 'string' ? name : 'All';
}

function textOf(value: unknown): string {
  return typeof value === 'number' ? String(value) : '';
}

/** As text that is the same whatever the order of its fields. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

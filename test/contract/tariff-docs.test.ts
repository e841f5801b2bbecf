import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { PARTS } from '../../scripts/tariff-fields.ts';
import { tariffReference } from '../../scripts/tariff-reference.ts';
import { PART_NAMES, type PartName, type Shape } from '../../scripts/tariff-shapes.ts';
import { checkTariffDocument, type TariffError } from '../../src/domain/tariff/check.ts';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const page = readFileSync(join(checkout, 'docs/tariffs.md'), 'utf8');

test('the tables, the schema and the prices of the examples are what the code says: `npm run schema` writes them', async () => {
  for (const [file, text] of await tariffReference()) expect(readFileSync(file, 'utf8')).toBe(text);
});

/** Title, document and currency of each example. */
const EXAMPLES = page
  .split('\n### ')
  .filter((section) => section.includes('```json tariff'))
  .map((section): [string, string, string] => {
    const [title = ''] = section.split('\n');
    const [, text = ''] = /```json tariff\n(.*?)```/s.exec(section) ?? [];
    const [, currency = ''] = /```prices (\w+) /.exec(section) ?? [];
    return [title, text, currency];
  });

describe('an example', () => {
  test('is found wherever one stands', () => {
    expect(EXAMPLES.length).toBe(page.split('```json').length - 1);
    expect(EXAMPLES.length).toBeGreaterThanOrEqual(5);
  });

  test.each(EXAMPLES)('%s can be published', (_title, text, currency) => {
    const document = { version: 1, currency, ...(JSON.parse(text) as object) };
    expect(checkTariffDocument(document, { currency })).toHaveProperty('tariff');
  });
});

const STEP = { blockMinutes: 60, minor: 200 };
const BAND = { name: 'All day', steps: [STEP] };
const RATE = { name: 'All', bands: [BAND] };
const TARIFF = { version: 1, currency: 'EUR', rates: [RATE] };
const OFFER = { name: 'Flat', minor: 900 };

/** A good part, and the tariff around it. */
const PLACES: Record<PartName, { path: string; good: object; around: (part: object) => object }> = {
  Tariff: { path: '', good: TARIFF, around: (part) => part },
  Rate: { path: 'rates[0].', good: RATE, around: (part) => ({ ...TARIFF, rates: [part] }) },
  Band: {
    path: 'rates[0].bands[0].',
    good: BAND,
    around: (part) => ({ ...TARIFF, rates: [{ ...RATE, bands: [part] }] }),
  },
  Step: {
    path: 'rates[0].bands[0].steps[0].',
    good: STEP,
    around: (part) => ({ ...TARIFF, rates: [{ ...RATE, bands: [{ ...BAND, steps: [part] }] }] }),
  },
  Cap: {
    path: 'rates[0].caps[0].',
    good: { window: 'BUSINESS_DAY', dayStartsAt: '05:00', minor: 900 },
    around: (part) => ({ ...TARIFF, rates: [{ ...RATE, caps: [part] }] }),
  },
  Offer: { path: 'offers[0].', good: OFFER, around: (part) => ({ ...TARIFF, offers: [part] }) },
  Window: {
    path: 'offers[0].entry.',
    good: { from: '06:00', to: '09:00' },
    around: (entry) => ({ ...TARIFF, offers: [{ ...OFFER, entry }] }),
  },
  Grace: { path: 'grace.', good: { minutes: 5 }, around: (grace) => ({ ...TARIFF, grace }) },
  Reentry: { path: 'reentry.', good: { withinMinutes: 5 }, around: (reentry) => ({ ...TARIFF, reentry }) },
  ExitGrace: { path: 'exitGrace.', good: { minutes: 5 }, around: (exitGrace) => ({ ...TARIFF, exitGrace }) },
  PayPoints: {
    path: 'exitGrace.byPayPoint.',
    good: {},
    around: (byPayPoint) => ({ ...TARIFF, exitGrace: { minutes: 5, byPayPoint } }),
  },
  Blocks: { path: 'blocks.', good: {}, around: (blocks) => ({ ...TARIFF, blocks }) },
  Calendar: { path: 'calendar.', good: {}, around: (calendar) => ({ ...TARIFF, calendar }) },
  Event: {
    path: 'calendar.events[0].',
    good: { name: 'Cup', dates: ['2027-06-01'] },
    around: (event) => ({ ...TARIFF, calendar: { events: [event] } }),
  },
  Multiplier: {
    path: 'multiplier.',
    good: { floorPercent: 90, ceilingPercent: 110, points: [{ occupancyPercent: 50, percent: 100 }] },
    around: (multiplier) => ({ ...TARIFF, multiplier }),
  },
  Point: {
    path: 'multiplier.points[0].',
    good: { occupancyPercent: 50, percent: 100 },
    around: (point) => ({ ...TARIFF, multiplier: { floorPercent: 90, ceilingPercent: 110, points: [point] } }),
  },
  Limits: { path: 'limits.', good: {}, around: (limits) => ({ ...TARIFF, limits }) },
  Tax: { path: 'tax.', good: { percent: 20, mode: 'INCLUDED' }, around: (tax) => ({ ...TARIFF, tax }) },
  Rounding: { path: 'rounding.', good: { toMinor: 5 }, around: (rounding) => ({ ...TARIFF, rounding }) },
  Discounts: { path: 'discounts.', good: {}, around: (discounts) => ({ ...TARIFF, discounts }) },
  Reserved: { path: 'reserved.', good: {}, around: (reserved) => ({ ...TARIFF, reserved }) },
  Overstay: {
    path: 'reserved.overstay.',
    good: { method: 'CONTINUE' },
    around: (overstay) => ({ ...TARIFF, reserved: { overstay } }),
  },
};

function errorsOf(part: PartName, value: object): readonly TariffError[] {
  const checked = checkTariffDocument(PLACES[part].around(value), { currency: 'EUR' });
  return 'errors' in checked ? checked.errors : [];
}

/** What publishing says of one field of a part that is good otherwise. */
function saidOf(part: PartName, field: string, value: unknown): string[] {
  const { path, good } = PLACES[part];
  return errorsOf(part, { ...good, [field]: value })
    .filter(
      (error) =>
        error.field === `${path}${field}` ||
        error.field.startsWith(`${path}${field}[`) ||
        error.field.startsWith(`${path}${field}.`),
    )
    .map(({ message }) => message);
}

/** A value of no such shape, and what publishing says of it. */
function wrong(shape: Shape): [value: unknown, said: RegExp] {
  switch (shape.kind) {
    case 'integer':
      return [shape.max + 1, new RegExp(`from ${shape.min} to ${shape.max}$`)];
    case 'hundredths':
      return [0.001, new RegExp(`at most two decimals from ${shape.min} to ${shape.max}$`)];
    case 'one of':
      return ['SOMETHING', new RegExp(shape.names.join(', '))];
    case 'list':
      return [0, /list/];
    case 'time':
      return ['25:00', /time of day/];
    case 'name':
      return ['x'.repeat(61), /1 to 60 characters/];
    case 'boolean':
      return ['yes', /true or false/];
    case 'currency':
      return ['euro', /ISO 4217/];
    default:
      return [7, /./];
  }
}

const FIELDS = PART_NAMES.flatMap((part) =>
  Object.entries(PARTS[part]).map(([name, field]) => ({ part, name, field })),
);

describe('the reference says of every field what publishing says', () => {
  test.each(FIELDS.map((field) => [`${field.part}.${field.name}`, field] as const))(
    '%s',
    (_title, { part, name, field: { shape, otherwise } }) => {
      const [value, said] = wrong(shape);
      expect(saidOf(part, name, value)).toEqual(expect.arrayContaining([expect.stringMatching(said)]));
      const { [name as never]: _left, ...without } = PLACES[part].good as Record<string, unknown>;
      const isMissed = errorsOf(part, without).some(({ field }) => field === `${PLACES[part].path}${name}`);
      if (otherwise !== undefined && name !== 'dayStartsAt') expect(isMissed).toBe(false);
      if (otherwise === undefined) expect(isMissed).toBe(true);
    },
  );

  test.each(PART_NAMES)('%s has no other field', (part) => {
    expect(errorsOf(part, PLACES[part].good)).toEqual([]);
    expect(saidOf(part, 'zzz', 1)).toEqual(['is not a field of this document']);
  });
});

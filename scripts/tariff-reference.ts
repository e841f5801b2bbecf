// What operators read of tariffs, made from the list of their fields: the tables in docs/tariffs.md and docs/tariff.schema.json.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { Temporal } from 'temporal-polyfill';
import { formatMoney } from '../src/domain/money.ts';
import { DAY_CLASSES, type TariffDocument } from '../src/domain/tariff/document.ts';
import { priceStay } from '../src/domain/tariff/engine.ts';
import { PARTS } from './tariff-fields.ts';
import { PART_NAMES, type PartName, type Shape } from './tariff-shapes.ts';

const pageFile = fileURLToPath(new URL('../docs/tariffs.md', import.meta.url));
const schemaFile = fileURLToPath(new URL('../docs/tariff.schema.json', import.meta.url));

/** The files as they should be, by path, laid out as all others. */
export async function tariffReference(): Promise<Map<string, string>> {
  const texts = [
    [pageFile, withPrices(withTables(readFileSync(pageFile, 'utf8')))],
    [schemaFile, JSON.stringify(jsonSchema())],
  ] as const;
  const laidOut = texts.map(async ([file, text]) => {
    const style = await resolveConfig(file);
    return [file, await format(text, { ...style, filepath: file })] as const;
  });
  return new Map(await Promise.all(laidOut));
}

/** Tables stand between `<!-- fields: Rate -->` and `<!-- end -->`. */
function withTables(page: string): string {
  const [head = '', ...sections] = page.split('<!-- fields: ');
  const filled = sections.map((section) => {
    const name = section.slice(0, section.indexOf(' -->')) as PartName;
    const rest = section.slice(section.indexOf('<!-- end -->'));
    return `<!-- fields: ${name} -->\n\n${fieldTable(name)}\n\n${rest}`;
  });
  return [head, ...filled].join('');
}

/** Below each example the stays that are asked for in a block of `prices`, each with the lines that the engine gives it. */
function withPrices(page: string): string {
  const [head = '', ...examples] = page.split('```json tariff\n');
  const priced = examples.map((example) => {
    const tariff = example.slice(0, example.indexOf('```'));
    const [before = '', block = ''] = example.split('```prices ');
    const [place = ''] = block.split('\n');
    const after = block.slice(block.indexOf('```'));
    const [currency = '', timeZone = ''] = place.split(' ');
    const stays = block.match(/^\S+ \S+ to \S+ [\d:]{5}/gm) ?? [];
    const document = { version: 1, currency, ...(JSON.parse(tariff) as object) } as TariffDocument;
    const texts = stays.map((stay) => pricedStay(stay, { document, timeZone }));
    return `${before}\`\`\`prices ${place}\n${texts.join('\n')}\n${after}`;
  });
  return [head, ...priced].join('```json tariff\n');
}

interface Place {
  readonly document: TariffDocument;
  readonly timeZone: string;
}

function pricedStay(stay: string, { document, timeZone }: Place): string {
  const [from = '', to = ''] = stay.split(' to ');
  const instant = (local: string) =>
    new Date(Temporal.PlainDateTime.from(local.replace(' ', 'T')).toZonedDateTime(timeZone).epochMilliseconds);
  const period = { startsAt: instant(from), endsAt: instant(to) };
  const price = priceStay({ tariff: document, timeZone, period, spotType: 'STANDARD', multiplierPercent: 100 });
  const shown = (amountMinor: number) => formatMoney({ amountMinor, currency: price.currency }, 'en');
  const lines = price.lines.map(({ localFrom, localTo, rule, description, amountMinor }) => {
    const time = `${localFrom.slice(5, 16).replace('T', ' ')} – ${localTo.slice(5, 16).replace('T', ' ')}`;
    return `  ${time}  ${rule.padEnd(10)}  ${description.padEnd(38)}${shown(amountMinor).padStart(9)}`;
  });
  return [`${stay}: ${shown(price.totalMinor)}`, ...lines].join('\n');
}

/** The shape of a field in words, for a table. */
function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'integer':
      return shape.min === shape.max ? `${shape.min}` : `${shape.min} to ${shape.max}`;
    case 'hundredths':
      return `${shape.min} to ${shape.max}, two decimals`;
    case 'one of':
      return shape.names.map((name) => `\`${name}\``).join(', ');
    case 'list':
      return `${shape.least} to ${shape.most} × ${shapeText(shape.of)}`;
    case 'part':
      return `[${shape.part}](#${shape.part.toLowerCase()})`;
    case 'time':
      return shape.end === true ? '`"HH:MM"`, up to `"24:00"`' : '`"HH:MM"`';
    case 'date':
      return '`"YYYY-MM-DD"`';
    case 'name':
      return '1 to 60 characters';
    case 'currency':
      return 'ISO 4217';
    case 'day':
      return 'a class of dates';
    case 'boolean':
      return '`true`, `false`';
  }
}

/** The table of one part's fields in Markdown. */
function fieldTable(name: PartName): string {
  const rows = Object.entries(PARTS[name]).map(
    ([field, { shape, otherwise, text }]) =>
      `| \`${field}\` | ${shapeText(shape)} | ${otherwise ?? 'required'} | ${text} |`,
  );
  return ['| field | value | without it | what it says |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function schemaOf(shape: Shape): object {
  switch (shape.kind) {
    case 'integer':
      return { type: 'integer', minimum: shape.min, maximum: shape.max };
    case 'hundredths':
      return { type: 'number', minimum: shape.min, maximum: shape.max };
    case 'one of':
      return { enum: shape.names };
    case 'list':
      return { type: 'array', items: schemaOf(shape.of), minItems: shape.least, maxItems: shape.most };
    case 'part':
      return { $ref: `#/$defs/${shape.part}` };
    case 'time':
      return { type: 'string', pattern: `^(([01]\\d|2[0-3]):[0-5]\\d${shape.end === true ? '|24:00' : ''})$` };
    case 'date':
      return { type: 'string', format: 'date' };
    case 'name':
      return { type: 'string', minLength: 1, maxLength: 60 };
    case 'currency':
      return { type: 'string', pattern: '^[A-Z]{3}$' };
    case 'day':
      return { anyOf: [{ enum: DAY_CLASSES }, { type: 'string', pattern: '^EVENT:.' }] };
    case 'boolean':
      return { type: 'boolean' };
  }
}

/** A JSON Schema of the document. What its rules do together (gaps, caps, prices no card is charged) only publishing tells. */
function jsonSchema(): object {
  const defs = PART_NAMES.map((name) => [
    name,
    {
      type: 'object',
      additionalProperties: false,
      required: Object.entries(PARTS[name]).flatMap(([field, { otherwise }]) =>
        otherwise === undefined && field !== 'version' && field !== 'currency' ? [field] : [],
      ),
      properties: Object.fromEntries(
        Object.entries(PARTS[name]).map(([field, { shape, text }]) => [
          field,
          { ...schemaOf(shape), description: text },
        ]),
      ),
    },
  ]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Tariff of a lot',
    $ref: '#/$defs/Tariff',
    $defs: Object.fromEntries(defs) as object,
  };
}

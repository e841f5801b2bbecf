import 'reflect-metadata';
import { GraphQLScalarType, Kind, valueFromASTUntyped, type ValueNode } from 'graphql';
import { isCurrency } from '../domain/money.ts';
import { isTimeZone } from '../domain/tariff/local-time.ts';
import { badInput } from './coded-errors.ts';

interface TextScalar<T> {
  readonly name: string;
  readonly description: string;
  /** What a client has to send, completing "expected …". */
  readonly expected: string;
  readonly maxLength: number;
  /** The value that the text stands for; undefined for any other text. */
  readonly parse: (text: string) => T | undefined;
  readonly serialize?: (value: unknown) => string;
}

/** A scalar written as a string. Its errors say what is expected and never repeat what was sent. */
function textScalar<T>(options: TextScalar<T>): GraphQLScalarType<T, string> {
  const parse = (value: unknown, node?: ValueNode): T => {
    const parsed = typeof value === 'string' && value.length <= options.maxLength ? options.parse(value) : undefined;
    if (parsed === undefined) throw badInput(`expected ${options.expected}`, node && [node]);
    return parsed;
  };
  return new GraphQLScalarType<T, string>({
    name: options.name,
    description: options.description,
    serialize: options.serialize ?? String,
    parseValue: (value) => parse(value),
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.STRING ? node.value : undefined, node),
    extensions: { expected: options.expected },
  });
}

interface IntegerScalar {
  readonly name: string;
  readonly description: string;
  readonly expected: string;
  readonly min: number;
}

function integerScalar(options: IntegerScalar): GraphQLScalarType<number, number> {
  const parse = (value: unknown, node?: ValueNode): number => {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= options.min) return value;
    throw badInput(`expected ${options.expected}`, node && [node]);
  };
  return new GraphQLScalarType<number, number>({
    name: options.name,
    description: options.description,
    serialize: (value) => parse(typeof value === 'bigint' ? Number(value) : value),
    parseValue: (value) => parse(value),
    parseLiteral: (node: ValueNode) => parse(node.kind === Kind.INT ? Number(node.value) : undefined, node),
    extensions: { expected: options.expected },
  });
}

const INSTANT =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;
const UUID_TEXT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const EMAIL = /^[^\s@"(),:;<>[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** 31 April is none: the parsed day must be the written one (in the written offset, hence the detour over the date alone). */
function parseInstant(text: string): Date | undefined {
  if (!INSTANT.test(text)) return undefined;
  const day = text.slice(0, 10);
  const midnight = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return undefined;
  const instant = new Date(text);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

export const DateTime = textScalar<Date>({
  name: 'DateTime',
  description:
    'An instant as RFC 3339 text with an offset, `2026-11-20T08:30:00Z`. Answers are in UTC with milliseconds.',
  expected: 'an RFC 3339 instant with an offset, like 2026-11-20T08:30:00Z',
  maxLength: 35,
  parse: parseInstant,
  serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
});

export const UUID = textScalar<string>({
  name: 'UUID',
  description: 'A UUID of any version, 36 characters with hyphens. Make a new one for each idempotency key and scan.',
  expected: 'a UUID, like 0190f4a6-0000-7000-8000-000000000000',
  maxLength: 36,
  parse: (text) => (UUID_TEXT.test(text) ? text.toLowerCase() : undefined),
});

export const Currency = textScalar<string>({
  name: 'Currency',
  description: 'An ISO 4217 currency code in capitals, `EUR`.',
  expected: 'an ISO 4217 currency code in capitals, like EUR',
  maxLength: 3,
  parse: (text) => (/^[A-Z]{3}$/.test(text) && isCurrency(text) ? text : undefined),
});

const regions = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

export const CountryCode = textScalar<string>({
  name: 'CountryCode',
  description: 'An ISO 3166-1 alpha-2 country code in capitals, `FI`.',
  expected: 'an ISO 3166-1 alpha-2 country code in capitals, like FI',
  maxLength: 2,
  parse: (text) => (/^[A-Z]{2}$/.test(text) && regions.of(text) !== undefined ? text : undefined),
});

export const TimeZone = textScalar<string>({
  name: 'TimeZone',
  description: 'An IANA time zone name, `Europe/Helsinki`.',
  expected: 'an IANA time zone name, like Europe/Helsinki',
  maxLength: 64,
  parse: (text) => (/^[A-Za-z]/.test(text) && isTimeZone(text) ? text : undefined),
});

export const Locale = textScalar<string>({
  name: 'Locale',
  description: 'A BCP 47 language tag, `fi-FI`. A language we do not speak is answered in English.',
  expected: 'a BCP 47 language tag, like fi-FI',
  maxLength: 35,
  parse: canonicalLocale,
});

function canonicalLocale(text: string): string | undefined {
  try {
    return Intl.getCanonicalLocales(text)[0];
  } catch {
    return undefined;
  }
}

export const EmailAddress = textScalar<string>({
  name: 'EmailAddress',
  description: 'An e-mail address. Upper and lower case are the same address; answers are in lower case.',
  expected: 'an e-mail address, like name@example.com',
  maxLength: 254,
  parse: (text) => (EMAIL.test(text) ? text.toLowerCase() : undefined),
});

export const ShortText = textScalar<string>({
  name: 'ShortText',
  description: 'One line of text with 1 to 64 characters: names, labels, codes, plates.',
  expected: 'one line of text with 1 to 64 characters',
  maxLength: 64,
  parse: (text) => (text.trim() !== '' && isPlainLine(text) ? text.trim() : undefined),
});

export const LongText = textScalar<string>({
  name: 'LongText',
  description: 'Text with 1 to 2000 characters: reasons, directions, credentials.',
  expected: 'text with 1 to 2000 characters',
  maxLength: 2000,
  parse: (text) => (text.trim() !== '' && !text.includes('\0') && text.isWellFormed() ? text : undefined),
});

export const JournalText = textScalar<string>({
  name: 'JournalText',
  description: 'What a lane’s journal holds, taken letter by letter: 1 to 8192 characters.',
  expected: 'text with 1 to 8192 characters',
  maxLength: 8192,
  parse: (text) => (text !== '' && !text.includes('\0') && text.isWellFormed() ? text : undefined),
});

/** No control characters, and no half of a surrogate pair: PostgreSQL takes neither NUL nor broken Unicode. */
function isPlainLine(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text);
}

export const SafeInt = integerScalar({
  name: 'SafeInt',
  description: 'A whole number that a double holds exactly, between −(2⁵³ − 1) and 2⁵³ − 1.',
  expected: 'a whole number between -9007199254740991 and 9007199254740991',
  min: Number.MIN_SAFE_INTEGER,
});

export const PositiveInt = integerScalar({
  name: 'PositiveInt',
  description: 'A whole number from 1 to 2⁵³ − 1.',
  expected: 'a whole number of at least 1',
  min: 1,
});

const DOCUMENT_MAX_DEPTH = 12;

/** A JSON value without anything that a document never has; undefined for what is too deep or no JSON. */
function plainValue(value: unknown, depth = 0): unknown {
  if (depth > DOCUMENT_MAX_DEPTH) return undefined;
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0') ? value : undefined;
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => plainValue(item, depth + 1));
    return items.includes(undefined) ? undefined : items;
  }
  if (typeof value !== 'object') return undefined;
  const members = Object.entries(value).map(([name, member]) => [name, plainValue(member, depth + 1)] as const);
  return members.some(([name, member]) => member === undefined || name.includes('\0'))
    ? undefined
    : Object.fromEntries(members);
}

function plainDocument(value: unknown, node?: ValueNode): Record<string, unknown> {
  const plain = typeof value === 'object' && value !== null && !Array.isArray(value) ? plainValue(value) : undefined;
  if (plain === undefined) throw badInput('expected a tariff document, a JSON object', node && [node]);
  return plain as Record<string, unknown>;
}

export const TariffDocumentScalar = new GraphQLScalarType<Record<string, unknown>>({
  name: 'TariffDocument',
  description:
    'The prices of a lot as a JSON object, as `docs/tariffs.md` describes it and `docs/tariff.schema.json` checks it. Amounts are minor units.',
  serialize: (value) => value as Record<string, unknown>,
  parseValue: (value) => plainDocument(value),
  parseLiteral: (node: ValueNode, variables) => plainDocument(valueFromASTUntyped(node, variables), node),
  extensions: { expected: 'a tariff document, a JSON object' },
});

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';
import { ID_KINDS } from '../../src/domain/public-id.ts';
import type { Role } from '../../src/domain/viewer.ts';
import { RESOLVERS } from '../../src/http/resolvers.ts';
import { accessTable } from '../../src/schema/access.ts';
import { createSchema } from '../../src/schema/build-schema.ts';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';

/** Values that pass for a scalar, or nearly, and that nothing behind it expects. */
const NASTY_TEXT = [
  '',
  ' ',
  'x'.repeat(64),
  'x'.repeat(5000),
  "'; drop table lot; --",
  '%_\\',
  '\u0000',
  '\ud800',
  '🚗🚗',
  '\u202edcba',
  '__proto__',
  '{}',
];
const NASTY_NUMBERS = [0, -1, 2 ** 31 - 1, -(2 ** 31), Number.MAX_SAFE_INTEGER, 1e308, 0.1];
const NASTY: Record<string, readonly unknown[]> = {
  Int: NASTY_NUMBERS,
  Float: NASTY_NUMBERS,
  SafeInt: NASTY_NUMBERS,
  PositiveInt: NASTY_NUMBERS,
  Boolean: [true, false],
  DateTime: ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2027-02-31T00:00:00Z', '1970-01-01T00:00:00+14:00'],
  UUID: ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff'],
  EmailAddress: [`${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.example`, 'a@b.c'],
  Currency: ['XXX', 'JPY', 'eur'],
  CountryCode: ['ZZ', 'XK'],
  TimeZone: ['Etc/GMT+12', 'Asia/Kathmandu', 'PST', '../../etc/passwd'],
  Locale: ['en-u-nu-thai', 'x-private', 'art-lojban'],
};
const WELL_FORMED_IDS = ID_KINDS.flatMap((kind) => [`${kind}_${'A'.repeat(22)}`, `${kind}_${'A'.repeat(42)}A`]);

const schema = createSchema(RESOLVERS);
const roles = accessTable(schema);
let system: TestSystem;
let lot: TestLot;
let reservationId: string;
const tokens = new Map<Role, string>();
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system);
  const driver = await lot.driverToken();
  tokens.set('DRIVER', driver);
  const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
  tokens.set('OPERATOR', token);
  for (const role of ['ATTENDANT', 'ADMIN'] as const) tokens.set(role, await lot.staffToken(role));
  const period = hoursFrom(system.clock.now(), 24, 4);
  reservationId = (await reserveAndPay(system.client(driver), reserveInput(lot, period))).id;
  tokens.set('GATE', lot.entry.deviceKey);
});
afterAll(() => system?.stop());

type Path = readonly string[];

/** Every place of an input where a leaf stands. Objects inside themselves are not entered twice. */
function leaves(type: GraphQLInputType, path: Path, above: readonly string[] = []): { path: Path; leaf: string }[] {
  const named = getNamedType(type);
  if (isLeafType(named)) return [{ path, leaf: named.name }];
  if (!isInputObjectType(named) || above.includes(named.name)) return [];
  return Object.values(named.getFields()).flatMap((field) =>
    leaves(field.type, [...path, field.name], [...above, named.name]),
  );
}

interface Put {
  /** Of the field or argument whose value is made. */
  name: string;
  path: Path;
  value: unknown;
}

/** The smallest good value of a type that has `value` at `path`. */
function valueWith(type: GraphQLInputType, { name, path, value }: Put): unknown {
  const [next, ...rest] = path;
  const bare = getNullableType(type);
  if (isListType(bare)) return [valueWith(bare.ofType, { name, path, value })];
  if (!isInputObjectType(bare)) return value;
  const fields = Object.values(bare.getFields());
  const chosen =
    next ?? (bare.isOneOf ? (fields.find((field) => field.name === 'plate') ?? fields[0]!).name : undefined);
  const wanted = fields.filter(
    (field) =>
      field.name === chosen || (!bare.isOneOf && isNonNullType(field.type) && field.defaultValue === undefined),
  );
  return Object.fromEntries(
    wanted.map((field) => [
      field.name,
      field.name === next
        ? valueWith(field.type, { name: field.name, path: rest, value })
        : good(field.type, field.name),
    ]),
  );
}

function good(type: GraphQLInputType, name: string): unknown {
  const bare = getNullableType(type);
  if (isListType(bare)) return [good(bare.ofType, name)];
  if (isInputObjectType(bare)) return valueWith(bare, { name, path: [], value: undefined });
  if (isEnumType(bare)) return bare.getValues()[0]!.name;
  return goodLeaf(String(bare), name);
}

const soon = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

function goodLeaf(type: string, name: string): unknown {
  if (type === 'ID') return goodId(name);
  if (name === 'endsAt') return soon(180);
  const values: Record<string, unknown> = {
    Int: 1,
    Float: 1,
    SafeInt: 1,
    PositiveInt: 1,
    Boolean: false,
    String: 'x',
    ShortText: 'ABC123',
    LongText: 'a longer text',
    UUID: randomUUID(),
    DateTime: soon(60),
    EmailAddress: `${randomUUID()}@example.test`,
    Currency: 'EUR',
    CountryCode: 'FI',
    TimeZone: 'Europe/Helsinki',
    Locale: 'en',
  };
  return values[type];
}

function goodId(name: string): string {
  const ids: Record<string, string> = {
    gateId: lot.entry.publicId,
    levelId: lot.levelPublicId,
    spotId: lot.spots[0]!.publicId,
    spotIds: lot.spots[0]!.publicId,
    operatorId: lot.operatorPublicId,
    reservationId,
    stayId: `sty_${'A'.repeat(43)}`,
  };
  return ids[name] ?? lot.publicId;
}

function nasty(leaf: string): readonly unknown[] {
  if (leaf === 'ID') return [...NASTY_TEXT, ...WELL_FORMED_IDS];
  if (NASTY[leaf]) return NASTY[leaf];
  return isEnumType(schema.getType(leaf)) ? ['NO_SUCH_VALUE'] : NASTY_TEXT;
}

interface Shot {
  field: GraphQLField<unknown, unknown>;
  operation: string;
  variables: Record<string, unknown>;
  about: string;
}

function shotsAt(operation: 'query' | 'mutation', field: GraphQLField<unknown, unknown>): Shot[] {
  const places = field.args.flatMap((arg) => leaves(arg.type, [arg.name]));
  return places.flatMap(({ path, leaf }) =>
    [null, ...nasty(leaf)].map((value) => ({
      field,
      operation,
      about: `${field.name}(${path.join('.')}: ${JSON.stringify(value)})`,
      variables: Object.fromEntries(
        field.args
          .filter((arg) => arg.name === path[0] || isNonNullType(arg.type))
          .map((arg) => [
            arg.name,
            arg.name === path[0]
              ? valueWith(arg.type, { name: arg.name, path: path.slice(1), value })
              : good(arg.type, arg.name),
          ]),
      ),
    })),
  );
}

function tokenFor(parent: string, field: string): string | undefined {
  const allowed = roles.get(`${parent}.${field}`) ?? [];
  return tokens.get(
    (['OPERATOR', 'DRIVER', 'GATE', 'ADMIN', 'ATTENDANT'] as const).find((role) => allowed.includes(role)) ?? 'DRIVER',
  );
}

async function fire(parent: string, { field, operation, variables, about }: Shot): Promise<string | undefined> {
  const args = field.args.filter(({ name }) => name in variables);
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  const document = `${operation} Shot(${declared}) { ${field.name}(${passed}) ${selection} }`;
  const { status, errors } = await system.client(tokenFor(parent, field.name)).query(document, variables);
  const codes = errors?.map(({ extensions }) => extensions.code) ?? [];
  return status >= 500 || codes.includes('INTERNAL') || codes.includes('GRAPHQL_VALIDATION_FAILED')
    ? `${about} → ${status} ${codes.join()}`
    : undefined;
}

const OPERATIONS = [
  ...Object.values(schema.getQueryType()!.getFields()).map((field) => ['query', 'Query', field] as const),
  ...Object.values(schema.getMutationType()!.getFields()).map((field) => ['mutation', 'Mutation', field] as const),
].filter(([, , field]) => field.args.length > 0);

test.each(OPERATIONS.map((operation) => [operation[2].name, operation] as const))(
  '%s answers garbage in every place of its input with a refusal, never with a failure of ours',
  async (_name, [operation, parent, field]) => {
    const shots = shotsAt(operation, field);
    const failures: string[] = [];
    for (let start = 0; start < shots.length; start += 8) {
      const answers = await Promise.all(shots.slice(start, start + 8).map((shot) => fire(parent, shot)));
      failures.push(...answers.filter((answer) => answer !== undefined));
    }
    expect(failures).toEqual([]);
  },
  60_000,
);

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
  isObjectType,
  type GraphQLField,
  type GraphQLInputType,
} from 'graphql';
import { encodeId, ID_KINDS } from '../../src/domain/public-id.ts';
import type { Role } from '../../src/domain/viewer.ts';
import { RESOLVERS } from '../../src/http/resolvers.ts';
import { repriceStays } from '../../src/insight/reprice-stays.ts';
import { accessTable } from '../../src/schema/access.ts';
import { createSchema } from '../../src/schema/build-schema.ts';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { SubscriptionFailed } from '../support/graphql-client.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDevice, makeLot, makeStaff, type TestLot } from '../support/world.ts';

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
  TariffDocument: [
    {},
    { rates: [] },
    { rates: [{ name: '\u0000', bands: [{ steps: {} }] }], offers: 1, calendar: { holidays: [null] } },
    { rates: { length: 1e9 }, grace: [], multiplier: { points: [[]] }, tax: { percent: 1e308, mode: 'x' } },
    JSON.parse('{"__proto__":{"rates":[]},"constructor":1}'),
    Array.from({ length: 40 }).reduce<object>((inside) => ({ rates: [inside] }), {}),
  ],
};
/** Cursors that could be ours by their form and hold what no list has given. */
const CURSORS = [
  '[]',
  '[[]]',
  '[null]',
  '[""]',
  '["\\u0000"]',
  '["\\ud800"]',
  '["a","b"]',
  '["NaN","x"]',
  '["1e308","00000000-0000-0000-0000-000000000000"]',
  '["-62135596800001","ffffffff-ffff-ffff-ffff-ffffffffffff"]',
  '["1","lot_AAAAAAAAAAAAAAAAAAAAAA"]',
  '["9007199254740993","lot_AAAAAAAAAAAAAAAAAAAAAA"]',
  '{"length":1}',
  '"text"',
  '1',
  '{',
  JSON.stringify(['x'.repeat(380)]),
].map((key) => Buffer.from(key).toString('base64url'));
const WELL_FORMED_IDS = ID_KINDS.flatMap((kind) => [`${kind}_${'A'.repeat(22)}`, `${kind}_${'A'.repeat(42)}A`]);

const schema = createSchema(RESOLVERS);
const roles = accessTable(schema);
let system: TestSystem;
let lot: TestLot;
let reservationId: string;
let repricingId: string;
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
  const now = system.clock.now();
  const { repricing } = await repriceStays(
    system.platform,
    { idempotencyKey: randomUUID(), lotId: lot.id, fromAt: new Date(now.getTime() - 1000), untilAt: now },
    { kind: 'STAFF', role: 'ADMIN', staffId: randomUUID(), operatorId: null, lotIds: 'ALL' },
  );
  repricingId = encodeId('rpr', lot.id, repricing.id);
  tokens.set('GATE', lot.entry.deviceKey);
  const lane = { lotId: lot.id, gateId: null, role: 'LANE', name: 'Lane' } as const;
  tokens.set('LANE', (await makeDevice(system, lane)).deviceKey);
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
    JournalText: '{}',
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

function nasty(leaf: string, name: string | undefined): readonly unknown[] {
  if (name === 'after' || name === 'before') return [...NASTY_TEXT, ...CURSORS];
  if (leaf === 'ID') return [...NASTY_TEXT, ...WELL_FORMED_IDS];
  if (NASTY[leaf]) return NASTY[leaf];
  return isEnumType(schema.getType(leaf)) ? ['NO_SUCH_VALUE'] : NASTY_TEXT;
}

type Door = (token: string | undefined, document: string, variables: Record<string, unknown>) => Promise<Answered>;
interface Answered {
  status: number;
  codes: string[];
}

const overHttp: Door = async (token, document, variables) => {
  const { status, errors } = await system.client(token).query(document, variables);
  return { status, codes: errors?.map(({ extensions }) => extensions.code) ?? [] };
};

/** A subscription that is let in and has nothing to tell is fine here. */
const overWebsocket: Door = async (token, document, variables) => {
  const live = system.subscribe(document, variables, token);
  const problem = await live.next(250).catch((error: unknown) => error);
  await live.stop();
  const { errors, closeCode } = problem instanceof SubscriptionFailed ? problem.problem : {};
  const codes = errors?.map(({ extensions }) => extensions.code) ?? [];
  return { status: 0, codes: closeCode === undefined ? codes : [...codes, `closed with ${closeCode}`] };
};

/** A field with arguments, and how to get there. */
interface Target {
  type: string;
  field: GraphQLField<unknown, unknown>;
  door: Door;
  /** The document around the field's own text. */
  around: (declared: string, field: string) => string;
  token: () => string | undefined;
}

interface Shot {
  variables: Record<string, unknown>;
  about: string;
}

function shotsAt({ field }: Target): Shot[] {
  const places = field.args.flatMap((arg) => leaves(arg.type, [arg.name]));
  return places.flatMap(({ path, leaf }) =>
    [null, ...nasty(leaf, path.at(-1))].map((value) => ({
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

async function fire({ field, around, door, token }: Target, { variables, about }: Shot): Promise<string | undefined> {
  const args = field.args.filter(({ name }) => name in variables);
  const declared = args.map((arg) => `$${arg.name}: ${String(arg.type)}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : '{ __typename }';
  const { status, codes } = await door(token(), around(declared, `${field.name}(${passed}) ${selection}`), variables);
  const isOurs = (code: string) => ['INTERNAL', 'GRAPHQL_VALIDATION_FAILED'].includes(code) || /^closed/.test(code);
  return status >= 500 || codes.some(isOurs) ? `${about} → ${status} ${codes.join()}` : undefined;
}

const withArguments = (type: string): GraphQLField<unknown, unknown>[] => {
  const found = schema.getType(type);
  return isObjectType(found) ? Object.values(found.getFields()).filter(({ args }) => args.length > 0) : [];
};

function atRoot(type: string, door = overHttp): Target[] {
  return withArguments(type).map((field) => ({
    type,
    field,
    door,
    around: (declared, text) => `${type.toLowerCase()} Shot(${declared}) { ${text} }`,
    token: () => tokenFor(type, field.name),
  }));
}

/** How to come to an object of each type whose fields take arguments; asked by somebody who may see it. */
const WAYS: Record<string, (text: string) => string> = {
  Lot: (text) => `lot(id: "${lot.publicId}") { ${text} }`,
  Reservation: (text) => `reservation(id: "${reservationId}") { ${text} }`,
  Quote: (text) => {
    const { startsAt, endsAt } = hoursFrom(system.clock.now(), 24, 4);
    const input = `{ lotId: "${lot.publicId}", period: { startsAt: "${startsAt}", endsAt: "${endsAt}" } }`;
    return `quote(input: ${input}) { quote { ${text} } }`;
  },
  Repricing: (text) => `repricing(id: "${repricingId}") { ${text} }`,
  Money: (text) => `reservation(id: "${reservationId}") { price { total { ${text} } } }`,
};
/** Their one argument is a locale, as elsewhere; there is no way to them without an effect. */
const NO_WAY = ['GateDecision'];

const BELOW: Target[] = Object.keys(schema.getTypeMap())
  .filter((type) => type in WAYS)
  .flatMap((type) =>
    withArguments(type).map((field) => ({
      type,
      field,
      door: overHttp,
      around: (declared, text) => `query Shot(${declared}) { ${WAYS[type]!(text)} }`,
      token: () => tokens.get(type === 'Repricing' ? 'OPERATOR' : 'DRIVER'),
    })),
  );

test('there is a way to every field that takes arguments', () => {
  const types = Object.keys(schema.getTypeMap()).filter(
    (type) => !type.startsWith('__') && withArguments(type).length > 0,
  );
  const known = ['Query', 'Mutation', 'Subscription', ...Object.keys(WAYS), ...NO_WAY];
  expect(types.toSorted()).toEqual(known.toSorted());
});

const TARGETS: [name: string, target: Target][] = [
  ...[...atRoot('Query'), ...atRoot('Mutation'), ...BELOW].map((target): [string, Target] => [
    `${target.type}.${target.field.name}`,
    target,
  ]),
  ...atRoot('Subscription').map((target): [string, Target] => [`Subscription.${target.field.name} over HTTP`, target]),
  ...atRoot('Subscription', overWebsocket).map((target): [string, Target] => [
    `Subscription.${target.field.name}`,
    target,
  ]),
];

test.each(TARGETS)(
  '%s answers garbage in every place of its input with a refusal, never with a failure of ours',
  async (_name, target) => {
    const shots = shotsAt(target);
    expect(shots.length).toBeGreaterThan(0);
    const failures: string[] = [];
    for (let start = 0; start < shots.length; start += 8) {
      const answers = await Promise.all(shots.slice(start, start + 8).map((shot) => fire(target, shot)));
      failures.push(...answers.filter((answer) => answer !== undefined));
    }
    expect(failures).toEqual([]);
  },
);

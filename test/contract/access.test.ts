import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isObjectType, type GraphQLSchema } from 'graphql';
import { Field, ObjectType, Query, Resolver } from 'type-graphql';
import { encodeId } from '../../src/domain/public-id.ts';
import { ROLES, type Role } from '../../src/domain/viewer.ts';
import { RESOLVERS } from '../../src/http/resolvers.ts';
import { raiseIncident } from '../../src/incidents/raise-incident.ts';
import { repriceStays } from '../../src/insight/reprice-stays.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { accessTable, Allow } from '../../src/schema/access.ts';
import { createSchema } from '../../src/schema/build-schema.ts';
import { overrideSpot } from '../../src/sensors/override-spot.ts';
import { registerSensor } from '../../src/sensors/register-sensor.ts';
import { SubscriptionFailed, type GraphqlError } from '../support/graphql-client.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { freshPlate, hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { Discounts } from '../journeys/discount-steps.ts';
import { decide } from '../support/gate.ts';
import { makeDevice, makeDriver, makeLot, makeStaff, makeVehicle, type TestLot } from '../support/world.ts';
import { ASKERS, nodeOf, OF_ALERT, OF_EVENT, RULED, type Asker, type Ruled } from './ruled-fields.ts';

@ObjectType()
class Bare {
  @Field(() => String)
  secret!: string;
}

@Resolver()
class UnruledFieldResolver {
  @Allow('PUBLIC')
  @Query(() => Bare)
  bare(): Bare {
    return { secret: 'x' };
  }
}

@Resolver()
class UnruledQueryResolver {
  @Query(() => String)
  open(): string {
    return 'x';
  }
}

const schema: GraphQLSchema = createSchema(RESOLVERS);

test('every field of every type has a rule', () => {
  const table = accessTable(schema);
  const fields = Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) =>
      isObjectType(type) ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : [],
    );
  expect(fields.filter((field) => !table.has(field))).toEqual([]);
  expect(fields.length).toBeGreaterThan(20);
});

test('a schema with an operation or a field without a rule does not come up, and is told which', () => {
  expect(() => createSchema([UnruledQueryResolver])).toThrow('Query.open');
  expect(() => createSchema([UnruledFieldResolver])).toThrow('Bare.secret');
});

describe('each operation, for each role', () => {
  let system: TestSystem;
  const tokens = new Map<Role, string | undefined>();
  beforeAll(async () => {
    system = await startSystem({ roles: ['api'], env: { LOG_LEVEL: 'silent' } });
    const lot = await makeLot(system);
    tokens.set('PUBLIC', undefined);
    tokens.set('DRIVER', await lot.driverToken());
    for (const role of ['ATTENDANT', 'OPERATOR', 'ADMIN'] as const) tokens.set(role, await lot.staffToken(role));
    tokens.set('GATE', lot.entry.deviceKey);
    tokens.set('BOARD', lot.boardKey);
    const lane = { lotId: lot.id, gateId: null, role: 'LANE', name: 'Lane' } as const;
    tokens.set('LANE', (await makeDevice(system, lane)).deviceKey);
    const sensor = { lotId: lot.id, gateId: null, role: 'SENSOR', name: 'Sensors' } as const;
    tokens.set('SENSOR', (await makeDevice(system, sensor)).deviceKey);
    tokens.set('MERCHANT', (await new Discounts(system, lot).merchant()).key);
  });
  afterAll(() => system?.stop());

  const operations = [...accessTable(schema)].filter(([field]) => /^(?:Query|Mutation|Subscription)\./.test(field));

  /** What is for drivers or devices alone is about rows of their own, of which an admin has none: that the operation says itself. */
  const judged = (role: Role, roles: readonly Role[]) =>
    role !== 'ADMIN' || roles.some((other) => ['PUBLIC', 'ATTENDANT', 'OPERATOR', 'ADMIN'].includes(other));

  /** The field with every required argument as a variable that has no value: it is refused for that, once the role is let in. */
  test.each(operations)('%s is open to %j and to no other role', async (field, roles) => {
    const [type = '', name = ''] = field.split('.');
    const { args } = rootField(type, name);
    const table = await Promise.all(
      [...tokens]
        .filter(([role]) => judged(role, roles))
        .map(
          async ([role, token]) =>
            [
              role,
              await gateOf(system, { token, type, name, args: args.map((arg) => [arg.name, String(arg.type)]) }),
            ] as const,
        ),
    );
    const expected = (role: Role) =>
      roles.includes('PUBLIC') || roles.includes(role) || role === 'ADMIN'
        ? 'OPEN'
        : role === 'PUBLIC'
          ? 'UNAUTHENTICATED'
          : 'FORBIDDEN';
    expect(Object.fromEntries(table)).toEqual(Object.fromEntries(table.map(([role]) => [role, expected(role)])));
  });
});

test('every field below the operations that has a rule of its own is asked for by each of them', () => {
  const below = [...accessTable(schema)].filter(
    ([field, roles]) => !/^(?:Query|Mutation|Subscription)\./.test(field) && !roles.includes('PUBLIC'),
  );
  const asked = RULED.flatMap(({ what }) => what.split(', '));
  expect(below.map(([field]) => field).filter((field) => !asked.includes(field))).toEqual([]);
});

describe('what belongs to a lot or a driver', () => {
  let system: TestSystem;
  let lot: TestLot;
  let variables: Record<string, string>;
  const tokens = new Map<Asker, string | undefined>([['nobody', undefined]]);
  beforeAll(async () => {
    system = await startSystem({ env: { LOG_LEVEL: 'silent' } });
    lot = await makeLot(system);
    const other = await makeLot(system);
    const driver = await makeDriver(system);
    const vehicle = await makeVehicle(system, { driverId: driver.id, plate: 'ABC-123' });
    tokens.set('driver', driver.token).set('other driver', await lot.driverToken());
    for (const [asker, place] of [
      ['', lot],
      ['other ', other],
    ] as const) {
      const { operatorId } = place;
      for (const role of ['ATTENDANT', 'OPERATOR'] as const) {
        tokens.set(`${asker}${role.toLowerCase()}` as Asker, (await makeStaff(system, { role, operatorId })).token);
      }
      tokens.set(`${asker}gate` as Asker, place.entry.deviceKey);
    }
    tokens.set('admin', await lot.staffToken('ADMIN')).set('board', lot.boardKey);
    const client = system.client(driver.token);
    const { id } = await reserveAndPay(client, reserveInput(lot, hoursFrom(system.clock.now(), 24, 4)));
    const { data } = await client.query(nodeOf('id', '... on Reservation { payment { id } }'), { id });
    await system.platform.orm.em.fork().execute('update spot set sensed_occupied = true where lot_id = ?', [lot.id]);
    variables = {
      lot: lot.publicId,
      driver: driver.publicId,
      vehicle: vehicle.publicId,
      device: encodeId('dev', lot.id, lot.entry.deviceId),
      reservation: id,
      payment: data['node'].payment.id,
      repricing: await repricingOf(system, lot),
      ...(await watchedOver(system, lot)),
    };
  });
  afterAll(() => system?.stop());

  const given = (document: string) =>
    Object.fromEntries(Object.entries(variables).filter(([name]) => document.includes(`$${name}:`)));

  async function isServed({ document, seen }: Ruled, token: string | undefined): Promise<boolean> {
    const { data, errors } = await system.client(token).query(document, given(document));
    expect(errors?.map(({ extensions }) => extensions.code) ?? ['NONE']).toEqual(
      expect.not.arrayContaining(['INTERNAL', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT']),
    );
    return visible(() => seen(data));
  }

  // The last one may still be on its way when the system ends.
  const arrive = () => void decide(system, lot.entry, { plate: { text: freshPlate() } }).catch(() => undefined);

  const goWrong = () => void raise(system, lot).catch(() => undefined);

  /** A subscriber of gates sees the next car, one of incidents the next; one of a reservation sees it at once. */
  async function isTold({ document, seen }: Ruled, token: string | undefined): Promise<boolean> {
    const live = system.subscribe(document, given(document), token);
    const first = live.next().then(
      (data) => visible(() => seen(data)),
      (error: unknown) => {
        if (error instanceof SubscriptionFailed && error.problem.errors) return false;
        throw error;
      },
    );
    const happen = { [OF_EVENT]: arrive, [OF_ALERT]: goWrong }[document];
    const driving = happen && setInterval(happen, 300);
    try {
      return await first;
    } finally {
      clearInterval(driving);
      await live.stop();
    }
  }

  test.each(RULED.map((ruled) => [ruled.what, ruled.served, ruled] as const))(
    '%s: shown to %j and to nobody else',
    async (_what, served, ruled) => {
      const ask = ruled.document.startsWith('subscription') ? isTold : isServed;
      const answers: Asker[] = [];
      for (const asker of ASKERS) if (await ask(ruled, tokens.get(asker))) answers.push(asker);
      expect(answers).toEqual(ASKERS.filter((asker) => served.includes(asker)));
    },
  );
});

async function repricingOf({ platform, clock }: TestSystem, { id: lotId }: TestLot): Promise<string> {
  const admin = { kind: 'STAFF', role: 'ADMIN', staffId: lotId, operatorId: null, lotIds: 'ALL' } as const;
  const untilAt = clock.now();
  const wish = { idempotencyKey: lotId, lotId, fromAt: new Date(untilAt.getTime() - 1000), untilAt };
  const { repricing } = await repriceStays(platform, wish, admin);
  return encodeId('rpr', lotId, repricing.id);
}

/** An incident, a sensor on the first spot, and a person's word on it, which leaves a row of what staff did. */
async function watchedOver(system: TestSystem, lot: TestLot): Promise<Record<string, string>> {
  const { platform } = system;
  const admin = { kind: 'STAFF', role: 'ADMIN', staffId: lot.id, operatorId: null, lotIds: 'ALL' } as const;
  const [lotId, spotId] = [lot.id, lot.spots[0]!.id];
  const { id } = await registerSensor(platform, { lotId, spotId, serial: 'A', heartbeatMinutes: 180 }, admin);
  const said = { sight: 'OCCUPIED', minutes: 600, reason: 'A box stands there' } as const;
  await overrideSpot(platform, { lotId, spotId, ...said }, admin);
  return { sensor: encodeId('sen', lotId, id), incident: encodeId('inc', lotId, (await raise(system, lot)) ?? '') };
}

function raise({ platform }: TestSystem, { id: lotId }: TestLot): Promise<string | undefined> {
  return inTransaction(platform, (tx) => raiseIncident(tx, { lotId, kind: 'TAILGATING' }));
}

/** Whether there is something to see: not null, nor anything above it. */
function visible(see: () => unknown): boolean {
  try {
    return see() != null;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

test('the roles of the table are the roles there are', () => {
  const used = new Set([...accessTable(schema).values()].flat());
  expect([...used].filter((role) => !ROLES.includes(role))).toEqual([]);
});

interface Asked {
  token: string | undefined;
  type: string;
  name: string;
  args: [name: string, type: string][];
}

/** Values that fit the types and stand for nothing that exists. */
async function gateOf(system: TestSystem, { token, type, name, args }: Asked): Promise<string> {
  const given = args.filter(([, argType]) => argType.endsWith('!'));
  const variables = Object.fromEntries(given.map(([arg, argType]) => [arg, sample(argType)]));
  const declared = given.map(([arg, argType]) => `$${arg}: ${argType}`).join(', ');
  const passed = given.map(([arg]) => `${arg}: $${arg}`).join(', ');
  const document = `${type.toLowerCase()} ${declared ? `Q(${declared})` : ''} { ${name}${passed ? `(${passed})` : ''} ${selection(type, name)} }`;
  const ask = type === 'Subscription' ? firstErrors : answeredErrors;
  const errors = await ask(system, { document, variables, token });
  const code = errors?.[0]?.extensions.code;
  if (code === 'GRAPHQL_VALIDATION_FAILED' || code === 'INTERNAL')
    throw new Error(`${document}: ${JSON.stringify(errors)}`);
  return code === 'UNAUTHENTICATED' || code === 'FORBIDDEN' ? code : 'OPEN';
}

interface Sent {
  document: string;
  variables: Record<string, unknown>;
  token: string | undefined;
}

async function answeredErrors(
  system: TestSystem,
  { document, variables, token }: Sent,
): Promise<GraphqlError[] | undefined> {
  return (await system.client(token).query(document, variables)).errors;
}

/** What a subscription is refused with; undefined when it shows something. One that does neither is not open: it hangs. */
async function firstErrors(
  system: TestSystem,
  { document, variables, token }: Sent,
): Promise<GraphqlError[] | undefined> {
  const live = system.subscribe(document, variables, token);
  try {
    await live.next();
    return undefined;
  } catch (error) {
    if (error instanceof SubscriptionFailed && error.problem.errors) return error.problem.errors;
    throw error;
  } finally {
    await live.stop();
  }
}

function rootField(type: string, name: string) {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return roots.find((root) => root?.name === type)!.getFields()[name]!;
}

function selection(type: string, name: string): string {
  return /^\[?(?:String|Boolean|ID)/.test(String(rootField(type, name).type)) ? '' : '{ __typename }';
}

const SAMPLES: Record<string, unknown> = {
  ID: 'lot_none',
  Int: 1,
  String: 'x',
  Boolean: false,
  ShortText: 'x',
  LongText: 'x',
  JournalText: 'x',
  UUID: '0190f4a6-0000-7000-8000-000000000000',
  DateTime: '2030-01-01T00:00:00Z',
  EmailAddress: 'nobody@example.test',
  SafeInt: 1,
  PositiveInt: 1,
  Currency: 'EUR',
  CountryCode: 'FI',
  TimeZone: 'Europe/Helsinki',
  Locale: 'en',
  Float: 1,
  TariffDocument: {},
};

/** The smallest value of an input type: required fields only; of a one-of, its first. */
function sample(typeText: string): unknown {
  const bare = typeText.replace(/!$/, '');
  if (bare.startsWith('[')) return [sample(bare.slice(1, -1))];
  const type: any = schema.getType(bare);
  if (bare in SAMPLES) return SAMPLES[bare];
  if (typeof type.getValues === 'function') return type.getValues()[0].name;
  const fields: any[] = Object.values(type.getFields());
  const needed = type.isOneOf
    ? fields.slice(0, 1)
    : fields.filter((field) => String(field.type).endsWith('!') && field.defaultValue === undefined);
  return Object.fromEntries(needed.map((field) => [field.name, sample(String(field.type))]));
}

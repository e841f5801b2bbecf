import { randomBytes } from 'node:crypto';
import { issueAccessToken } from '../../src/accounts/access-tokens.ts';
import { makeDeviceKey } from '../../src/accounts/device-keys.ts';
import type { OpeningHours } from '../../src/domain/opening-hours.ts';
import { DEFAULT_LOT_POLICY, type LotPolicy } from '../../src/domain/policies.ts';
import { encodeId } from '../../src/domain/public-id.ts';
import type { SpotType } from '../../src/domain/spot-type.ts';
import type { TariffDocument } from '../../src/domain/tariff/document.ts';
import type { VehicleClass } from '../../src/domain/vehicle.ts';
import type { DeviceRole, StaffRole } from '../../src/domain/viewer.ts';
import { Device } from '../../src/entities/device.ts';
import { Driver } from '../../src/entities/driver.ts';
import { Gate, type GateDirection } from '../../src/entities/gate.ts';
import { Level } from '../../src/entities/level.ts';
import { Lot } from '../../src/entities/lot.ts';
import { Operator } from '../../src/entities/operator.ts';
import { Pool } from '../../src/entities/pool.ts';
import { Spot } from '../../src/entities/spot.ts';
import { Staff } from '../../src/entities/staff.ts';
import { Tariff } from '../../src/entities/tariff.ts';
import { Vehicle } from '../../src/entities/vehicle.ts';
import { newId } from '../../src/platform/ids.ts';
import { partitionOf } from '../../src/platform/redis.ts';
import type { TestSystem } from './system.ts';
import { plainRates } from './tariffs.ts';

/** No such text is a hash: nobody signs in with a password. */
const NO_PASSWORD = 'none';

export interface LotOptions {
  /** How many spots of each type; 3 STANDARD unless said otherwise. */
  spots?: Partial<Record<SpotType, number>>;
  policy?: Partial<LotPolicy>;
  /** 2.00 EUR an hour started, 10.00 a day, no minutes free, unless said otherwise. */
  tariff?: Partial<TariffDocument>;
  timeZone?: string;
  currency?: string;
  country?: string;
  openingHours?: OpeningHours;
  latitude?: number;
  longitude?: number;
  code?: string;
  /** Another lot of the same operator. */
  operatorId?: string;
}

export interface TestGate {
  id: string;
  publicId: string;
  name: string;
  direction: GateDirection;
  deviceId: string;
  /** The bearer token of the gate's own device. */
  deviceKey: string;
}

export interface TestSpot {
  id: string;
  publicId: string;
  label: string;
  spotType: SpotType;
}

export interface TestLot {
  id: string;
  publicId: string;
  code: string;
  partition: number;
  operatorId: string;
  operatorPublicId: string;
  levelId: string;
  levelPublicId: string;
  tariffId: string;
  policy: LotPolicy;
  tariff: TariffDocument;
  spots: TestSpot[];
  entry: TestGate;
  exit: TestGate;
  /** The bearer token of a display board of this lot. */
  boardKey: string;
  /** A new member of the operator's staff, for this lot alone (ADMIN: for all). */
  staffToken(role: StaffRole): Promise<string>;
  /** A new driver with a login. */
  driverToken(): Promise<string>;
  /** The key of a gate's device. */
  deviceKey(gate: TestGate): string;
}

/** A lot with an operator, one level, spots labelled "1-001" …, a tariff, an entry, an exit and a device key at each. */
export async function makeLot(system: TestSystem, options: LotOptions = {}): Promise<TestLot> {
  const now = system.clock.now();
  const [id, levelId, tariffId] = [newId(now), newId(now), newId(now)];
  const operatorId = options.operatorId ?? newId(now);
  const code = options.code ?? `T${randomBytes(4).toString('hex').toUpperCase()}`;
  const policy: LotPolicy = { ...DEFAULT_LOT_POLICY, ...options.policy };
  const tariff = tariffOf(options);
  const spots = spotRows({ lotId: id, levelId, counts: options.spots ?? { STANDARD: 3 }, now });
  // At once: whoever looks at the lot (the projector does) must not see half of it.
  await system.platform.orm.em.fork().transactional(async (em) => {
    if (options.operatorId === undefined) await em.insert(Operator, operatorRow({ id: operatorId, code, now }));
    await em.insert(Lot, lotRow({ ...options, id, operatorId, code, policy, now }));
    await em.insert(Level, { lotId: id, id: levelId, name: 'Ground', ordinal: 0 });
    const types = [...new Set(spots.map(({ spotType }) => spotType))];
    await em.insertMany(
      Pool,
      types.map((spotType) => ({ lotId: id, spotType })),
    );
    await em.insertMany(Spot, spots);
    const published = { publishedAt: now, publishedByStaffId: null };
    await em.insert(Tariff, { lotId: id, id: tariffId, versionNumber: 1, document: tariff, ...published });
  });
  const entry = await makeGate(system, { lotId: id, direction: 'ENTRY', name: 'Entry' });
  const exit = await makeGate(system, { lotId: id, direction: 'EXIT', name: 'Exit' });
  const { deviceKey: boardKey } = await makeDevice(system, { lotId: id, gateId: null, role: 'BOARD', name: 'Board' });
  const staffOf = (role: StaffRole) =>
    role === 'ADMIN' ? { role, operatorId: null } : { role, operatorId, lotIds: [id] };
  return {
    id,
    publicId: encodeId('lot', null, id),
    code,
    partition: partitionOf(id),
    operatorId,
    operatorPublicId: encodeId('opr', null, operatorId),
    levelId,
    levelPublicId: encodeId('lvl', id, levelId),
    tariffId,
    policy,
    tariff,
    spots: spots.map((spot) => ({ ...spot, publicId: encodeId('spt', id, spot.id) })),
    entry,
    exit,
    boardKey,
    staffToken: async (role) => (await makeStaff(system, staffOf(role))).token,
    driverToken: async () => (await makeDriver(system)).token,
    deviceKey: (gate) => gate.deviceKey,
  };
}

function tariffOf(options: LotOptions): TariffDocument {
  return {
    version: 1,
    currency: options.currency ?? 'EUR',
    ...plainRates({ blockMinutes: 60, minor: 200, dayMinor: 1000 }),
    ...options.tariff,
  };
}

function operatorRow({ id, code, now }: { id: string; code: string; now: Date }) {
  const name = `Operator ${code}`;
  return { id, name, legalName: `${name} Ltd`, taxNumber: null, createdAt: now };
}

interface LotRow extends Omit<LotOptions, 'policy'> {
  id: string;
  operatorId: string;
  code: string;
  policy: LotPolicy;
  now: Date;
}

function lotRow({ id, operatorId, code, policy, now, ...options }: LotRow) {
  return {
    id,
    operatorId,
    code,
    name: `Lot ${code}`,
    address: 'Testikatu 1, Helsinki',
    latitude: options.latitude ?? 60.1699,
    longitude: options.longitude ?? 24.9384,
    country: options.country ?? 'FI',
    timeZone: options.timeZone ?? 'Europe/Helsinki',
    currency: options.currency ?? 'EUR',
    openingHours: options.openingHours ?? ({ kind: 'ALWAYS' } as const),
    policy,
    state: 'OPEN' as const,
    partition: partitionOf(id),
    createdAt: now,
  };
}

interface SpotsOfLot {
  lotId: string;
  levelId: string;
  counts: Partial<Record<SpotType, number>>;
  now: Date;
}

function spotRows({ lotId, levelId, counts, now }: SpotsOfLot) {
  const types = Object.entries(counts).flatMap(([type, count]) =>
    Array.from({ length: count }, () => type as SpotType),
  );
  return types.map((spotType, index) => ({
    lotId,
    id: newId(now),
    levelId,
    spotType,
    label: `1-${String(index + 1).padStart(3, '0')}`,
    distanceRank: index,
    directions: `Straight on, number ${index + 1} on the left.`,
    maxHeightCm: null,
    maxLengthCm: null,
    inService: true,
    sensedOccupied: null,
    sensedAt: null,
  }));
}

/** One more gate with a device of its own. */
export async function makeGate(
  system: TestSystem,
  { lotId, direction, name }: { lotId: string; direction: GateDirection; name: string },
): Promise<TestGate> {
  const now = system.clock.now();
  const id = newId(now);
  await system.platform.orm.em.fork().insert(Gate, { lotId, id, name, direction, inService: true, createdAt: now });
  const { deviceId, deviceKey } = await makeDevice(system, {
    lotId,
    gateId: id,
    role: 'GATE',
    name: `${name} controller`,
  });
  return { id, publicId: encodeId('gat', lotId, id), name, direction, deviceId, deviceKey };
}

export async function makeDevice(
  system: TestSystem,
  { lotId, gateId, role, name }: { lotId: string; gateId: string | null; role: DeviceRole; name: string },
): Promise<{ deviceId: string; deviceKey: string }> {
  const now = system.clock.now();
  const id = newId(now);
  const { key, keyHash } = makeDeviceKey({ lotId, id });
  await system.platform.orm.em
    .fork()
    .insert(Device, { lotId, id, gateId, name, role, keyHash, createdAt: now, revokedAt: null });
  return { deviceId: id, deviceKey: key };
}

export interface TestDriver {
  id: string;
  publicId: string;
  email: string;
  token: string;
}

/** A driver with a login of 15 minutes; `loginOf` gives a fresh one after the clock was moved. */
export async function makeDriver(system: TestSystem, { email }: { email?: string } = {}): Promise<TestDriver> {
  const now = system.clock.now();
  const id = newId(now);
  const address = email ?? `driver-${id}@example.test`;
  await system.platform.orm.em.fork().insert(Driver, {
    id,
    email: address,
    name: 'Test Driver',
    passwordHash: NO_PASSWORD,
    locale: 'en',
    stripeCustomerId: null,
    savedPaymentMethodId: null,
    createdAt: now,
  });
  return { id, publicId: encodeId('drv', null, id), email: address, token: await loginOf(system, { id }) };
}

/** A new token for a driver. */
export function loginOf(system: TestSystem, driver: { id: string }): Promise<string> {
  return issueAccessToken(system.platform, { kind: 'DRIVER', driverId: driver.id });
}

/** A vehicle in a driver's account. */
export async function makeVehicle(
  system: TestSystem,
  { driverId, plate, vehicleClass }: { driverId: string; plate: string; vehicleClass?: VehicleClass },
): Promise<{ id: string; publicId: string }> {
  const now = system.clock.now();
  const id = newId(now);
  const { plateCipher, plateIndex } = system.platform.plates.seal('account', plate);
  await system.platform.orm.em.fork().insert(Vehicle, {
    id,
    driverId,
    plateCipher,
    plateIndex,
    plateCountry: 'FI',
    vehicleClass: vehicleClass ?? 'CAR',
    nickname: null,
    createdAt: now,
    removedAt: null,
  });
  return { id, publicId: encodeId('veh', null, id) };
}

/** A member of staff with a login of 15 minutes. Without `lotIds`: every lot of the operator. */
export async function makeStaff(
  system: TestSystem,
  { role, operatorId, lotIds }: { role: StaffRole; operatorId: string | null; lotIds?: string[] },
): Promise<{ id: string; publicId: string; email: string; token: string }> {
  const now = system.clock.now();
  const id = newId(now);
  const email = `staff-${id}@example.test`;
  await system.platform.orm.em.fork().insert(Staff, {
    id,
    operatorId,
    email,
    name: 'Test Staff',
    passwordHash: NO_PASSWORD,
    role,
    lotIds: lotIds ?? null,
    createdAt: now,
    disabledAt: null,
  });
  const token = await issueAccessToken(system.platform, {
    kind: 'STAFF',
    role,
    staffId: id,
    operatorId,
    lotIds: lotIds ?? 'ALL',
  });
  return { id, publicId: encodeId('stf', null, id), email, token };
}

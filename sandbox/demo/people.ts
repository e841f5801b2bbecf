// The people of the demo: those whose logins are printed, and a few hundred drivers who only have a past.

import { randomBytes } from 'node:crypto';
import { hashPassword } from '../../src/accounts/passwords.ts';
import { VEHICLE_PLATE_SCOPE } from '../../src/accounts/list-vehicles.ts';
import { VEHICLE_CLASSES, type VehicleClass } from '../../src/domain/vehicle.ts';
import { Driver } from '../../src/entities/driver.ts';
import { Staff } from '../../src/entities/staff.ts';
import { Vehicle } from '../../src/entities/vehicle.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { DEMO_LOGINS, type DemoLogin } from '../demo-logins.ts';
import { insertAll, type BulkTarget } from './bulk.ts';
import type { Chance } from './chance.ts';
import { DEMO_CITIES, type DemoCity } from './cities.ts';

const OTHER_DRIVERS = 219;
const SECOND_VEHICLE_SHARE = 0.25;
const FIRST_NAMES =
  'Aino Ben Chiyo Dev Elsa Finn Grace Hugo Ines Jonas Kaori Liam Maja Noor Otto Priya Quentin Rosa Sami Tilda'.split(
    ' ',
  );
const LAST_NAMES =
  'Aalto Berger Clarke Dubois Evans Fischer Garcia Hill Ito Jensen Kim Lopez Miller Novak Okada Patel Quinn Rossi Sato Weber'.split(
    ' ',
  );
/** How often each class is met. */
const CLASS_WEIGHTS: Readonly<Record<VehicleClass, number>> = {
  MOTORCYCLE: 6,
  SMALL_CAR: 22,
  CAR: 48,
  ELECTRIC_CAR: 16,
  VAN: 6,
  BUS: 1,
  TRUCK: 1,
};
const WEIGHTED_CLASSES = VEHICLE_CLASSES.flatMap((name) => Array.from({ length: CLASS_WEIGHTS[name] }, () => name));
/** The plates that the demo's driver tells at the gates. */
const KNOWN_VEHICLES = [
  { plate: 'ABC123', country: 'FI', vehicleClass: 'CAR' },
  { plate: 'EVE456', country: 'FI', vehicleClass: 'ELECTRIC_CAR' },
] as const;
const LETTERS = 'ABCDEFGHJKLMNPRSTUVWXYZ';

export interface DemoVehicle {
  readonly id: string;
  readonly driverId: string;
  readonly plate: string;
  readonly country: string;
  readonly vehicleClass: VehicleClass;
}

export interface DemoDriver {
  readonly id: string;
  readonly home: DemoCity;
  readonly vehicles: readonly DemoVehicle[];
}

/** A plate in the country's own style. */
export function plateOf(chance: Chance, country: string): string {
  const letters = (count: number) => Array.from({ length: count }, () => chance.pick([...LETTERS])).join('');
  const digits = (count: number) => String(chance.int(10 ** (count - 1), 10 ** count - 1));
  switch (country) {
    case 'DE':
      return `B${letters(2)}${digits(4)}`;
    case 'GB':
      return `${letters(2)}${digits(2)}${letters(3)}`;
    case 'JP':
      return `品川${digits(3)}${chance.pick([...'あいうえかきくけこ'])}${digits(4)}`;
    case 'US':
      return `${letters(3)}${digits(4)}`;
    default:
      return `${letters(3)}${digits(3)}`;
  }
}

/** What vehicle comes along, as often as in a city. */
export function vehicleClassOf(chance: Chance): VehicleClass {
  return chance.pick(WEIGHTED_CLASSES);
}

/** What the rows are made with. */
export interface DemoSetting {
  readonly platform: Platform;
  readonly chance: Chance;
  readonly target: BulkTarget;
  /** When everybody joined. */
  readonly since: Date;
}

/** Inserts the staff whose logins are printed; gives the admin's id. */
export async function insertStaff(demo: DemoSetting, operatorId: string): Promise<string> {
  const rows = await Promise.all(DEMO_LOGINS.filter(isStaff).map((login) => staffRow(demo, login, operatorId)));
  await insertAll(demo.target, Staff, rows);
  return rows.find(({ role }) => role === 'ADMIN')?.id ?? operatorId;
}

/** Inserts drivers with their vehicles. Only those in DEMO_LOGINS have a password that anybody knows. */
export async function insertDrivers(demo: DemoSetting): Promise<DemoDriver[]> {
  const { target, chance, since: createdAt } = demo;
  const nobodys = await hashPassword(randomBytes(18).toString('base64url'));
  const known = await Promise.all(
    DEMO_LOGINS.filter((login) => !isStaff(login)).map((login) => knownDriver(demo, login)),
  );
  const others = Array.from({ length: OTHER_DRIVERS }, () => chance.pick(DEMO_CITIES)).map((home, index) => {
    return otherDriver(demo, { home, index, passwordHash: nobodys });
  });
  const drivers = [...known, ...others];
  await insertAll(
    target,
    Driver,
    drivers.map(({ row }) => ({ ...row, createdAt })),
  );
  const people = drivers.map(({ row, home, vehicles }) => {
    return {
      id: row.id,
      home,
      vehicles: vehicles.map((vehicle) => ({ ...vehicle, id: chance.id(createdAt), driverId: row.id })),
    };
  });
  await insertAll(
    target,
    Vehicle,
    people.flatMap(({ vehicles }) => vehicles.map((vehicle) => vehicleRow(demo, vehicle))),
  );
  return people;
}

type StaffLogin = DemoLogin & { role: Exclude<DemoLogin['role'], 'DRIVER'> };

function isStaff(login: DemoLogin): login is StaffLogin {
  return login.role !== 'DRIVER';
}

async function staffRow({ chance, since: createdAt }: DemoSetting, login: StaffLogin, operatorId: string) {
  const { email, name, role, password } = login;
  const employer = role === 'ADMIN' ? null : operatorId;
  return {
    id: chance.id(createdAt),
    operatorId: employer,
    email,
    name,
    passwordHash: await hashPassword(password),
    role,
    lotIds: null,
    createdAt,
  };
}

async function knownDriver({ chance, since }: DemoSetting, { email, name, password }: DemoLogin) {
  const [home = chance.pick(DEMO_CITIES)] = DEMO_CITIES;
  return {
    home,
    vehicles: KNOWN_VEHICLES,
    row: { id: chance.id(since), email, name, passwordHash: await hashPassword(password), locale: 'en' },
  };
}

function otherDriver({ chance, since }: DemoSetting, person: { home: DemoCity; index: number; passwordHash: string }) {
  const { home, index, passwordHash } = person;
  const [first, last] = [chance.pick(FIRST_NAMES), chance.pick(LAST_NAMES)];
  const email = `${first}.${last}.${index + 1}@drivers.example`.toLowerCase();
  const row = { id: chance.id(since), email, name: `${first} ${last}`, passwordHash, locale: home.locale };
  return { home, vehicles: someVehicles(chance, home), row };
}

function someVehicles(chance: Chance, { country }: DemoCity): Omit<DemoVehicle, 'id' | 'driverId'>[] {
  const count = chance.happens(SECOND_VEHICLE_SHARE) ? 2 : 1;
  return Array.from({ length: count }, () => ({
    plate: plateOf(chance, country),
    country,
    vehicleClass: vehicleClassOf(chance),
  }));
}

function vehicleRow(
  { platform, since: createdAt }: DemoSetting,
  { id, driverId, plate, country, vehicleClass }: DemoVehicle,
) {
  const { plateCipher, plateIndex } = platform.plates.seal(VEHICLE_PLATE_SCOPE, plate);
  return { id, driverId, plateCipher, plateIndex, plateCountry: country, vehicleClass, nickname: null, createdAt };
}

// The lots of the demo, built with the same verbs that operators use.

import { addLevel } from '../../src/accounts/operators/add-level.ts';
import { addSpots } from '../../src/accounts/operators/add-spots.ts';
import { closeSpots } from '../../src/accounts/operators/close-spots.ts';
import { createLot } from '../../src/accounts/operators/create-lot.ts';
import { issueDeviceKey } from '../../src/accounts/operators/issue-device-key.ts';
import { publishTariff } from '../../src/accounts/operators/publish-tariff.ts';
import { registerGate } from '../../src/accounts/operators/register-gate.ts';
import type { DeviceRole, Viewer } from '../../src/domain/viewer.ts';
import { Gate } from '../../src/entities/gate.ts';
import type { Lot } from '../../src/entities/lot.ts';
import type { Spot } from '../../src/entities/spot.ts';
import type { Tariff } from '../../src/entities/tariff.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { registerSensor } from '../../src/sensors/register-sensor.ts';
import type { DemoCity, DemoLevel } from './cities.ts';
import { buildDiscounts } from './discounts.ts';

const AISLE_SPOTS = 20;
const FIRST_NUMBER = 101;
const CLOSED_SPOTS = 2;
const AISLES = 'ABCDEFGH';
const SENSED_SPOTS = 8;
const HEARTBEAT_MINUTES = 5;

/** A key that the demo hands out, because nobody was there to see it when it was issued. */
export interface DemoDeviceKey {
  readonly lotCode: string;
  readonly role: DeviceRole;
  readonly name: string;
  readonly gateId: string | null;
  readonly key: string;
}

export interface DemoLot {
  readonly city: DemoCity;
  readonly lot: Lot;
  readonly tariff: Tariff;
  readonly spots: readonly Spot[];
  readonly gates: readonly Gate[];
  readonly deviceKeys: readonly DemoDeviceKey[];
}

/** Builds one lot whole. `platform`'s clock says when that was. */
export async function buildLot(
  platform: Platform,
  city: DemoCity,
  owner: { operatorId: string; viewer: Viewer },
): Promise<DemoLot> {
  const { viewer, operatorId } = owner;
  const { code, name, address, latitude, longitude, country, timeZone, currency, policy } = city;
  const place = { code, name, address, latitude, longitude, country, timeZone, currency };
  const lot = await createLot(platform, { ...place, operatorId, policy, tariff: city.tariff }, viewer);
  // It is in force already: this only gives it back.
  const tariff = await publishTariff(platform, { lotId: lot.id, document: city.tariff }, viewer);
  const spots: Spot[] = [];
  for (const [index, level] of city.levels.entries()) {
    spots.push(...(await buildLevel(platform, { lotId: lot.id, level, floor: index + 1 }, viewer)));
  }
  const closed = spots.slice(-CLOSED_SPOTS);
  await closeSpots(platform, { lotId: lot.id, spots: closed }, viewer);
  await buildDiscounts(platform, lot, viewer);
  return { city, lot, tariff, spots, ...(await buildGates(platform, { city, lot }, viewer)) };
}

async function buildLevel(
  platform: Platform,
  place: { lotId: string; level: DemoLevel; floor: number },
  viewer: Viewer,
): Promise<Spot[]> {
  const { lotId, floor } = place;
  const level = await addLevel(platform, { lotId, name: place.level.name }, viewer);
  const spots: Spot[] = [];
  for (const [spotType, count] of place.level.spots) {
    for (let left = count; left > 0;) {
      const room = AISLE_SPOTS - (spots.length % AISLE_SPOTS);
      const size = Math.min(left, room);
      const aisle = AISLES.charAt(Math.floor(spots.length / AISLE_SPOTS));
      const row = {
        lotId,
        levelId: level.id,
        spotType,
        labelPattern: `${floor}-###`,
        firstNumber: FIRST_NUMBER + spots.length,
        count: size,
        directions: directionsTo(place.level.name, floor, aisle),
        maxHeightCm: spotType === 'BUS' ? 380 : 210,
      };
      spots.push(...(await addSpots(platform, row, viewer)));
      left -= size;
    }
  }
  return spots;
}

/** Puts sensors on the first spots of a lot: one each, and two on the last of them. */
export async function buildSensors(platform: Platform, { lot, spots }: DemoLot, viewer: Viewer): Promise<void> {
  const sensed = spots.filter(({ spotType, inService }) => spotType === 'STANDARD' && inService).slice(0, SENSED_SPOTS);
  const serials = sensed.flatMap(({ id, label }, index) => {
    const own = { spotId: id, serial: `${lot.code}-${label}` };
    return index === SENSED_SPOTS - 1 ? [own, { spotId: id, serial: `${own.serial}-B` }] : [own];
  });
  for (const sensor of serials) {
    await registerSensor(platform, { ...sensor, lotId: lot.id, heartbeatMinutes: HEARTBEAT_MINUTES }, viewer);
  }
}

function directionsTo(levelName: string, floor: number, aisle: string): string {
  const ramp =
    floor === 1 ? 'straight on from the entrance' : floor === 2 ? 'up the ramp once' : `up the ramp ${floor - 1} times`;
  const side = AISLES.indexOf(aisle) % 2 === 0 ? 'left' : 'right';
  return `${levelName}: ${ramp}, then aisle ${aisle} on the ${side}.`;
}

async function buildGates(
  platform: Platform,
  place: { city: DemoCity; lot: Lot },
  viewer: Viewer,
): Promise<Pick<DemoLot, 'gates' | 'deviceKeys'>> {
  const { city, lot } = place;
  const gates: Gate[] = [];
  const deviceKeys: DemoDeviceKey[] = [];
  const lotCode = city.code;
  for (const { name, direction, broken } of city.gates) {
    const gate = await registerGate(platform, { lotId: lot.id, name, direction }, viewer);
    if (broken) await platform.orm.em.fork().nativeUpdate(Gate, { lotId: lot.id, id: gate.id }, { inService: false });
    const lane = { lotId: lot.id, name: `${name} controller`, role: 'GATE', gateId: gate.id } as const;
    deviceKeys.push({ ...lane, lotCode, key: (await issueDeviceKey(platform, lane, viewer)).key });
    if (!broken) gates.push(gate);
  }
  const board = { lotId: lot.id, name: 'Entrance board', role: 'BOARD' } as const;
  deviceKeys.push({ ...board, lotCode, gateId: null, key: (await issueDeviceKey(platform, board, viewer)).key });
  const sensors = { lotId: lot.id, name: 'Sensor gateway', role: 'SENSOR' } as const;
  const gateway = await issueDeviceKey(platform, sensors, viewer);
  deviceKeys.push({ ...sensors, lotCode, gateId: null, key: gateway.key });
  return { gates, deviceKeys: deviceKeys.map(({ role, name, gateId, key }) => ({ lotCode, role, name, gateId, key })) };
}

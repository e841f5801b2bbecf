// Lots by the thousand, written in bulk: each whole (level, pools, spots, tariff, gates, controllers with keys), or none at all.

import type pg from 'pg';
import { DEFAULT_LOT_POLICY } from '../../src/domain/policies.ts';
import { encodeId } from '../../src/domain/public-id.ts';
import type { SpotType } from '../../src/domain/spot-type.ts';
import { partitionOf } from '../../src/platform/redis.ts';
import { makeDeviceKey } from '../../src/accounts/device-keys.ts';
import { Device } from '../../src/entities/device.ts';
import { Gate } from '../../src/entities/gate.ts';
import { Level } from '../../src/entities/level.ts';
import { Lot } from '../../src/entities/lot.ts';
import { Operator } from '../../src/entities/operator.ts';
import { Pool } from '../../src/entities/pool.ts';
import { Spot } from '../../src/entities/spot.ts';
import { Tariff } from '../../src/entities/tariff.ts';
import type { TariffDocument } from '../../src/domain/tariff/document.ts';
import type { Platform } from '../../src/platform/platform.ts';
import { insertAll } from '../demo/bulk.ts';
import { createChance, type Chance } from '../demo/chance.ts';
import { DEMO_CITIES, type DemoCity } from '../demo/cities.ts';
import type { CityGate } from './lanes.ts';
import type { PlannedLot } from './plan.ts';

/** A lot of the many, with the keys of its gates. */
export interface ManyLot extends PlannedLot {
  readonly id: string;
  readonly gates: readonly CityGate[];
}

/** Of each two hundred spots. */
const SPOT_SHARES: readonly (readonly [SpotType, number])[] = [
  ...([
    ['STANDARD', 110],
    ['COMPACT', 40],
    ['EV', 20],
    ['LARGE', 16],
    ['MOTORCYCLE', 8],
  ] as const),
  ...([
    ['ACCESSIBLE', 4],
    ['BUS', 2],
  ] as const),
];
const LOTS_AT_ONCE = 50;

/** Makes `count` lots of 200 spots each, spread over the demo's five cities, fifty a transaction. The same seed makes the same lots. */
export async function makeManyLots(
  { platform, client }: { platform: Platform; client: pg.ClientBase },
  { count, seed }: { count: number; seed: number },
): Promise<ManyLot[]> {
  const now = platform.clock.now();
  const chance = createChance(seed);
  const target = { orm: platform.orm, client };
  const operatorId = chance.id(now);
  const operator = { id: operatorId, name: 'Many Lots', legalName: 'Many Lots Oy', taxNumber: null, createdAt: now };
  await insertAll(target, Operator, [operator]);
  const made: ManyLot[] = [];
  while (made.length < count) {
    const size = Math.min(LOTS_AT_ONCE, count - made.length);
    const rows = Array.from({ length: size }, (_, index) => {
      const number = made.length + index;
      return lotRows({ chance, operatorId, now }, { number, city: DEMO_CITIES[number % DEMO_CITIES.length] });
    });
    await client.query('BEGIN');
    await insertAll(
      target,
      Lot,
      rows.map(({ lot }) => lot),
    );
    await insertAll(
      target,
      Level,
      rows.map(({ level }) => level),
    );
    await insertAll(
      target,
      Pool,
      rows.flatMap(({ pools }) => pools),
    );
    await insertAll(
      target,
      Spot,
      rows.flatMap(({ spots }) => spots),
    );
    await insertAll(
      target,
      Tariff,
      rows.map(({ tariff }) => tariff),
    );
    await insertAll(
      target,
      Gate,
      rows.flatMap(({ gates }) => gates),
    );
    await insertAll(
      target,
      Device,
      rows.flatMap(({ devices }) => devices),
    );
    await client.query('COMMIT');
    made.push(...rows.map(({ told }) => told));
  }
  await client.query('ANALYZE');
  return made;
}

interface Maker {
  readonly chance: Chance;
  readonly operatorId: string;
  readonly now: Date;
}

function lotRows({ chance, operatorId, now }: Maker, { number, city }: { number: number; city: DemoCity | undefined }) {
  if (!city) throw new Error('the demo has no cities');
  const [lotId, levelId] = [chance.id(now), chance.id(now)];
  const { country, timeZone, currency } = city;
  const code = `M${String(number + 1).padStart(4, '0')}`;
  const lot = {
    ...{ id: lotId, operatorId, code, name: `${city.name} ${number + 1}`, address: city.address },
    ...{
      latitude: city.latitude + chance.int(-500, 500) / 5000,
      longitude: city.longitude + chance.int(-500, 500) / 5000,
    },
    ...{ country, timeZone, currency, openingHours: { kind: 'ALWAYS' as const } },
    policy: { ...DEFAULT_LOT_POLICY, ...city.policy },
    ...{ state: 'OPEN' as const, partition: partitionOf(lotId), createdAt: now },
  };
  const types = SPOT_SHARES.flatMap(([spotType, count]) => Array.from({ length: count }, () => spotType));
  const spots = types.map((spotType, index) => ({
    ...{ lotId, id: chance.id(now), levelId, spotType, label: `1-${101 + index}`, distanceRank: index },
    ...{
      directions: null,
      maxHeightCm: null,
      maxLengthCm: null,
      inService: true,
      sensedOccupied: null,
      sensedAt: null,
    },
  }));
  const document: TariffDocument = { ...city.tariff, version: 1, currency };
  const tariff = { lotId, id: chance.id(now), versionNumber: 1, document, publishedAt: now, publishedByStaffId: null };
  const built = (['ENTRY', 'EXIT'] as const).map((direction) => gateRows({ chance, now, lotId }, direction));
  return {
    ...{ lot, spots, tariff, level: { lotId, id: levelId, name: 'Ground', ordinal: 0 } },
    pools: SPOT_SHARES.map(([spotType]) => ({ lotId, spotType })),
    gates: built.map(({ gate }) => gate),
    devices: built.map(({ device }) => device),
    told: {
      ...{ id: encodeId('lot', null, lotId), code, country, timeZone, spots: spots.length },
      gates: built.map(({ told }) => told),
    },
  };
}

function gateRows({ chance, now, lotId }: { chance: Chance; now: Date; lotId: string }, direction: 'ENTRY' | 'EXIT') {
  const name = direction === 'ENTRY' ? 'Entry' : 'Exit';
  const [id, deviceId] = [chance.id(now), chance.id(now)];
  const { key, keyHash } = makeDeviceKey({ lotId, id: deviceId });
  const device = {
    lotId,
    id: deviceId,
    gateId: id,
    merchantId: null,
    name: `${name} controller`,
    role: 'GATE' as const,
  };
  return {
    gate: { lotId, id, name, direction, inService: true, createdAt: now },
    device: { ...device, keyHash, createdAt: now, revokedAt: null },
    told: { id: encodeId('gat', lotId, id), name, direction, deviceKey: key },
  };
}

import { currentTariff } from '../availability/current-tariff.ts';
import { DEFAULT_PLATE_MATCHING } from '../domain/policies.ts';
import { Device } from '../entities/device.ts';
import { Gate } from '../entities/gate.ts';
import { Lot } from '../entities/lot.ts';
import type { Tariff } from '../entities/tariff.ts';
import { deviceRecord, writeDeviceRecord } from '../platform/device-records.ts';
import type { Platform } from '../platform/platform.ts';
import { changeIndex } from './commit-scan.ts';
import { lotKeys } from './index-keys.ts';
import type { GateRecord, LotRecord } from './index-records.ts';
import { placeLots } from './lots-around.ts';

const MAX_ATTEMPTS = 5;

/**
 * Copies a lot, its tariff in force, its gates and its devices' keys from PostgreSQL into the gates' index. Call it after every change of one of them;
 * twice or late does no harm: what stood there before the rows were read is compared, so that an older copy never wins.
 */
export async function projectLot(platform: Platform, lotId: string): Promise<void> {
  const keys = lotKeys(lotId);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const before = (await platform.redis.get(keys.lot)) ?? '';
    const em = platform.orm.em.fork();
    const lot = await em.findOne(Lot, { id: lotId });
    if (!lot) return;
    const [tariff, gates] = await Promise.all([currentTariff(em, lotId), em.find(Gate, { lotId })]);
    const set = lotRecords({ lot, tariff, gates });
    await projectDevices(platform, await em.find(Device, { lotId, revokedAt: null }));
    await placeLots(platform, [lot]);
    if (await changeIndex(platform, lotId, { watch: [[keys.lot, before]], set })) return;
  }
}

/** Makes the keys of devices good also while PostgreSQL is away; `devices` are those that were not revoked when they were just read. */
export async function projectDevices(platform: Platform, devices: readonly Device[]): Promise<void> {
  const now = platform.clock.now();
  await Promise.all(devices.map((row) => writeDeviceRecord(platform.redis, row, deviceRecord(row, now))));
}

/** The records of a lot and its gates, as key and value. */
export function lotRecords(rows: {
  lot: Lot;
  tariff: Tariff;
  gates: readonly Gate[];
}): [key: string, value: string, ttlSeconds: number][] {
  const { lot, gates } = rows;
  const keys = lotKeys(lot.id);
  const record = lotRecord(rows);
  const gateRecord = ({ name, direction, inService }: Gate): GateRecord => ({ name, direction, inService });
  return [
    [keys.lot, JSON.stringify(record), 0],
    ...gates.map((gate): [string, string, number] => [keys.gate(gate.id), JSON.stringify(gateRecord(gate)), 0]),
  ];
}

/** What a gate needs of its lot, of rows that were just read. */
export function lotRecord({ lot, tariff }: { lot: Lot; tariff: Tariff }): LotRecord {
  const { earlyEntryMinutes, graceMinutes, exitGraceMinutes, reinstateLateArrival, usualStayMinutes } = lot.policy;
  const { plateMatching = DEFAULT_PLATE_MATCHING, livePass = false } = lot.policy;
  return {
    operatorId: lot.operatorId,
    name: lot.name,
    timeZone: lot.timeZone,
    currency: lot.currency,
    state: lot.state,
    openingHours: lot.openingHours,
    policy: {
      ...{ earlyEntryMinutes, graceMinutes, exitGraceMinutes, reinstateLateArrival, usualStayMinutes },
      ...{ plateMatching, livePass },
    },
    tariffId: tariff.id,
    tariff: tariff.document,
  };
}

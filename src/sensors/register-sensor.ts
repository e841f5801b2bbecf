import { addMinutes } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import type { Viewer } from '../domain/viewer.ts';
import { Sensor } from '../entities/sensor.ts';
import { Spot } from '../entities/spot.ts';
import { servedLot } from '../incidents/served-lot.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { lockSpots, lookAtSpots } from './look-at-spots.ts';
import { SILENT_HEARTBEATS } from './report-spots.ts';

export interface RegisterSensorInput {
  readonly lotId: string;
  readonly spotId: string;
  /** What it calls itself. */
  readonly serial: string;
  readonly heartbeatMinutes: number;
}

const LONGEST_HEARTBEAT_MINUTES = 7 * 24 * 60;
const LONGEST_SERIAL = 64;

/**
 * Puts a sensor on a spot. It has two heartbeats to be heard for the first time. Locks the spot.
 * Refuses with INVALID_INPUT, LOT_NOT_FOUND, SPOT_NOT_FOUND, and CODE_TAKEN when a sensor of the lot calls itself so.
 */
export async function registerSensor(
  platform: Platform,
  { lotId, spotId, serial: text, heartbeatMinutes }: RegisterSensorInput,
  viewer: Viewer | undefined,
): Promise<Sensor> {
  const serial = text.trim();
  if (serial === '' || serial.length > LONGEST_SERIAL)
    throw new Refusal('INVALID_INPUT', 'A sensor calls itself something.', { field: ['serial'] });
  if (heartbeatMinutes < 1 || heartbeatMinutes > LONGEST_HEARTBEAT_MINUTES)
    throw new Refusal('INVALID_INPUT', 'A heartbeat is between a minute and a week.', { field: ['heartbeatMinutes'] });
  return inTransaction(platform, async (tx) => {
    const lot = await servedLot(tx.em, lotId, viewer);
    await lockSpots(tx, lotId, [spotId]);
    if (!(await tx.em.findOne(Spot, { lotId, id: spotId })))
      throw new Refusal('SPOT_NOT_FOUND', 'The lot has no such spot.', { field: ['spotId'] });
    await tx.em.execute('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [`sensor ${lotId} ${serial}`]);
    if (await tx.em.findOne(Sensor, { lotId, serial, removedAt: null }))
      throw new Refusal('CODE_TAKEN', 'A sensor of this lot calls itself so already.', { field: ['serial'] });
    const silentAfter = addMinutes(tx.now, SILENT_HEARTBEATS * heartbeatMinutes);
    const about = { lotId, id: newId(tx.now), spotId, serial, heartbeatMinutes, silentAfter, createdAt: tx.now };
    const sensor = tx.em.create(Sensor, { ...about, lostTotal: 0 });
    const others = await tx.em.find(Sensor, { lotId, spotId, removedAt: null });
    const sensors = [...others.filter(({ id }) => id !== sensor.id), sensor];
    await lookAtSpots(tx, { lot, spotIds: [spotId], sensors });
    return sensor;
  });
}

/** Takes a sensor away; what it said no longer counts. Locks its spot. Refuses with LOT_NOT_FOUND, SENSOR_NOT_FOUND. */
export async function removeSensor(
  platform: Platform,
  { lotId, sensorId }: { readonly lotId: string; readonly sensorId: string },
  viewer: Viewer | undefined,
): Promise<Sensor> {
  return inTransaction(platform, async (tx) => {
    const lot = await servedLot(tx.em, lotId, viewer);
    const { spotId } = await sensorOf(tx, lotId, sensorId);
    await lockSpots(tx, lotId, [spotId]);
    const sensor = await sensorOf(tx, lotId, sensorId);
    sensor.removedAt ??= tx.now;
    const sensors = await tx.em.find(Sensor, { lotId, spotId, removedAt: null, id: { $ne: sensorId } });
    await lookAtSpots(tx, { lot, spotIds: [spotId], sensors });
    return sensor;
  });
}

async function sensorOf(tx: Transaction, lotId: string, id: string): Promise<Sensor> {
  const sensor = await tx.em.findOne(Sensor, { lotId, id });
  if (sensor) return sensor;
  throw new Refusal('SENSOR_NOT_FOUND', 'There is no such sensor in your lots.', { field: ['sensorId'] });
}

import { addMinutes } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import {
  hearReport,
  SEQUENCE_NUMBERS,
  type HeardReport,
  type SeenChange,
  type SensorState,
} from '../domain/sensor-report.ts';
import type { Viewer } from '../domain/viewer.ts';
import { Lot } from '../entities/lot.ts';
import { Sensor } from '../entities/sensor.ts';
import { raiseIncident } from '../incidents/raise-incident.ts';
import { resolveByItself } from '../incidents/resolve-incident.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { lockSpots, lookAtSpots, silenceKey } from './look-at-spots.ts';

/** What a sensor said, as its gateway passes it on. */
export interface SpotReport {
  /** What the sensor calls itself. */
  readonly serial: string;
  readonly occupied: boolean;
  /** 0 to 7, one more with each report. */
  readonly sequence: number;
  /** In a report of a change: how long the state before it had lasted. Absent in a heartbeat. */
  readonly secondsInPreviousState?: number | null | undefined;
  readonly observedAt: Date;
  readonly batteryPercent?: number | null | undefined;
}

/** What became of a report. UNKNOWN_SENSOR: the lot has no such sensor; the others of the batch count all the same. */
export type ReportOutcome = HeardReport['outcome'] | 'UNKNOWN_SENSOR';

export const MAX_REPORTS = 500;
/** A sensor that says more has lost count. */
const LONGEST_STATE_SECONDS = 366 * 24 * 3600;
const OLDEST_REPORT_MS = 7 * 24 * 3_600_000;
const LOW_BATTERY_PERCENT = 10;
/** Nothing is believed of a sensor after so many heartbeats without a word. */
export const SILENT_HEARTBEATS = 2;

/**
 * Takes in what sensors of the device's lot say. In whatever order and however often reports come, what is known in the end is the same; a
 * change whose own report was lost is recovered from the next. A clock that is ahead counts as now. Gives what became of each, in the
 * order of the batch. Locks the spots. Refuses with NOT_ALLOWED and INVALID_INPUT. Publishes lotChanged where a board shows something
 * else, and alerts.
 */
export async function reportSpots(
  platform: Platform,
  reports: readonly SpotReport[],
  viewer: Viewer | undefined,
): Promise<{ outcomes: ReportOutcome[] }> {
  if (viewer?.kind !== 'DEVICE' || viewer.role !== 'SENSOR')
    throw new Refusal('NOT_ALLOWED', 'Only the gateway of a lot’s sensors reports spots.');
  checkReports(reports);
  return inTransaction(platform, async (tx) => {
    const lot = await tx.em.findOneOrFail(Lot, { id: viewer.lotId });
    const serials = [...new Set(reports.map(({ serial }) => serial))];
    const named = { lotId: lot.id, serial: { $in: serials }, removedAt: null };
    const places = await tx.em.find(Sensor, named, { fields: ['spotId'], disableIdentityMap: true });
    const spotIds = [...new Set(places.map(({ spotId }) => spotId))];
    await lockSpots(tx, lot.id, spotIds);
    const sensors = await tx.em.find(Sensor, { lotId: lot.id, spotId: { $in: spotIds }, removedAt: null });
    const outcomes = await hearAll(tx, sensors, reports);
    await lookAtSpots(tx, { lot, spotIds, sensors });
    return { outcomes };
  });
}

function checkReports(reports: readonly SpotReport[]): void {
  if (reports.length === 0 || reports.length > MAX_REPORTS)
    throw new Refusal('INVALID_INPUT', `Send 1 to ${MAX_REPORTS} reports.`, { field: ['reports'] });
  for (const [index, { sequence, secondsInPreviousState, batteryPercent }] of reports.entries()) {
    const within = (value: number | null | undefined, max: number) => value == null || (value >= 0 && value <= max);
    const field = !within(sequence, SEQUENCE_NUMBERS - 1)
      ? 'sequence'
      : !within(secondsInPreviousState, LONGEST_STATE_SECONDS)
        ? 'secondsInPreviousState'
        : !within(batteryPercent, 100)
          ? 'batteryPercent'
          : undefined;
    if (field === undefined) continue;
    throw new Refusal('INVALID_INPUT', `${field} is out of range.`, { field: ['reports', String(index), field] });
  }
}

/** The oldest first, so that what a gateway kept while it was cut off is heard as it was said. */
async function hearAll(
  tx: Transaction,
  sensors: readonly Sensor[],
  reports: readonly SpotReport[],
): Promise<ReportOutcome[]> {
  const bySerial = new Map(sensors.map((sensor) => [sensor.serial, sensor]));
  const outcomes: ReportOutcome[] = reports.map(() => 'UNKNOWN_SENSOR');
  const changes: { sensor: Sensor; change: SeenChange }[] = [];
  const inTime = [...reports.entries()].toSorted(([, a], [, b]) => a.observedAt.getTime() - b.observedAt.getTime());
  for (const [index, report] of inTime) {
    const sensor = bySerial.get(report.serial);
    if (!sensor) continue;
    const heard = await hear(tx, sensor, report);
    outcomes[index] = heard.outcome;
    changes.push(...heard.changes.map((change) => ({ sensor, change })));
  }
  await writeChanges(tx, changes);
  return outcomes;
}

async function hear(
  tx: Transaction,
  sensor: Sensor,
  report: SpotReport,
): Promise<Pick<HeardReport, 'outcome' | 'changes' | 'lost'>> {
  const observedAtMs = Math.min(report.observedAt.getTime(), tx.now.getTime());
  const { occupied, sequence, secondsInPreviousState = null } = report;
  // Of so long ago it tells nothing of now, whoever kept it for so long.
  if (observedAtMs < tx.now.getTime() - OLDEST_REPORT_MS) return { outcome: 'LATE', changes: [], lost: 0 };
  const heard = hearReport(stateOf(sensor), { occupied, sequence, secondsInPreviousState, observedAtMs });
  if (heard.outcome === 'REPEATED' || heard.outcome === 'LATE') return heard;
  const heardAt = new Date(heard.state.heardAtMs);
  const { occupied: isOccupied, sequence: number, sinceMs } = heard.state;
  Object.assign(sensor, { occupied: isOccupied, sequence: number, since: new Date(sinceMs), heardAt });
  sensor.lostTotal = (sensor.lostTotal ?? 0) + heard.lost;
  await noteSignOfLife(tx, sensor, heardAt);
  if (report.batteryPercent != null) await noteBattery(tx, sensor, report.batteryPercent);
  return heard;
}

/** A report that was kept for long is no sign of life: the silence goes on under its name. */
async function noteSignOfLife(tx: Transaction, sensor: Sensor, heardAt: Date): Promise<void> {
  const silentAfter = addMinutes(heardAt, SILENT_HEARTBEATS * sensor.heartbeatMinutes);
  if (silentAfter <= tx.now) return;
  const { lotId } = sensor;
  if (sensor.silentAfter <= tx.now)
    await resolveByItself(tx, { lotId, onceKey: silenceKey(sensor), reason: 'The sensor was heard again.' });
  sensor.silentAfter = silentAfter;
}

function stateOf({ occupied, since, sequence, heardAt }: Sensor): SensorState | undefined {
  if (occupied == null || since == null || sequence == null || heardAt == null) return undefined;
  return { occupied, sinceMs: since.getTime(), sequence, heardAtMs: heardAt.getTime() };
}

/** Once a month: a battery lasts for years. */
async function noteBattery(tx: Transaction, sensor: Sensor, batteryPercent: number): Promise<void> {
  sensor.batteryPercent = batteryPercent;
  if (batteryPercent > LOW_BATTERY_PERCENT) return;
  const { lotId, id, spotId, serial } = sensor;
  await raiseIncident(tx, {
    ...{ lotId, kind: 'SENSOR_BATTERY_LOW', spotId },
    note: `Sensor ${serial}: ${batteryPercent} % left.`,
    onceKey: `sensor-battery:${id}:${tx.now.toISOString().slice(0, 7)}`,
  });
}

async function writeChanges(
  tx: Transaction,
  changes: readonly { sensor: Sensor; change: SeenChange }[],
): Promise<void> {
  if (changes.length === 0) return;
  await tx.em.execute(
    `INSERT INTO sensor_change (lot_id, sensor_id, at, spot_id, occupied, recovered)
     VALUES ${changes.map(() => '(?, ?, ?, ?, ?, ?)').join(', ')} ON CONFLICT DO NOTHING`,
    changes.flatMap(({ sensor: { lotId, id, spotId }, change }) => [
      ...[lotId, id, new Date(change.atMs), spotId, change.occupied, change.recovered],
    ]),
  );
}

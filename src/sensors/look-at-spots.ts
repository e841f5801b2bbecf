import { sightOf, type OverrideWord, type Sight, type SensorWord } from '../domain/spot-sight.ts';
import type { Lot } from '../entities/lot.ts';
import type { Sensor } from '../entities/sensor.ts';
import { SpotOverride } from '../entities/spot-override.ts';
import { Spot } from '../entities/spot.ts';
import { raiseIncident } from '../incidents/raise-incident.ts';
import type { Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';

/** So many at once are a gateway's silence: one incident, not one for each. */
const MANY_SILENT = 5;

/**
 * Takes the spots for this transaction, in the order of their ids, so that what is known of each is thought over by one at a time. Claims
 * go on meanwhile: nothing that they point at is locked.
 */
export async function lockSpots(tx: Transaction, lotId: string, spotIds: readonly string[]): Promise<void> {
  if (spotIds.length === 0) return;
  const marks = spotIds.map(() => '?').join(', ');
  await tx.em.execute(`SELECT id FROM spot WHERE lot_id = ? AND id IN (${marks}) ORDER BY id FOR NO KEY UPDATE`, [
    lotId,
    ...spotIds,
  ]);
}

/**
 * Thinks over what is known of spots that are locked, from their sensors as they are now and what persons said: writes it on the spots,
 * raises what a person should look at (a silent sensor, sensors that contradict each other), and publishes lotChanged where boards have to
 * show something else.
 */
export async function lookAtSpots(
  tx: Transaction,
  { lot, spotIds, sensors }: { lot: Lot; spotIds: readonly string[]; sensors: readonly Sensor[] },
): Promise<void> {
  const of = { lotId: lot.id, $in: [...spotIds] };
  const spots = await tx.em.find(Spot, { lotId: of.lotId, id: { $in: of.$in } });
  const overrides = await tx.em.find(SpotOverride, { lotId: of.lotId, spotId: { $in: of.$in } });
  const saidOf = new Map(overrides.map((override) => [override.spotId, wordOf(override)]));
  let boardChanged = false;
  const silent: { spot: Spot; sensor: Sensor }[] = [];
  for (const spot of spots) {
    const own = sensors.filter(({ spotId }) => spotId === spot.id);
    silent.push(...newlySilent(spot, own, tx.now).map((sensor) => ({ spot, sensor })));
    const sight = sightOf(own.map(wordOfSensor), saidOf.get(spot.id), tx.now.getTime());
    boardChanged = write(spot, sight) || boardChanged;
    if (sight.disagreeSinceMs !== null) await reportDisagreement(tx, spot, sight.disagreeSinceMs);
  }
  await reportSilence(tx, lot.id, silent);
  if (boardChanged) tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
}

/** The key of the incident of a sensor's silence: it names the moment from which nothing was believed any more. */
export function silenceKey({ id, silentAfter }: Pick<Sensor, 'id' | 'silentAfter'>): string {
  return `sensor-silent:${id}:${silentAfter.getTime()}`;
}

function wordOfSensor({ occupied, since, silentAfter }: Sensor): SensorWord {
  const known = occupied ?? null;
  return { occupied: known, sinceMs: since?.getTime() ?? 0, silentAfterMs: silentAfter.getTime() };
}

function wordOf({ sight, createdAt, expiresAt }: SpotOverride): OverrideWord {
  return { sight, saidAtMs: createdAt.getTime(), expiresAtMs: expiresAt.getTime() };
}

/** Gives whether boards have to show something else. */
function write(spot: Spot, { occupied, sinceMs, lookAgainAtMs }: Sight): boolean {
  const before = spot.sensedOccupied ?? null;
  spot.sensedOccupied = occupied;
  spot.sensedAt = occupied === null ? null : new Date(sinceMs);
  spot.lookAgainAt = lookAgainAtMs === null ? null : new Date(lookAgainAtMs);
  return (before === true) !== (occupied === true);
}

/** A spot is looked at when the first of its sensors falls silent: what fell silent before its next look was due is known already. */
function newlySilent({ lookAgainAt }: Spot, sensors: readonly Sensor[], now: Date): Sensor[] {
  return sensors.filter(({ silentAfter }) => silentAfter <= now && lookAgainAt != null && silentAfter >= lookAgainAt);
}

async function reportSilence(
  tx: Transaction,
  lotId: string,
  silent: readonly { spot: Spot; sensor: Sensor }[],
): Promise<void> {
  const kind = 'SENSOR_SILENT';
  const [first] = silent;
  if (first && silent.length >= MANY_SILENT) {
    const labels = silent.map(({ spot }) => spot.label);
    const note = `${silent.length} sensors at once; is their gateway down? Spots ${labels.slice(0, 20).join(', ')}${labels.length > 20 ? ', …' : ''}`;
    await raiseIncident(tx, { lotId, kind, severity: 'URGENT', note, onceKey: silenceKey(first.sensor) });
    return;
  }
  for (const { spot, sensor } of silent) {
    const note = `Sensor ${sensor.serial} of spot ${spot.label}.`;
    await raiseIncident(tx, { lotId, kind, spotId: spot.id, note, onceKey: silenceKey(sensor) });
  }
}

async function reportDisagreement(tx: Transaction, { lotId, id, label }: Spot, sinceMs: number): Promise<void> {
  await raiseIncident(tx, {
    ...{ lotId, kind: 'SENSORS_DISAGREE', spotId: id },
    note: `Spot ${label}: some of its sensors see a vehicle, others do not.`,
    onceKey: `sensors-disagree:${id}:${sinceMs}`,
  });
}

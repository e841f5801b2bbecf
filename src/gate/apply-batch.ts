import { LockMode } from '@mikro-orm/postgresql';
import { lockPools } from '../allocation/pools.ts';
import { fittingSpotTypes } from '../domain/fit.ts';
import { addMinutes } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { Allocation } from '../entities/allocation.ts';
import { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { Stay } from '../entities/stay.ts';
import { reportWatched, type ReadPlate } from '../incidents/report-watched.ts';
import type { Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';
import { applyBackOut } from './apply-back-out.ts';
import { applyCorrection } from './apply-correction.ts';
import { PoisonEntry, writeIncident, type Applied, type BatchRows, type PlacedEntry } from './apply-context.ts';
import { enter, enterWalkIn } from './apply-entry.ts';
import { leave } from './apply-exit.ts';
import { PLATE_KEY } from './credential.ts';
import type { JournalEntry, WalkInEntry } from './journal-entry.ts';
import { unseatedOf } from './settle-walk-in.ts';

/**
 * Applies journal entries of one partition in their order, in the caller's transaction: the decision itself (once: a scan that stands
 * already has no second effect), what it does to stay, reservation, allocation and money, and its incident. Locks the pools of those who
 * leave, then reservations, then stays. Publishes lotChanged, reservation, gateActivity and alerts. Throws PoisonEntry.
 */
export async function applyBatch(tx: Transaction, entries: readonly PlacedEntry[]): Promise<void> {
  const fresh = await recordDecisions(tx, entries);
  if (fresh.length === 0) return;
  const rows = await lockRows(
    tx,
    fresh.map(({ entry }) => entry),
  );
  for (const { entry } of fresh) {
    const lot = rows.lots.get(entry.answer.lotId);
    if (!lot) throw new PoisonEntry(`the journal names a lot that does not exist: ${entry.answer.lotId}`);
    await applyEffect(tx, { rows, lot, entry });
    if (entry.incident !== null) await writeIncident(tx, entry, entry.incident);
    publishActivity(tx, entry);
  }
  const read = fresh.flatMap(({ entry }) => platesRead(entry, rows));
  await reportWatched(tx, read);
}

/**
 * As `applyBatch`, of decisions that stand here already and turn out to have an effect: what lanes decided alone, once it is known whose
 * visits it was.
 */
export async function applyEffects(tx: Transaction, entries: readonly JournalEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const rows = await lockRows(tx, entries);
  for (const entry of entries) {
    const lot = rows.lots.get(entry.answer.lotId);
    if (!lot) throw new PoisonEntry(`a lane names a lot that does not exist: ${entry.answer.lotId}`);
    await applyEffect(tx, { rows, lot, entry });
  }
}

/** By which plates a vehicle is known that stood at a gate: what was read, and what its visit says. */
function platesRead({ answer, effect, observedAt }: JournalEntry, rows: BatchRows): ReadPlate[] {
  const { lotId, gateId, scanId, credentialKey } = answer;
  const stayId = effect.kind === 'NONE' ? answer.stayId : effect.stayId;
  const read = credentialKey.startsWith(PLATE_KEY) ? [credentialKey.slice(PLATE_KEY.length)] : [];
  const known = stayId === null ? undefined : rows.stays.get(stayId)?.plateIndex;
  const plates = new Set(known == null ? read : [...read, known]);
  const readAt = new Date(observedAt);
  return [...plates].map((plateIndex) => ({ lotId, gateId, scanId, stayId, plateIndex, readAt }));
}

/** One statement decides for the whole batch what is new: the key of a decision is its scan. Of two with one scan the first counts. */
async function recordDecisions(tx: Transaction, entries: readonly PlacedEntry[]): Promise<PlacedEntry[]> {
  if (entries.length === 0) return [];
  const rows = entries.map(({ streamId, entry }) => {
    const { answer } = entry;
    return [
      ...[answer.lotId, answer.scanId, answer.gateId, entry.deviceId, answer.operation, answer.action, answer.reason],
      ...[
        answer.reservationId,
        answer.stayId,
        new Date(entry.observedAt),
        new Date(answer.decidedAt),
        answer.decidedBy,
      ],
      ...[streamId, JSON.stringify(answer), tx.now],
    ];
  });
  const inserted = await tx.em.execute<{ stream_id: string }[]>(
    `INSERT INTO gate_event (lot_id, scan_id, gate_id, device_id, operation, action, reason, reservation_id, stay_id, observed_at,
       decided_at, decided_by, stream_id, answer, applied_at)
     VALUES ${rows.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb, ?)').join(', ')}
     ON CONFLICT (lot_id, scan_id) DO NOTHING RETURNING stream_id`,
    rows.flat(),
  );
  const isNew = new Set(inserted.map((row) => row.stream_id));
  return entries.filter(({ streamId }) => isNew.has(streamId));
}

async function lockRows(tx: Transaction, entries: readonly JournalEntry[]): Promise<BatchRows> {
  const lotIds = [...new Set(entries.map(({ answer }) => answer.lotId))].sort();
  const lots = await tx.em.find(Lot, { id: { $in: lotIds } });
  for (const lotId of lotIds) {
    const spotTypes = await poolsOf(
      tx,
      lotId,
      entries.filter(({ answer }) => answer.lotId === lotId),
    );
    if (spotTypes.length > 0) await lockPools(tx, lotId, spotTypes);
  }
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const lotId = { $in: lotIds };
  const reservationIds = entries.flatMap(({ effect }) =>
    effect.kind === 'CORRECT'
      ? [effect.fromReservationId, effect.reservationId].flatMap((id) => id ?? [])
      : 'reservationId' in effect && effect.reservationId !== null
        ? effect.reservationId
        : [],
  );
  const stayIds = entries.flatMap(({ effect }) => (effect.kind === 'NONE' ? [] : effect.stayId));
  const reservations =
    reservationIds.length === 0
      ? []
      : await tx.em.find(Reservation, { lotId, id: { $in: reservationIds } }, { lockMode, orderBy: { id: 'asc' } });
  const stays =
    stayIds.length === 0
      ? []
      : await tx.em.find(Stay, { lotId, id: { $in: stayIds } }, { lockMode, orderBy: { id: 'asc' } });
  return { lots: byId(lots), reservations: byId(reservations), stays: byId(stays) };
}

/** Servers' clocks may be so far apart, and a release looks at its own. */
const CLOCK_MARGIN_MINUTES = 10;

/**
 * Whose claims may change: an exit gives back what is left of its own; an arrival that overturns a no-show needs one again. Pools are
 * locked before reservations, so an arrival whose no-show may be written while the pools are waited for counts as overturning it.
 */
async function poolsOf(tx: Transaction, lotId: string, entries: readonly JournalEntry[]): Promise<SpotType[]> {
  const leaving = [
    ...entries.flatMap(({ effect }) => (effect.kind === 'LEAVE' || effect.kind === 'CORRECT' ? effect.spotType : [])),
    ...(await claimedByWalkIns(tx, lotId, entries)),
    ...entries.flatMap((entry) => fittingTypesOf(unseatedOf(entry))),
  ];
  const arriving = entries.flatMap(({ effect }) =>
    effect.kind === 'ENTER' || effect.kind === 'CORRECT' ? (effect.reservationId ?? []) : [],
  );
  if (arriving.length === 0) return [...new Set(leaving)];
  const soon = { state: 'CONFIRMED' as const, graceEndsAt: { $lte: addMinutes(tx.now, CLOCK_MARGIN_MINUTES) } };
  const released = { lotId, id: { $in: arriving }, $or: [{ state: 'NO_SHOW' as const }, soon] };
  const overturned = await tx.em.find(Reservation, released, {
    fields: ['vehicleClass', 'spotType'],
    disableIdentityMap: true,
  });
  const seats = overturned.flatMap(({ vehicleClass, spotType }) => [spotType, ...fittingSpotTypes(vehicleClass)]);
  return [...new Set([...leaving, ...seats])];
}

function fittingTypesOf(walkIn: WalkInEntry | undefined): readonly SpotType[] {
  return walkIn === undefined ? [] : fittingSpotTypes(walkIn.vehicleClass);
}

/** A spot that was found late may be of another type than the one a walk-in was let in on. */
async function claimedByWalkIns(tx: Transaction, lotId: string, entries: readonly JournalEntry[]): Promise<SpotType[]> {
  const stayId = entries.flatMap(({ effect }) =>
    (effect.kind === 'LEAVE' && effect.reservationId === null) ||
    (effect.kind === 'CORRECT' && effect.fromReservationId === null)
      ? effect.stayId
      : [],
  );
  if (stayId.length === 0) return [];
  const claims = await tx.em.find(
    Allocation,
    { lotId, stayId: { $in: stayId } },
    { fields: ['spotType'], disableIdentityMap: true },
  );
  return claims.map(({ spotType }) => spotType);
}

async function applyEffect(tx: Transaction, applied: Applied): Promise<void> {
  const { effect } = applied.entry;
  switch (effect.kind) {
    case 'NONE':
      return;
    case 'ENTER':
      return enter(tx, applied, effect);
    case 'ENTER_WALK_IN':
      return enterWalkIn(tx, applied, effect);
    case 'CORRECT':
      return applyCorrection(tx, applied, effect);
    case 'LEAVE':
      return effect.backedOut ? applyBackOut(tx, applied, effect) : leave(tx, applied, effect);
  }
}

function publishActivity(tx: Transaction, { answer }: JournalEntry): void {
  tx.publish(topic.gateActivity(answer.lotId), { ...answer });
}

function byId<T extends { id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}

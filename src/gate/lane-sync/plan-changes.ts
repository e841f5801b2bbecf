import { createHash } from 'node:crypto';
import { reservationCode } from '../../domain/code.ts';
import { fittingSpotTypes } from '../../domain/fit.ts';
import type { LanePlate, LaneScan } from '../../domain/lane-scan.ts';
import type { Merged, MergedVisit } from '../../domain/merge-scans.ts';
import { addMinutes } from '../../domain/period.ts';
import type { Stay } from '../../entities/stay.ts';
import { openPlate } from '../lane/plate-seal.ts';
import type { Effect, JournalEntry, WalkInEntry } from '../journal-entry.ts';
import type { PlateVault, SealedPlate } from '../../platform/plate-vault.ts';
import { stayIdOf } from '../scan.ts';
import type { Fact } from './fact.ts';
import { entryOf, laneAnswer } from './lane-answer.ts';
import type { Facts } from './lane-facts.ts';
import type { LotOfLane } from './lot-of-lane.ts';

/** A stay whose entry or exit is another one than was believed. */
export interface Amendment {
  readonly stay: Stay;
  readonly visit: MergedVisit;
  readonly entry: Fact;
  /** Undefined: it is inside after all. */
  readonly exit: Fact | undefined;
}

/** What has to happen to the rows so that they say what the merge says. */
export interface Changes {
  /** Entries and exits that no stay knows of, in their order. */
  readonly effects: readonly JournalEntry[];
  readonly amendments: readonly Amendment[];
  /** Stays of entries that were no visit of their own. */
  readonly surplus: readonly Stay[];
}

/** What is the same for all of a lot's scans. */
export interface Place {
  readonly lot: LotOfLane;
  readonly plates: PlateVault;
  readonly sealKey: Parameters<typeof openPlate>[0];
}

/** Compares what the merge says with the stays that stand: only the difference is done, so doing it again does nothing. */
export function planChanges(place: Place, facts: Facts, merged: Merged): Changes {
  const stayOf = staysOfVisits(facts, merged);
  const effects: JournalEntry[] = [];
  const amendments: Amendment[] = [];
  for (const visit of merged.visits) {
    const entry = facts.byScan.get(visit.entryScanId ?? '');
    if (entry === undefined) continue;
    const exit = visit.exitScanId === null ? undefined : facts.byScan.get(visit.exitScanId);
    const stay = stayOf.get(entry.scanId);
    if (stay === undefined) {
      effects.push(...newVisit(place, { entry, exit, visit, plate: plateOf(facts, entry) }));
      continue;
    }
    if (isOther(stay, { entry, exit })) amendments.push({ stay, visit, entry, exit });
    if (exit !== undefined && stay.state === 'INSIDE') effects.push(leaving(place, { exit, visit, stay }));
  }
  return { effects, amendments, surplus: surplusOf(facts, merged, new Set(stayOf.values())) };
}

/** By the scan that a visit begins with: the stay that has it, or else one of the same vehicle that began with a scan of no visit. */
function staysOfVisits(facts: Facts, { visits }: Merged): Map<string, Stay> {
  const beganWith = new Map(facts.stays.map((stay) => [stay.entryScanId, stay]));
  const found = new Map<string, Stay>();
  for (const { entryScanId } of visits) {
    const stay = entryScanId === null ? undefined : beganWith.get(entryScanId);
    if (stay === undefined || entryScanId === null) continue;
    found.set(entryScanId, stay);
    beganWith.delete(entryScanId);
  }
  const subjects = new Map(facts.toMerge.map((scan) => [scan.scanId, scan.subjects]));
  for (const visit of visits) {
    if (visit.entryScanId === null || found.has(visit.entryScanId)) continue;
    const isSame = ({ entryScanId }: Stay) =>
      subjects.get(entryScanId)?.some((subject) => visit.subjects.includes(subject)) ?? false;
    const free = [...beganWith.values()].find(isSame);
    if (free === undefined) continue;
    found.set(visit.entryScanId, free);
    beganWith.delete(free.entryScanId);
  }
  return found;
}

function isOther(stay: Stay, { entry, exit }: Pick<Amendment, 'entry' | 'exit'>): boolean {
  if (stay.entryScanId !== entry.scanId) return true;
  return stay.state === 'LEFT' && stay.exitScanId !== exit?.scanId;
}

/** Of an entry that counted twice. A reservation that was used again has let somebody in: that stay stands on its own. */
function surplusOf(facts: Facts, merged: Merged, used: ReadonlySet<Stay>): Stay[] {
  const usedAgain = new Set(merged.cases.flatMap(({ kind, scanIds }) => (kind === 'USED_AGAIN' ? scanIds : [])));
  const known = new Set(facts.toMerge.map(({ scanId }) => scanId));
  return facts.stays.filter(
    (stay) => !used.has(stay) && known.has(stay.entryScanId) && !usedAgain.has(stay.entryScanId),
  );
}

interface NewVisit {
  readonly entry: Fact;
  readonly exit: Fact | undefined;
  readonly visit: MergedVisit;
  readonly plate: LanePlate | null;
}

/** A camera corrects itself about a car within this. */
const CORRECTED_WITHIN_MS = 60_000;

/** The plate of an entry, as the camera has read it last. */
function plateOf({ byScan }: Facts, entry: Fact): LanePlate | null {
  let read = 'lane' in entry.seenBy ? entry.seenBy.lane.plate : null;
  let readAt = entry.at;
  for (const { seenBy, direction, gateId, at, subjects } of byScan.values()) {
    const isOfEntry = 'lane' in seenBy && direction === 'IN' && gateId === entry.gateId && at > readAt;
    if (!isOfEntry || seenBy.lane.plate === null || at - entry.at > CORRECTED_WITHIN_MS) continue;
    if (entry.plateIndex === null || !subjects.includes(`p:${entry.plateIndex}`)) continue;
    read = seenBy.lane.plate;
    readAt = at;
  }
  return read;
}

function newVisit(place: Place, { entry, exit, visit, plate }: NewVisit): JournalEntry[] {
  if (!('lane' in entry.seenBy)) return [];
  const { lane } = entry.seenBy;
  const stayId = stayIdOf(lane.lotId, lane.scanId);
  const { reservations } = place.lot;
  const reservation = reservations.get(reservationOf(visit) ?? '');
  const hasLeft = exit !== undefined;
  const effect: Effect = reservation
    ? { kind: 'ENTER', stayId, reservationId: reservation.id, at: entry.at, ...(hasLeft ? { hasLeft } : {}) }
    : { kind: 'ENTER_WALK_IN', ...walkInOf(place, { ...lane, plate }, { stayId, at: entry.at, hasLeft }) };
  const entered = entryOf(laneAnswer(lane, stayId), { effect, deviceId: lane.agentId, observedAt: entry.at });
  if (exit === undefined) return [entered];
  const spotType = reservation?.spotType ?? ('spotType' in effect ? effect.spotType : 'STANDARD');
  const left: Effect = {
    ...{ kind: 'LEAVE', stayId, reservationId: reservation?.id ?? null, spotType },
    at: visit.leftAt ?? exit.at,
    billedMinor: 0,
    unpriced: true,
  };
  return [entered, exitEntry(exit, { effect: left, stayId })];
}

/** The reservation on which a visit was, if it was on one. */
function reservationOf({ subjects }: MergedVisit): string | undefined {
  return subjects.find((subject) => subject.startsWith('r:'))?.slice(2);
}

function leaving(place: Place, left: { exit: Fact; visit: MergedVisit; stay: Stay }): JournalEntry {
  const { exit, visit, stay } = left;
  const at = visit.leftAt ?? exit.at;
  const { exitGraceMinutes } = place.lot.policy;
  const isPaid = stay.paidUntil != null && new Date(at) <= addMinutes(stay.paidUntil, exitGraceMinutes);
  const effect: Effect = {
    ...{ kind: 'LEAVE', stayId: stay.id, reservationId: stay.reservationId ?? null, spotType: stay.spotType, at },
    billedMinor: 0,
    ...(isPaid ? {} : { unpriced: true as const }),
  };
  return exitEntry(exit, { effect, stayId: stay.id });
}

function exitEntry({ seenBy, at, gateId, scanId }: Fact, left: { effect: Effect; stayId: string }): JournalEntry {
  const { effect, stayId } = left;
  if ('lane' in seenBy) {
    const { lane } = seenBy;
    return entryOf(laneAnswer(lane, stayId), { effect, deviceId: lane.agentId, observedAt: at });
  }
  if (seenBy.cloud === undefined)
    throw new Error(`nobody knows who let a vehicle out with scan ${scanId} at ${gateId}`);
  return entryOf({ ...seenBy.cloud, stayId }, { effect, deviceId: null, observedAt: at });
}

function walkInOf(
  { lot, plates, sealKey }: Place,
  lane: LaneScan,
  stay: { stayId: string; at: number; hasLeft: boolean },
): WalkInEntry {
  const { lotId, scanId, vehicleClass, plate } = lane;
  const sealed = plate === null ? undefined : sealedAgain({ plates, sealKey }, lotId, plate.cipher);
  const plateIndex = sealed?.plateIndex ?? plate?.index ?? null;
  const tariffId = lane.tariffId !== null && lot.tariffIds.has(lane.tariffId) ? lane.tariffId : lot.tariffId;
  return {
    ...{ stayId: stay.stayId, at: stay.at, vehicleClass, tariffId, plateIndex, currency: lot.currency },
    spotId: null,
    spotType: lane.spotType ?? fittingSpotTypes(vehicleClass).find((type) => lot.spotTypes.has(type)) ?? 'STANDARD',
    plateCipher: sealed?.plateCipher ?? null,
    plateSkeletonIndex: sealed?.plateSkeletonIndex ?? plate?.skeletonIndex ?? null,
    code: lane.ticketCode ?? reservationCode(createHash('sha256').update(`ticket/${lotId}/${scanId}/0`).digest()),
    multiplierPercent: 100,
    monthlyPassIds: plateIndex === null ? [] : (lot.monthlyPassIds.get(plateIndex) ?? []),
    ...(stay.hasLeft ? { hasLeft: true } : {}),
  };
}

/** From the lane's seal to our own. */
function sealedAgain(
  { plates, sealKey }: Pick<Place, 'plates' | 'sealKey'>,
  lotId: string,
  cipher: string,
): SealedPlate | undefined {
  const plate = openPlate(sealKey, cipher);
  return plate === undefined ? undefined : plates.seal(lotId, plate);
}

import type { LaneScan, SubjectKey } from '../../domain/lane-scan.ts';
import type { MergeScan } from '../../domain/merge-scans.ts';
import { nameScans } from '../../domain/name-scans.ts';
import { DAY_MS } from '../../domain/period.ts';
import { LaneScanRow } from '../../entities/lane-scan.ts';
import { Stay } from '../../entities/stay.ts';
import type { Transaction } from '../../platform/db.ts';
import { BACKED_OUT_KEY } from '../back-out.ts';
import { cloudFactsOf, unknownExits } from './cloud-facts.ts';
import { factsOfStay, subjectsOfStay, type Fact } from './fact.ts';
import { readLaneScan } from './read-entry.ts';

/** All that is known of the vehicles of some scans. */
export interface Facts {
  readonly byScan: ReadonlyMap<string, Fact>;
  /** Every stay that one of them made or ended. */
  readonly stays: readonly Stay[];
  readonly toMerge: readonly MergeScan[];
}

/** Visits that were over so long before the first of the new scans have nothing to do with them. */
const LOOK_BACK_MS = DAY_MS;
/** A vehicle is known by a plate, a reservation and a ticket: more steps from one to the next there are not. */
const MOST_STEPS = 4;

/**
 * Everything that lanes and cloud know of the vehicles of these entries: the union that is merged. Reads only; the caller holds the
 * journal's cursor, so that nothing is applied meanwhile.
 */
export async function factsAbout(tx: Transaction, lotId: string, rows: readonly LaneScanRow[]): Promise<Facts> {
  const since = new Date(Math.min(...rows.map(({ observedAt }) => observedAt?.getTime() ?? 0)) - LOOK_BACK_MS);
  const unknown = await unknownExits(tx, { lotId, since });
  const lanes = new Map(rows.map((row) => [row.id, row]));
  const stays = new Map<string, Stay>();
  let subjects = await withReservations(tx, lotId, subjectsOf(rows));
  for (let step = 0; step < MOST_STEPS; step++) {
    for (const stay of await staysOf(tx, { lotId, since, subjects, scanIds: scanIdsOf([...lanes.values()]) }))
      stays.set(stay.id, stay);
    const scanIds = [...stays.values()].flatMap(({ entryScanId, exitScanId }) => [
      entryScanId,
      exitScanId ?? entryScanId,
    ]);
    const named = new Set([...subjects, ...[...stays.values()].flatMap(subjectsOfStay)]);
    for (const row of await lanesOf(tx, { lotId, since, subjects: named, scanIds })) lanes.set(row.id, row);
    const all = await withReservations(tx, lotId, new Set([...named, ...subjectsOf([...lanes.values()])]));
    if (all.size === subjects.size) break;
    subjects = all;
  }
  const cloud = await cloudFactsOf(tx, lotId, [...stays.values()]);
  const undone = backedOut(cloud);
  const visits = [...stays.values()].filter(({ id }) => !undone.has(id));
  const gone = [...stays.values()].filter(({ id }) => undone.has(id));
  const forgotten = new Set(gone.flatMap(({ entryScanId, exitScanId }) => [entryScanId, exitScanId]));
  const isKept = ({ scanId }: Fact) => !forgotten.has(scanId);
  const exits = unknown.filter((fact) => fact.subjects.some((subject) => subjects.has(subject)));
  const seen = [...lanes.values()].flatMap(laneFact);
  return assembled([...cloud, ...exits].filter(isKept), seen.filter(isKept), visits);
}

function assembled(cloud: readonly Fact[], lanes: readonly Fact[], stays: readonly Stay[]): Facts {
  const byScan = new Map<string, Fact>();
  // A scan that both have decided is the cloud's: its answer may have been the one that opened.
  for (const fact of [...lanes, ...cloud]) byScan.set(fact.scanId, fact);
  for (const fact of stays.flatMap(factsOfStay)) if (!byScan.has(fact.scanId)) byScan.set(fact.scanId, fact);
  const facts = [...byScan.values()];
  const names = nameScans(facts);
  const toMerge = facts.map(({ scanId, seq, direction, gateId, at, subjects, seenBy }) => ({
    ...{ scanId, seq, direction, gateId, at },
    source: 'lane' in seenBy ? seenBy.lane.agentId : 'CLOUD',
    subjects: names.get(scanId) ?? subjects,
  }));
  return { byScan, stays, toMerge };
}

function laneFact(row: LaneScanRow): Fact[] {
  const scan = readLaneScan(row.body);
  if (scan === undefined || !row.opened) return [];
  const { scanId, gateId, seq, plate } = scan;
  return [
    {
      ...{ scanId, gateId, seq },
      direction: scan.operation === 'CHECK_OUT' ? 'OUT' : 'IN',
      at: row.observedAt?.getTime() ?? scan.observedAt,
      subjects: subjectsOfLane(scan),
      plateIndex: plate?.index ?? null,
      seenBy: { lane: scan },
    },
  ];
}

function subjectsOfLane({ subjects, reservationId }: LaneScan): SubjectKey[] {
  return [...new Set<SubjectKey>([...subjects, ...(reservationId === null ? [] : [`r:${reservationId}` as const])])];
}

function subjectsOf(rows: readonly LaneScanRow[]): Set<SubjectKey> {
  return new Set(rows.flatMap((row) => row.subjects as SubjectKey[]));
}

function scanIdsOf(rows: readonly LaneScanRow[]): string[] {
  return rows.flatMap(({ scanId }) => scanId ?? []);
}

/** Stays of vehicles that turned round in the gate: they were never here, and their reservation may come again. */
function backedOut(cloud: readonly Fact[]): Set<string> {
  const answers = cloud.flatMap(({ seenBy }) => ('cloud' in seenBy ? (seenBy.cloud ?? []) : []));
  const undone = answers.filter(({ credentialKey }) => credentialKey.startsWith(BACKED_OUT_KEY));
  return new Set(undone.flatMap(({ stayId }) => stayId ?? []));
}

/** A reservation's code that a lane did not know stands for the reservation. */
async function withReservations(
  tx: Transaction,
  lotId: string,
  subjects: ReadonlySet<SubjectKey>,
): Promise<ReadonlySet<SubjectKey>> {
  const codes = idsOf(subjects, 't:');
  if (codes.length === 0) return subjects;
  const found = await tx.em.execute<{ id: string }[]>(
    `SELECT id FROM reservation WHERE lot_id = ? AND code IN (?) AND state IN ('CONFIRMED', 'CHECKED_IN', 'COMPLETED', 'NO_SHOW')`,
    [lotId, codes],
  );
  return new Set<SubjectKey>([...subjects, ...found.map(({ id }) => `r:${id}` as const)]);
}

interface Asked {
  readonly lotId: string;
  readonly since: Date;
  readonly subjects: ReadonlySet<SubjectKey>;
  readonly scanIds: readonly string[];
}

async function staysOf(tx: Transaction, { lotId, since, subjects, scanIds }: Asked): Promise<Stay[]> {
  const isNow = [{ state: 'INSIDE' as const }, { leftAt: { $gt: since } }];
  return tx.em.find(Stay, {
    lotId,
    $or: [
      { plateIndex: { $in: idsOf(subjects, 'p:') }, $or: isNow },
      { code: { $in: idsOf(subjects, 't:') }, $or: isNow },
      { reservationId: { $in: idsOf(subjects, 'r:') } },
      { entryScanId: { $in: [...scanIds] } },
    ],
  });
}

async function lanesOf(tx: Transaction, { lotId, since, subjects, scanIds }: Asked): Promise<LaneScanRow[]> {
  const opened = { lotId, opened: true, problem: null };
  return tx.em.find(LaneScanRow, {
    $or: [
      { ...opened, subjects: { $overlap: [...subjects] }, observedAt: { $gt: since } },
      { ...opened, scanId: { $in: [...scanIds] } },
    ],
  });
}

function idsOf(subjects: ReadonlySet<SubjectKey>, kind: 'r:' | 'p:' | 't:'): string[] {
  return [...subjects].flatMap((subject) => (subject.startsWith(kind) ? subject.slice(kind.length) : []));
}

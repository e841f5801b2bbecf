import { mergeScans } from '../../domain/merge-scans.ts';
import { LaneScanRow } from '../../entities/lane-scan.ts';
import { raiseIncident } from '../../incidents/raise-incident.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { partitionOf } from '../../platform/redis.ts';
import { applyBatch, applyEffects } from '../apply-batch.ts';
import { isPoison } from '../apply-journal.ts';
import { lockCursor } from '../journal-cursor.ts';
import { amendStays } from './amend-stays.ts';
import { laneEntry } from './lane-answer.ts';
import { factsAbout } from './lane-facts.ts';
import { laneKeysOf } from './lane-keys.ts';
import { lotOfLane } from './lot-of-lane.ts';
import { planChanges } from './plan-changes.ts';
import { readLaneScan } from './read-entry.ts';
import { tellCases } from './tell-cases.ts';
import { presencesOf, tellPresences, untoldAgain } from './tell-presences.ts';

/** Few enough that pools and the journal of the partition are not held up for long. */
const BATCH = 100;
/** Longer than the gates are being told. */
const UNDER_WAY_MS = 10_000;

/**
 * Makes stays of what lanes of a lot decided alone, together with what the cloud knows of the same vehicles: until nothing waits any more.
 * Only what differs from the rows is done, so that a merge that died, or is repeated, does nothing twice. One entry that the rows refuse
 * is left for a person; the others go on. Gives how many entries were merged. Locks the partition's journal, then as its applier does.
 * Publishes what the applier publishes. Throws what PostgreSQL throws while away.
 */
export async function mergeJournals(platform: Platform, lotId: string): Promise<number> {
  let merged = 0;
  for (;;) {
    const count = await mergeNext(platform, lotId);
    if (count === 0) return merged;
    merged += count;
  }
}

async function mergeNext(platform: Platform, lotId: string): Promise<number> {
  try {
    return await mergeBatch(platform, { lotId, limit: BATCH });
  } catch (error) {
    if (!isPoison(error)) throw error;
    platform.log.warn({ err: error, lotId }, 'a batch of a lane’s journal could not be merged: one by one');
  }
  try {
    return await mergeBatch(platform, { lotId, limit: 1 });
  } catch (error) {
    if (!isPoison(error)) throw error;
    platform.log.error({ err: error, lotId }, 'an entry of a lane’s journal could not be merged and is left');
    return leaveForPerson(platform, { lotId, error });
  }
}

interface BatchAsked {
  readonly lotId: string;
  readonly limit: number;
}

async function mergeBatch(platform: Platform, asked: BatchAsked): Promise<number> {
  const { lotId } = asked;
  const merged = await inTransaction(platform, async (tx) => {
    await lockCursor(tx, partitionOf(lotId));
    const rows = await waiting(tx, asked);
    if (rows.length === 0) return undefined;
    await applyBatch(tx, rows.flatMap(recorded));
    const opened = rows.filter((row) => row.opened);
    const touched = opened.length > 0 ? await mergeInto(platform, tx, { lotId, rows: opened }) : NOTHING;
    const ids = rows.map(({ id }) => id);
    await tx.em.nativeUpdate(LaneScanRow, { lotId, id: { $in: ids } }, { mergedAt: tx.now });
    return { ids, touched };
  });
  if (merged === undefined) return 0;
  const { ids, touched } = merged;
  try {
    await tellPresences(platform, { lotId, ...touched });
    const em = platform.orm.em.fork();
    await em.nativeUpdate(LaneScanRow, { lotId, id: { $in: ids } }, { toldAt: platform.clock.now() });
  } catch (error) {
    platform.log.warn({ err: error, lotId }, 'the gates could not be told what lanes had seen; a sweep will');
  }
  return ids.length;
}

/** Which stays may be somewhere else now, and where they were. */
type Touched = Omit<Parameters<typeof tellPresences>[1], 'lotId'>;
const NOTHING: Touched = { stayIds: [], before: new Set() };

function waiting(tx: Transaction, { lotId, limit }: BatchAsked): Promise<LaneScanRow[]> {
  return tx.em.find(
    LaneScanRow,
    { lotId, mergedAt: null, problem: null },
    { orderBy: { receivedAt: 'asc', agentId: 'asc', seq: 'asc' }, limit, disableIdentityMap: true },
  );
}

function recorded(row: LaneScanRow) {
  const scan = readLaneScan(row.body);
  return scan === undefined ? [] : [laneEntry(scan, { effect: { kind: 'NONE' }, stayId: scan.stayId })];
}

async function mergeInto(
  platform: Platform,
  tx: Transaction,
  { lotId, rows }: { lotId: string; rows: readonly LaneScanRow[] },
): Promise<Touched> {
  const facts = await factsAbout(tx, lotId, rows);
  const merged = mergeScans(facts.toMerge);
  const before = presencesOf(facts.stays);
  const place = {
    lot: await lotOfLane(tx, lotId, facts),
    plates: platform.plates,
    sealKey: laneKeysOf(platform).sealKey,
  };
  const changes = planChanges(place, facts, merged);
  await amendStays(tx, lotId, changes);
  await applyEffects(tx, changes.effects);
  await tellCases(tx, lotId, { merged, facts });
  const stayIds = [
    ...facts.stays.map(({ id }) => id),
    ...changes.effects.flatMap(({ effect }) => (effect.kind === 'NONE' ? [] : effect.stayId)),
  ];
  return { stayIds: [...new Set(stayIds)], before };
}

async function leaveForPerson(
  platform: Platform,
  { lotId, error }: { lotId: string; error: unknown },
): Promise<number> {
  return inTransaction(platform, async (tx) => {
    await lockCursor(tx, partitionOf(lotId));
    const [row] = await waiting(tx, { lotId, limit: 1 });
    if (!row) return 0;
    // Nor are the gates told: else a sweep would take it up again, and again.
    await tx.em.nativeUpdate(LaneScanRow, { lotId, id: row.id }, { mergedAt: tx.now, toldAt: tx.now });
    const { gateId = null, scanId = null } = row;
    const note = error instanceof Error ? error.message : 'unknown';
    await raiseIncident(tx, {
      lotId,
      kind: 'JOURNAL_ENTRY_PARKED',
      gateId,
      scanId,
      note,
      onceKey: `merge/parked/${row.id}`,
    });
    return 1;
  });
}

/** Lots with entries that wait for their merge, or whose gates have not been told: the process that took them died, or Redis was away. */
export async function lotsToMerge(platform: Platform): Promise<string[]> {
  const em = platform.orm.em.fork();
  await untoldAgain(platform, new Date(platform.clock.now().getTime() - UNDER_WAY_MS));
  const lots = await em.execute<{ lot_id: string }[]>(
    'SELECT DISTINCT lot_id FROM lane_scan WHERE merged_at IS NULL AND problem IS NULL',
  );
  return lots.map(({ lot_id: lotId }) => lotId);
}

import { DriverException } from '@mikro-orm/postgresql';
import { ParkedEntry } from '../entities/parked-entry.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { applyBatch } from './apply-batch.ts';
import { writeIncident, type PlacedEntry } from './apply-context.ts';
import { partitionKeys } from './index-keys.ts';
import { lockCursor } from './journal-cursor.ts';
import { mergeAgain } from './lane-sync/merge-again.ts';
import { decodeEntry, ENTRY_FIELD, stayOfEntry } from './journal-entry.ts';
import { redisScript } from './redis-script.ts';
import { tellSettled } from './settle-walk-in.ts';
import { BEFORE_FIRST, compareStreamIds } from './stream-id.ts';

/** Few enough that the pools and rows of a batch are not locked for long. */
const BATCH = 50;

/** A Redis that came back older than PostgreSQL: what it says of presences is not true. */
export class StaleIndex extends Error {
  override readonly name = 'StaleIndex';
}

interface RawEntry {
  readonly streamId: string;
  /** Undefined for a mark without an entry. */
  readonly raw: string | undefined;
}

/**
 * Applies what a partition's journal holds until nothing is left, also when Redis has forgotten how far PostgreSQL is: for a rebuild, while
 * nothing new is journalled. Throws what PostgreSQL or Redis throws while away.
 */
export async function drainJournal(platform: Platform, partition: number): Promise<void> {
  while ((await applyNext(platform, partition, 'ANY_HISTORY')) > 0);
}

/**
 * Applies the next entries of a partition in one transaction that also moves the cursor, so that each counts once and in order, whoever
 * reads. Gives how many were read; 0: there is nothing more. An entry that the rows refuse is parked with its stay's later ones; the rest
 * go on. After the commit Redis learns how far PostgreSQL is, and the stream is cut below it.
 * Throws StaleIndex when the stream is not the one that was applied before (not with ANY_HISTORY).
 */
export async function applyNext(
  platform: Platform,
  partition: number,
  history: 'SAME_HISTORY' | 'ANY_HISTORY' = 'SAME_HISTORY',
): Promise<number> {
  const { from, entries, ready } = await readJournal(platform, partition);
  if (entries.length === 0) return 0;
  try {
    await applyRaw(platform, { partition, from, entries, ready, history });
  } catch (error) {
    if (!isPoison(error)) throw error;
    // One of them is bad: each in a transaction of its own tells which.
    for (const entry of entries) await applyOrPark(platform, { partition, entry, ready, history });
  }
  return entries.length;
}

interface RawBatch {
  readonly partition: number;
  /** What Redis believes to be applied. */
  readonly from: string;
  readonly entries: readonly RawEntry[];
  /** The index's marker when the entries were read. */
  readonly ready: string | null;
  readonly history: 'SAME_HISTORY' | 'ANY_HISTORY';
}

async function readJournal(
  platform: Platform,
  partition: number,
): Promise<{ from: string; entries: RawEntry[]; ready: string | null }> {
  const keys = partitionKeys(partition);
  const [applied, ready] = await platform.redis.mget(keys.applied, keys.ready);
  const from = applied ?? BEFORE_FIRST;
  const found = await platform.redis.xrange(keys.journal, `(${from}`, '+', 'COUNT', BATCH);
  return {
    from,
    entries: found.map(([streamId, fields]) => ({ streamId, raw: fieldOf(fields) })),
    ready: ready ?? null,
  };
}

function fieldOf(fields: readonly string[]): string | undefined {
  const at = fields.indexOf(ENTRY_FIELD);
  return at < 0 ? undefined : fields[at + 1];
}

async function applyRaw(platform: Platform, { partition, from, entries, ready, history }: RawBatch): Promise<void> {
  const applied = await inTransaction(platform, async (tx) => {
    const cursor = await lockCursor(tx, partition);
    if (await wasRebuilt(platform, { partition, ready })) return undefined;
    if (history === 'SAME_HISTORY') checkSameHistory({ from, entries, lastStreamId: cursor.lastStreamId });
    const open = entries.filter(({ streamId }) => compareStreamIds(streamId, cursor.lastStreamId) > 0);
    const placed = await parkFollowers(tx, { partition, placed: decodeAll(open) });
    await applyBatch(tx, placed);
    await mergeAgain(tx, placed);
    const lastStreamId = open.at(-1)?.streamId ?? cursor.lastStreamId;
    cursor.lastStreamId = lastStreamId;
    cursor.updatedAt = tx.now;
    return { lastStreamId, entries: placed.map(({ entry }) => entry) };
  });
  if (!applied) return;
  platform.metrics.journalApplied.inc(applied.entries.length);
  await tellSettled(platform, applied.entries);
  await tellApplied(platform, partition, applied.lastStreamId);
}

/**
 * Entries read before the index was rebuilt are not in it: they must not be applied behind its back. Nothing is lost, because their
 * scans were not durable and are sent again. The rebuild holds the cursor's lock that the caller holds now, so the answer stays true:
 * this look at Redis inside a transaction is what the lock is for.
 */
async function wasRebuilt(
  platform: Platform,
  { partition, ready }: { partition: number; ready: string | null },
): Promise<boolean> {
  const now = await platform.redis.get(partitionKeys(partition).ready);
  return now !== null && now !== ready;
}

/** The process may have died between PostgreSQL's commit and telling Redis; then the entry at the cursor is still in the stream. */
function checkSameHistory({
  from,
  entries,
  lastStreamId,
}: {
  from: string;
  entries: readonly RawEntry[];
  lastStreamId: string;
}): void {
  if (compareStreamIds(from, lastStreamId) >= 0) return;
  if (!entries.some(({ streamId }) => streamId === lastStreamId))
    throw new StaleIndex(`Redis lost entries that were applied up to ${lastStreamId}`);
}

function decodeAll(entries: readonly RawEntry[]): PlacedEntry[] {
  return entries.flatMap(({ streamId, raw }) => (raw === undefined ? [] : [{ streamId, entry: decodeEntry(raw) }]));
}

const TELL = redisScript(`
local known = redis.call('GET', KEYS[1]) or '0-0'
local function newer(a, b)
  local am, as = string.match(a, '(%d+)-(%d+)')
  local bm, bs = string.match(b, '(%d+)-(%d+)')
  am, as, bm, bs = tonumber(am), tonumber(as), tonumber(bm), tonumber(bs)
  return am > bm or (am == bm and as > bs)
end
if not newer(ARGV[1], known) then return 0 end
redis.call('SET', KEYS[1], ARGV[1])
redis.call('XTRIM', ARGV[2], 'MINID', ARGV[1])
return 1
`);

/** Answers become durable from here on. The last applied entry stays in the stream: it proves that both tell one history. */
async function tellApplied(platform: Platform, partition: number, streamId: string): Promise<void> {
  const keys = partitionKeys(partition);
  await TELL.run(platform.redis, keys.applied, [streamId, keys.journal]);
}

/** Poison: the entry's own fault. A server that is away, a lock or a limit is not. */
export function isPoison(error: unknown): boolean {
  if (!(error instanceof DriverException))
    return error instanceof Error && !(error instanceof StaleIndex) && !isConnectionTrouble(error);
  return /^(?:22|23|P0)/.test(String(error.code ?? ''));
}

function isConnectionTrouble(error: Error): boolean {
  return (
    'code' in error ||
    'syscall' in error ||
    error.name === 'MaxRetriesPerRequestError' ||
    error.message === 'Command timed out'
  );
}

async function applyOrPark(
  platform: Platform,
  { entry, ...batch }: Omit<RawBatch, 'entries' | 'from'> & { entry: RawEntry },
): Promise<void> {
  const { partition } = batch;
  try {
    await applyRaw(platform, { ...batch, from: entry.streamId, entries: [entry] });
  } catch (error) {
    if (!isPoison(error)) throw error;
    platform.log.error(
      { err: error, partition, streamId: entry.streamId },
      'a journal entry could not be applied and is parked',
    );
    await park(platform, { partition, entry, error });
  }
}

async function park(
  platform: Platform,
  { partition, entry, error }: { partition: number; entry: RawEntry; error: unknown },
): Promise<void> {
  await inTransaction(platform, async (tx) => {
    const cursor = await lockCursor(tx, partition);
    if (compareStreamIds(entry.streamId, cursor.lastStreamId) <= 0) return;
    await writeParked(tx, { partition, entry, error: error instanceof Error ? error.message : 'unknown' });
    cursor.lastStreamId = entry.streamId;
    cursor.updatedAt = tx.now;
  });
  platform.metrics.journalParked.inc();
  await tellApplied(platform, partition, entry.streamId);
}

async function writeParked(
  tx: Transaction,
  { partition, entry, error }: { partition: number; entry: RawEntry; error: string },
): Promise<void> {
  const { streamId, raw = '{}' } = entry;
  const decoded = parseLoosely(raw);
  tx.em.create(ParkedEntry, {
    partition,
    streamId,
    lotId: decoded?.answer.lotId ?? null,
    entry: { raw },
    error,
    parkedAt: tx.now,
  });
  if (decoded) await writeIncident(tx, decoded, { kind: 'JOURNAL_ENTRY_PARKED', note: error });
}

/** Whatever made it into the stream is kept, even if it is no entry. */
function parseLoosely(raw: string): ReturnType<typeof decodeEntry> | undefined {
  try {
    const entry = decodeEntry(raw);
    return typeof entry.answer.lotId === 'string' ? entry : undefined;
  } catch {
    return undefined;
  }
}

/** Entries of a stay that is parked park too: applied without what came before, they would mean something else. */
async function parkFollowers(
  tx: Transaction,
  { partition, placed }: { partition: number; placed: PlacedEntry[] },
): Promise<PlacedEntry[]> {
  const parked = await tx.em.find(ParkedEntry, { partition, resolvedAt: null });
  if (parked.length === 0) return placed;
  const stays = new Set(
    parked
      .map(({ entry }) => parseLoosely(entry['raw'] ?? ''))
      .flatMap((entry) => (entry ? (stayOfEntry(entry) ?? []) : [])),
  );
  const isFollower = ({ entry }: PlacedEntry): boolean => stays.has(stayOfEntry(entry) ?? '');
  for (const { streamId, entry } of placed.filter(isFollower)) {
    await writeParked(tx, {
      partition,
      entry: { streamId, raw: JSON.stringify(entry) },
      error: 'an earlier entry of this stay is parked',
    });
  }
  return placed.filter((each) => !isFollower(each));
}

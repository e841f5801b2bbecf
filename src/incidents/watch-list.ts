import { addMinutes } from '../domain/period.ts';
import { normalizePlate } from '../domain/plate.ts';
import { Refusal } from '../domain/refusal.ts';
import { actorKey } from '../domain/viewer.ts';
import { LONGEST_WATCH_DAYS, type WatchPurpose } from '../domain/watch-purpose.ts';
import { WatchEntry } from '../entities/watch-entry.ts';
import { inTransaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { recordAct } from './audit.ts';
import { readReason, servedLot, type StaffViewer } from './served-lot.ts';

export interface AddWatchInput {
  readonly idempotencyKey: string;
  readonly lotId: string;
  readonly plate: string;
  readonly purpose: WatchPurpose;
  /** What to do when it comes; must not name the plate. */
  readonly note: string;
  readonly days: number;
}

const DAY_MINUTES = 24 * 60;

/**
 * Watches for a plate at a lot, for a purpose and for some days: when a gate reads it, staff are told, and the barrier does what it
 * would have done. Refuses with REASON_REQUIRED (no note), INVALID_INPUT (longer than 90 days), PLATE_INVALID, LOT_NOT_FOUND and
 * IDEMPOTENCY_KEY_REUSED.
 */
export async function addWatch(
  platform: Platform,
  input: AddWatchInput,
  staff: StaffViewer,
): Promise<{ entry: WatchEntry; replayed: boolean }> {
  const { lotId, purpose, days, idempotencyKey: key } = input;
  const note = readReason(input.note);
  if (days < 1 || days > LONGEST_WATCH_DAYS)
    throw new Refusal('INVALID_INPUT', `A plate is watched for 1 to ${LONGEST_WATCH_DAYS} days.`, { field: ['days'] });
  const plate = normalizePlate(input.plate);
  if (plate === undefined) throw new Refusal('PLATE_INVALID', 'This is no licence plate.', { field: ['plate'] });
  return inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const { plateCipher, plateIndex } = platform.plates.seal(lotId, plate);
    const sent = { lotId, plateIndex, purpose, note, days };
    const keyed = { actor: actorKey(staff), key, operation: 'addWatch', input: sent };
    const { replayed, result } = await claimKey(tx, { ...keyed, result: { entryId: newId(tx.now) } });
    const { entryId: id } = result;
    if (replayed) return { entry: await tx.em.findOneOrFail(WatchEntry, { lotId, id }), replayed };
    const { staffId } = staff;
    const expiresAt = addMinutes(tx.now, days * DAY_MINUTES);
    const about = { lotId, id, plateCipher, plateIndex, purpose, note, createdAt: tx.now, expiresAt };
    const entry = tx.em.create(WatchEntry, { ...about, addedByStaffId: staffId });
    recordAct(tx, { lotId, staffId, act: 'WATCH_ADDED', subjectId: id, reason: note });
    return { entry, replayed };
  });
}

/** Watches for a plate no longer. One that is over stays over. Refuses with REASON_REQUIRED, LOT_NOT_FOUND, NOT_FOUND. */
export async function endWatch(
  platform: Platform,
  { lotId, entryId, reason: words }: { lotId: string; entryId: string; reason: string },
  staff: StaffViewer,
): Promise<WatchEntry> {
  const reason = readReason(words);
  return inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const entry = await tx.em.findOne(WatchEntry, { lotId, id: entryId });
    if (!entry)
      throw new Refusal('NOT_FOUND', 'There is no such entry of a watch list in your lots.', { field: ['entryId'] });
    if (entry.endedAt != null) return entry;
    entry.endedAt = tx.now;
    recordAct(tx, { lotId, staffId: staff.staffId, act: 'WATCH_ENDED', subjectId: entryId, reason });
    return entry;
  });
}

/** What is watched for, as staff read it. */
export interface ShownWatch {
  readonly entry: WatchEntry;
  readonly plate: string;
}

/**
 * The watch list of a lot, the newest first, with its plates in clear. Who looked, and why, is kept before anything is shown.
 * Refuses with REASON_REQUIRED, LOT_NOT_FOUND.
 */
export async function readWatchList(
  platform: Platform,
  { lotId, reason: words }: { lotId: string; reason: string },
  staff: StaffViewer,
): Promise<ShownWatch[]> {
  const reason = readReason(words);
  return inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    recordAct(tx, { lotId, staffId: staff.staffId, act: 'WATCH_LIST_READ', reason });
    const open = { lotId, endedAt: null, expiresAt: { $gt: tx.now } };
    const entries = await tx.em.find(WatchEntry, open, {
      orderBy: { createdAt: 'desc', id: 'desc' },
      limit: MOST_SHOWN,
    });
    return entries.map((entry) => ({ entry, plate: platform.plates.open(entry.plateCipher) }));
  });
}

const MOST_SHOWN = 1000;
const FORGET_BATCH = 5000;

/** Deletes entries that are over, at most 5,000; gives how many. That they stood there is still told by what staff did. */
export async function forgetWatches(platform: Platform, now: Date): Promise<number> {
  const forgotten = await platform.orm.em.fork().execute<unknown[]>(
    `DELETE FROM watch_entry WHERE (lot_id, id) IN
       (SELECT lot_id, id FROM watch_entry WHERE expires_at <= ? OR ended_at IS NOT NULL LIMIT ${FORGET_BATCH}) RETURNING id`,
    [now],
  );
  return forgotten.length;
}

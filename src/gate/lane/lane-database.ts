import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Everything a lane keeps, in one SQLite file: what it journalled, where vehicles are, its bundle, what it knew of its clock. */
export type LaneDatabase = DatabaseSync;

/** Another process works on the same folder. */
export class FolderTakenError extends Error {
  override readonly name = 'FolderTakenError';
}

const SQLITE_BUSY = 5;
const PAGE_BYTES = 4096;
const MOST_PAGES_IN_LOG = 20_000;

const SCHEMA = `
CREATE TABLE IF NOT EXISTS entry (
  seq INTEGER PRIMARY KEY, scan_id TEXT NOT NULL UNIQUE, body TEXT NOT NULL, chain TEXT NOT NULL, answer TEXT NOT NULL
) STRICT;
CREATE TRIGGER IF NOT EXISTS entry_is_written_once BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'a journal entry is never changed'); END;
CREATE TRIGGER IF NOT EXISTS entry_is_kept BEFORE DELETE ON entry
  WHEN OLD.seq > (SELECT CAST(value AS INTEGER) FROM note WHERE name = 'acknowledged')
  BEGIN SELECT RAISE(ABORT, 'a journal entry is kept until it is durable elsewhere'); END;
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS vehicle (key TEXT PRIMARY KEY, seq INTEGER, body TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS told (scan_id TEXT PRIMARY KEY, at INTEGER NOT NULL, answer TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS bundle_part (position INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
INSERT OR IGNORE INTO note VALUES ('acknowledged', '0');
`;

/**
 * Opens the lane's file in `folder` for this process alone; each commit is on the disk before it returns. `mostBytes` keeps a lane that is
 * cut off for long from filling the controller's disk. Throws FolderTakenError when another process has it.
 */
export function openLaneDatabase(folder: string, { mostBytes }: { mostBytes: number }): LaneDatabase {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const database = new DatabaseSync(join(folder, 'lane.sqlite'));
  try {
    database.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    // No decision waits for that: see `checkpoint`.
    database.exec(`PRAGMA wal_autocheckpoint = ${MOST_PAGES_IN_LOG}`);
    database.exec(SCHEMA);
    database.exec(`PRAGMA max_page_count = ${Math.max(1, Math.floor(mostBytes / PAGE_BYTES))}`);
    return database;
  } catch (error) {
    database.close();
    throw sqliteCode(error) === SQLITE_BUSY ? new FolderTakenError(`Another process uses ${folder}.`) : error;
  }
}

function sqliteCode(error: unknown): number | undefined {
  return error instanceof Error && 'errcode' in error ? Number(error.errcode) & 0xff : undefined;
}

/** Moves what was committed from SQLite's log to its file, between decisions rather than in one. */
export function checkpoint(database: LaneDatabase): void {
  database.exec('PRAGMA wal_checkpoint(PASSIVE)');
}

/** Does `work` in one commit, which is on the disk when this returns; or nothing of it, and throws. */
export function durably<T>(database: LaneDatabase, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite has rolled back by itself where the disk was full.
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

import type { StatementSync } from 'node:sqlite';
import type { LaneScan } from '../../domain/lane-scan.ts';
import { canonicalJson, CHAIN_START, nextChain } from './chain.ts';
import { durably, type LaneDatabase } from './lane-database.ts';

/** One entry as it is uploaded. */
export interface JournalledEntry {
  readonly seq: number;
  readonly chain: string;
  readonly body: string;
}

/** What a decision changes of what the lane knows of one vehicle; a body of null forgets it. */
export interface VehicleNote {
  readonly key: string;
  readonly body: string | null;
}

/** A decision to be written down: the scan without its number, what was answered, and who is where now. */
export interface Unwritten {
  readonly scan: Omit<LaneScan, 'seq'>;
  readonly answer: string;
  readonly vehicles: readonly VehicleNote[];
}

/** How long what the cloud was seen to answer is remembered. */
const TOLD_MS = 24 * 3600_000;

/**
 * The lane's journal: numbered 1, 2, 3 … without holes, each entry chained to the one before under the agent's key, never changed, and
 * kept until the cloud has it. A decision, its answer and who is where are one commit.
 */
export class Journal {
  private readonly database: LaneDatabase;
  private readonly key: Buffer;
  private readonly insert: StatementSync;
  private readonly put: StatementSync;
  private readonly forget: StatementSync;
  private readonly found: StatementSync;
  private readonly after: StatementSync;
  private last: { seq: number; chain: string };
  private acknowledged: number;

  constructor(database: LaneDatabase, key: Buffer) {
    this.database = database;
    this.key = key;
    this.insert = database.prepare('INSERT INTO entry (seq, scan_id, body, chain, answer) VALUES (?, ?, ?, ?, ?)');
    this.put = database.prepare('INSERT OR REPLACE INTO vehicle (key, seq, body) VALUES (?, ?, ?)');
    this.forget = database.prepare('DELETE FROM vehicle WHERE key = ?');
    this.found = database.prepare('SELECT answer FROM entry WHERE scan_id = ?');
    this.after = database.prepare('SELECT seq, chain, body FROM entry WHERE seq > ? ORDER BY seq LIMIT ?');
    this.acknowledged = Number(this.note('acknowledged') ?? 0);
    const row = database.prepare('SELECT seq, chain FROM entry ORDER BY seq DESC LIMIT 1').get();
    const forgotten = { seq: this.acknowledged, chain: this.note('chain') ?? CHAIN_START };
    this.last = row === undefined ? forgotten : { seq: Number(row['seq']), chain: String(row['chain']) };
  }

  get lastSeq(): number {
    return this.last.seq;
  }

  /** Up to where the cloud has everything. */
  get acknowledgedSeq(): number {
    return this.acknowledged;
  }

  /** Writes a decision down. It is on the disk when this returns; when it throws (the disk is full), nothing has happened. */
  append({ scan, answer, vehicles }: Unwritten): LaneScan {
    const written: LaneScan = { ...scan, seq: this.last.seq + 1 };
    const body = canonicalJson(written);
    const chain = nextChain(this.key, this.last.chain, body);
    durably(this.database, () => {
      this.insert.run(written.seq, written.scanId, body, chain, answer);
      this.noteVehicles(vehicles, written.seq);
    });
    this.last = { seq: written.seq, chain };
    return written;
  }

  private noteVehicles(vehicles: readonly VehicleNote[], seq: number | null): void {
    for (const { key, body } of vehicles) {
      if (body === null) this.forget.run(key);
      else this.put.run(key, seq, body);
    }
  }

  /** Remembers what the cloud answered to a scan, and where that leaves the vehicle. */
  tell(told: { scanId: string; atMs: number; answer: string; vehicles: readonly VehicleNote[] }): void {
    durably(this.database, () => {
      const { scanId, atMs, answer } = told;
      this.database.prepare('INSERT OR REPLACE INTO told VALUES (?, ?, ?)').run(scanId, atMs, answer);
      this.noteVehicles(told.vehicles, null);
    });
  }

  /** What this lane answered to a scan. */
  answerTo(scanId: string): string | undefined {
    return textOf(this.found.get(scanId), 'answer');
  }

  /** A scan that this lane decided. */
  scanOf(scanId: string): LaneScan | undefined {
    const body = textOf(this.database.prepare('SELECT body FROM entry WHERE scan_id = ?').get(scanId), 'body');
    return body === undefined ? undefined : (JSON.parse(body) as LaneScan);
  }

  /** What the cloud answered to a scan that came through this lane. */
  toldOf(scanId: string): string | undefined {
    return textOf(this.database.prepare('SELECT answer FROM told WHERE scan_id = ?').get(scanId), 'answer');
  }

  entriesAfter(seq: number, limit: number): JournalledEntry[] {
    return this.after
      .all(seq, limit)
      .map((row) => ({ seq: Number(row['seq']), chain: String(row['chain']), body: String(row['body']) }));
  }

  /** The cloud has everything up to here. */
  acknowledge(seq: number): void {
    if (seq <= this.acknowledged) return;
    this.setNote('acknowledged', String(seq));
    this.acknowledged = seq;
  }

  /** Forgets entries that the cloud has, all but the last `kept`, and what the cloud answered more than a day ago. */
  prune(kept: number, nowMs: number): void {
    this.database.prepare('DELETE FROM told WHERE at < ?').run(nowMs - TOLD_MS);
    const before = Math.min(this.acknowledged, this.last.seq - kept);
    if (before <= 0) return;
    this.setNote('chain', this.last.chain);
    this.database.prepare('DELETE FROM entry WHERE seq <= ?').run(before);
  }

  vehicles(): { key: string; seq: number | null; body: string }[] {
    return this.database
      .prepare('SELECT key, seq, body FROM vehicle')
      .all()
      .map((row) => ({
        key: String(row['key']),
        seq: row['seq'] === null ? null : Number(row['seq']),
        body: String(row['body']),
      }));
  }

  forgetVehicles(keys: readonly string[]): void {
    durably(this.database, () => keys.forEach((key) => this.forget.run(key)));
  }

  note(name: string): string | undefined {
    return textOf(this.database.prepare('SELECT value FROM note WHERE name = ?').get(name), 'value');
  }

  setNote(name: string, value: string): void {
    this.database.prepare('INSERT OR REPLACE INTO note VALUES (?, ?)').run(name, value);
  }
}

function textOf(row: Record<string, unknown> | undefined, column: string): string | undefined {
  return row === undefined ? undefined : String(row[column]);
}

import type { LaneBundle } from '../../domain/lane-bundle.ts';
import { takeBundle, type BundleRefusal, type TakenBundle } from './bundle-codec.ts';
import { durably, type LaneDatabase } from './lane-database.ts';

/** So many differences are kept after a full bundle; the next bundle is then asked for whole. */
const MOST_PARTS = 200;

/**
 * The last good bundle, kept as it was signed: a full one and the differences since. Each is verified again when the agent starts, so
 * what was changed on the disk is not believed.
 */
export class BundleStore {
  private readonly database: LaneDatabase;
  private readonly lotId: string;
  private bundle: LaneBundle | undefined;
  private parts = 0;

  constructor(database: LaneDatabase, lotId: string) {
    this.database = database;
    this.lotId = lotId;
  }

  /** What is kept, under this key (SPKI in base64url); as much of it as is good. */
  load(publicKey: string): LaneBundle | undefined {
    const rows = this.database.prepare('SELECT bytes FROM bundle_part ORDER BY position').all();
    for (const row of rows) {
      const bytes = row['bytes'];
      if (!(bytes instanceof Uint8Array)) break;
      const taken = takeBundle(this.bundle, bytes, { lotId: this.lotId, publicKey });
      if ('refused' in taken) break;
      this.bundle = taken.bundle;
      this.parts += 1;
    }
    return this.bundle;
  }

  current(): LaneBundle | undefined {
    return this.bundle;
  }

  /** The version to ask for a difference to; undefined: ask for the whole. */
  have(): number | undefined {
    return this.parts >= MOST_PARTS ? undefined : this.bundle?.version;
  }

  /** The next is asked for whole: the last one did not fit. */
  wantWhole(): void {
    this.parts = MOST_PARTS;
  }

  /** Takes a bundle that came, or says why not; then the last good one stays. Where it can't be kept (the disk is full) it is good until the agent ends. */
  take(bytes: Uint8Array, publicKey: string): TakenBundle | { readonly refused: BundleRefusal } {
    const taken = takeBundle(this.bundle, bytes, { lotId: this.lotId, publicKey });
    if ('refused' in taken) return taken;
    this.keep(bytes, taken.kind === 'FULL' ? 0 : this.parts);
    this.bundle = taken.bundle;
    return taken;
  }

  private keep(bytes: Uint8Array, position: number): void {
    this.parts = position + 1;
    try {
      durably(this.database, () => {
        if (position === 0) this.database.exec('DELETE FROM bundle_part');
        this.database.prepare('INSERT INTO bundle_part (position, bytes) VALUES (?, ?)').run(position, bytes);
      });
    } catch {
      // What is on the disk is the last good one that fitted there.
      this.wantWhole();
    }
  }
}

/** What may be away: the way to the cloud, the cloud behind it, or whoever takes the money. Each is told apart, because each is another person's to mend. */
export const OUTAGE_KINDS = ['NETWORK', 'CLOUD', 'PAYMENT'] as const;
export type OutageKind = (typeof OUTAGE_KINDS)[number];

/** A stretch in which this lane could not know what happened elsewhere; ms since 1970. Still going on without an end. */
export interface Partition {
  readonly startedAt: number;
  readonly endedAt: number | null;
}

/** What a restart must not forget: the last partition, and since when the lane was alone when its process ended. */
export interface OutageMemory {
  readonly last: Partition | null;
  readonly aloneSince: number | null;
}

/** A shorter one is a hiccup: what is known of who is inside holds over it. */
const PARTITION_MS = 5000;

export type OutageListener = (kind: OutageKind, isOut: boolean) => void;

/** What is out, since when, and the last time that the lane was alone for long. */
export class Outages {
  private readonly since = new Map<OutageKind, number>();
  private last: Partition | undefined;
  private readonly listener: OutageListener;

  constructor(remembered: OutageMemory | undefined, listener: OutageListener) {
    this.last = remembered?.last ?? undefined;
    this.listener = listener;
    // What was out when the process ended has not come back with it.
    if (remembered?.aloneSince != null) this.since.set('NETWORK', remembered.aloneSince);
  }

  /** Notes that something is out or back, at an instant in ms since 1970. */
  note(kind: OutageKind, isOut: boolean, atMs: number): void {
    if (isOut === this.since.has(kind)) return;
    const aloneSince = this.aloneSince();
    if (isOut) this.since.set(kind, atMs);
    else this.since.delete(kind);
    if (aloneSince !== undefined && this.aloneSince() === undefined && atMs - aloneSince >= PARTITION_MS)
      this.last = { startedAt: aloneSince, endedAt: atMs };
    this.listener(kind, isOut);
  }

  isOut(kind: OutageKind): boolean {
    return this.since.has(kind);
  }

  /** Whether the cloud can't be asked. */
  isAlone(): boolean {
    return this.aloneSince() !== undefined;
  }

  private aloneSince(): number | undefined {
    const starts = [this.since.get('NETWORK'), this.since.get('CLOUD')].filter((start) => start !== undefined);
    return starts.length === 0 ? undefined : Math.min(...starts);
  }

  /** The partition that goes on, or else the last one. */
  partition(nowMs: number): Partition | undefined {
    const startedAt = this.aloneSince();
    return startedAt !== undefined && nowMs - startedAt >= PARTITION_MS ? { startedAt, endedAt: null } : this.last;
  }

  memory(): OutageMemory {
    return { last: this.last ?? null, aloneSince: this.aloneSince() ?? null };
  }

  /** Since when each is out; null for what is not. */
  state(): Record<OutageKind, string | null> {
    const since = (kind: OutageKind) => {
      const at = this.since.get(kind);
      return at === undefined ? null : new Date(at).toISOString();
    };
    return { NETWORK: since('NETWORK'), CLOUD: since('CLOUD'), PAYMENT: since('PAYMENT') };
  }
}

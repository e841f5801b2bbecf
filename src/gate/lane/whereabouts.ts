import type { Presence } from '../../domain/admission.ts';
import type { BundleRight, BundleStay } from '../../domain/lane-bundle.ts';
import type { SpotType } from '../../domain/spot-type.ts';
import type { VehicleNote } from './journal.ts';
import type { LotIndex } from './lot-index.ts';
import type { Partition } from './outages.ts';

/** Where this lane saw the vehicle of a reservation last. */
export interface SeenRight {
  readonly kind: 'RIGHT';
  readonly reservationId: string;
  readonly at: 'INSIDE' | 'LEFT';
  readonly stayId: string;
  readonly instant: number;
}

/** A walk-in that this lane let in, or saw leave. */
export interface SeenStay {
  readonly kind: 'STAY';
  readonly stay: BundleStay;
  readonly leftAt: number | null;
  /** When it was seen last. */
  readonly instant: number;
}
export type Seen = SeenRight | SeenStay;

interface Remembered {
  readonly seen: Seen;
  /** The journal's entry; null for what the cloud decided. */
  readonly seq: number | null;
  /** Since when the cloud has it. */
  durableSince: number | undefined;
}

/** A presence, and whether it may bar anybody: what was written before or while the lane was alone says nothing certain any more. */
export interface KnownPresence {
  readonly presence: Presence;
  readonly isCertain: boolean;
}

/** A bundle that was issued so long after the cloud got a scan tells of it: what the lane remembers of its own is then old. */
const MERGED_MS = 30_000;

const keyOf = (seen: Seen) => (seen.kind === 'RIGHT' ? `r:${seen.reservationId}` : `s:${seen.stay.stayId}`);

/** What goes into the journal's commit with a decision. */
export function vehicleNote(seen: Seen): VehicleNote {
  return { key: keyOf(seen), body: JSON.stringify(seen) };
}

/** Who is where: what the bundle says, and over it what this lane has seen itself since. */
export class Whereabouts {
  private readonly remembered = new Map<string, Remembered>();
  private readonly staysByPlate = new Map<string, Set<string>>();
  private readonly staysBySkeleton = new Map<string, Set<string>>();
  private readonly staysByCode = new Map<string, string>();
  private index: LotIndex | undefined;

  /** Starts from what the lane's file remembers. */
  constructor(
    rows: readonly { key: string; seq: number | null; body: string }[],
    from: { nowMs: number; acknowledgedSeq: number },
  ) {
    for (const { seq, body } of rows) {
      const isDurable = seq === null || seq <= from.acknowledgedSeq;
      this.remember(JSON.parse(body) as Seen, { seq, durableSince: isDurable ? from.nowMs : undefined });
    }
  }

  note(seen: Seen, seq: number | null, nowMs: number): void {
    this.remember(seen, { seq, durableSince: seq === null ? nowMs : undefined });
  }

  /** What was believed of a vehicle turned out to be another's. */
  forget(key: string): void {
    const known = this.remembered.get(key)?.seen;
    this.remembered.delete(key);
    if (known?.kind !== 'STAY') return;
    const { stayId, code, plateIndex, plateSkeletonIndex } = known.stay;
    this.staysByCode.delete(code);
    this.staysByPlate.get(plateIndex ?? '')?.delete(stayId);
    this.staysBySkeleton.get(plateSkeletonIndex ?? '')?.delete(stayId);
  }

  private remember(seen: Seen, rest: Omit<Remembered, 'seen'>): void {
    this.remembered.set(keyOf(seen), { seen, ...rest });
    if (seen.kind === 'STAY') this.indexStay(seen.stay);
  }

  /** The cloud has the journal up to here. */
  acknowledged(seq: number, nowMs: number): void {
    for (const item of this.remembered.values()) {
      if (item.seq !== null && item.seq <= seq) item.durableSince ??= nowMs;
    }
  }

  /** Takes a newer bundle, and gives the keys of what the lane no longer has to remember because that bundle tells of it. */
  takeIndex(index: LotIndex): string[] {
    this.index = index;
    const isOld = ({ durableSince }: Remembered) =>
      durableSince !== undefined && index.bundle.issuedAt > durableSince + MERGED_MS;
    const old = [...this.remembered].filter(([, item]) => isOld(item)).map(([key]) => key);
    for (const key of old) this.remembered.delete(key);
    for (const map of [this.staysByPlate, this.staysBySkeleton, this.staysByCode]) map.clear();
    for (const stay of index.bundle.stays) this.indexStay(stay);
    for (const { seen } of this.remembered.values()) if (seen.kind === 'STAY') this.indexStay(seen.stay);
    return old;
  }

  private indexStay({ stayId, code, plateIndex, plateSkeletonIndex }: BundleStay): void {
    this.staysByCode.set(code, stayId);
    if (plateIndex !== null) addTo(this.staysByPlate, plateIndex, stayId);
    if (plateSkeletonIndex !== null) addTo(this.staysBySkeleton, plateSkeletonIndex, stayId);
  }

  /** Where the vehicle of a reservation is; `right` is what the bundle says of it, undefined when it says nothing. */
  presenceOf(reservationId: string, right: BundleRight | undefined, partition: Partition | undefined): KnownPresence {
    const own = this.remembered.get(`r:${reservationId}`)?.seen;
    const told: Presence = right?.presence ?? { at: 'OUTSIDE' };
    const toldAt = instantOf(told);
    if (own?.kind === 'RIGHT' && own.instant >= (toldAt ?? 0)) {
      const { at, stayId, instant } = own;
      const presence: Presence = at === 'INSIDE' ? { at, stayId, enteredAt: instant } : { at, stayId, leftAt: instant };
      return { presence, isCertain: isCertain(partition, { instant, isOwn: true }) };
    }
    // The cloud may say "inside" without saying since when.
    return { presence: told, isCertain: isCertain(partition, { instant: toldAt ?? 0, isOwn: false }) };
  }

  /** A walk-in that is inside; undefined when it has left or was never here. */
  stayInside(stayId: string): BundleStay | undefined {
    const own = this.remembered.get(`s:${stayId}`)?.seen;
    if (own?.kind === 'STAY') return own.leftAt === null ? (this.index?.stay(stayId) ?? own.stay) : undefined;
    return this.index?.stay(stayId);
  }

  /** A walk-in that this lane has just seen leave. */
  stayLeft(stayId: string, sinceMs: number): BundleStay | undefined {
    const own = this.remembered.get(`s:${stayId}`)?.seen;
    return own?.kind === 'STAY' && own.leftAt !== null && own.leftAt >= sinceMs ? own.stay : undefined;
  }

  /** Certain when this lane saw it itself, in this partition or with no partition since. */
  isStayCertain({ stayId, enteredAt }: BundleStay, partition: Partition | undefined): boolean {
    const isOwn = this.remembered.has(`s:${stayId}`);
    return isCertain(partition, { instant: enteredAt, isOwn });
  }

  stayIdsOfPlate(plateIndex: string): readonly string[] {
    return [...(this.staysByPlate.get(plateIndex) ?? [])];
  }

  stayIdsLike(skeletonIndex: string): readonly string[] {
    return [...(this.staysBySkeleton.get(skeletonIndex) ?? [])];
  }

  stayIdOfCode(code: string): string | undefined {
    return this.staysByCode.get(code);
  }

  /** The reservation on which this lane saw a stay begin or end. */
  reservationOfStay(stayId: string): string | undefined {
    for (const { seen } of this.remembered.values())
      if (seen.kind === 'RIGHT' && seen.stayId === stayId) return seen.reservationId;
    return undefined;
  }

  /** How many more walk-ins of a type this lane let in than it saw leave, of what the bundle does not tell yet. */
  admittedSince(spotType: SpotType): number {
    let admitted = 0;
    for (const { seen } of this.remembered.values()) {
      if (seen.kind !== 'STAY' || seen.stay.spotType !== spotType) continue;
      const isInBundle = this.index?.stay(seen.stay.stayId) !== undefined;
      if (seen.leftAt === null && !isInBundle) admitted += 1;
      if (seen.leftAt !== null && isInBundle) admitted -= 1;
    }
    return admitted;
  }
}

function instantOf(presence: Presence): number | undefined {
  switch (presence.at) {
    case 'INSIDE':
      return presence.enteredAt;
    case 'LEFT':
      return presence.leftAt;
    case 'RELEASED':
      return presence.releasedAt;
    case 'OUTSIDE':
      return undefined;
  }
}

/** While the lane is alone only what it has seen itself since then; afterwards only what was written since it was over. */
function isCertain(partition: Partition | undefined, seen: { instant: number; isOwn: boolean }): boolean {
  if (partition === undefined) return true;
  const { startedAt, endedAt } = partition;
  return endedAt === null ? seen.isOwn && seen.instant >= startedAt : seen.instant > endedAt;
}

function addTo(map: Map<string, Set<string>>, key: string, item: string): void {
  const items = map.get(key);
  if (items) items.add(item);
  else map.set(key, new Set([item]));
}

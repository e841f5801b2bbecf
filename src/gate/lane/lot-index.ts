import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type {
  BundleDevice,
  BundleGate,
  BundleMonthlyPass,
  BundleRight,
  BundleStay,
  LaneBundle,
} from '../../domain/lane-bundle.ts';
import { MINUTE_MS } from '../../domain/period.ts';
import { plateSkeleton } from '../../domain/plate.ts';
import type { SpotType } from '../../domain/spot-type.ts';
import { readPassKey, type PassKey } from '../pass-token.ts';

const INDEX_BYTES = 16;

/** A plate's two indexes under the lot's keys. */
export interface PlateIndexes {
  readonly index: string;
  readonly skeletonIndex: string;
}

/** A bundle with the ways into it that a decision needs; made anew for each version. */
export class LotIndex {
  readonly bundle: LaneBundle;
  readonly passKeys: readonly PassKey[];
  readonly factorKey: Buffer | undefined;
  private readonly exactKey: KeyObject;
  private readonly skeletonKey: KeyObject;
  private readonly gates: ReadonlyMap<string, BundleGate>;
  private readonly devices: ReadonlyMap<string, BundleDevice>;
  private readonly rights = new Map<string, BundleRight>();
  private readonly rightsByCode = new Map<string, BundleRight>();
  private readonly rightsByPlate = new Map<string, BundleRight[]>();
  private readonly rightsBySkeleton = new Map<string, BundleRight[]>();
  private readonly stays: ReadonlyMap<string, BundleStay>;
  private readonly passesByPlate = new Map<string, BundleMonthlyPass[]>();
  private readonly denied: ReadonlySet<string>;
  private coming: { minute: number; counts: Map<SpotType, number> } = { minute: 0, counts: new Map() };

  constructor(bundle: LaneBundle) {
    this.bundle = bundle;
    const keyOf = (text: string) => createSecretKey(Buffer.from(text, 'base64url'));
    this.exactKey = keyOf(bundle.plateKeys.exact);
    this.skeletonKey = keyOf(bundle.plateKeys.skeleton);
    this.passKeys = bundle.passKeys.map(({ publicKey }) => readPassKey(publicKey));
    this.factorKey = bundle.factorKey === null ? undefined : Buffer.from(bundle.factorKey, 'base64url');
    this.gates = new Map(bundle.gates.map((gate) => [gate.id, gate]));
    this.devices = new Map(bundle.devices.map((device) => [device.keyHash, device]));
    this.stays = new Map(bundle.stays.map((stay) => [stay.stayId, stay]));
    this.denied = new Set(bundle.deniedReservationIds);
    for (const right of bundle.rights) {
      this.rights.set(right.reservationId, right);
      this.rightsByCode.set(right.code, right);
      addTo(this.rightsByPlate, right.plateIndex, right);
      addTo(this.rightsBySkeleton, right.plateSkeletonIndex, right);
    }
    for (const pass of bundle.monthlyPasses) {
      for (const plateIndex of pass.plateIndexes) addTo(this.passesByPlate, plateIndex, pass);
    }
  }

  gate(gateId: string): BundleGate | undefined {
    return this.gates.get(gateId);
  }

  /** The device whose key has this hash. */
  device(keyHash: string): BundleDevice | undefined {
    return this.devices.get(keyHash);
  }

  right(reservationId: string): BundleRight | undefined {
    return this.rights.get(reservationId);
  }

  rightOfCode(code: string): BundleRight | undefined {
    return this.rightsByCode.get(code);
  }

  rightsOfPlate(plateIndex: string): readonly BundleRight[] {
    return this.rightsByPlate.get(plateIndex) ?? [];
  }

  rightsLike(skeletonIndex: string): readonly BundleRight[] {
    return this.rightsBySkeleton.get(skeletonIndex) ?? [];
  }

  stay(stayId: string): BundleStay | undefined {
    return this.stays.get(stayId);
  }

  monthlyPassOf(plateIndex: string, atMs: number): BundleMonthlyPass | undefined {
    const passes = this.passesByPlate.get(plateIndex) ?? [];
    return passes.find(({ startsAt, endsAt }) => startsAt <= atMs && atMs < endsAt);
  }

  /** Whether a right was taken back: a good signature opens nothing for it. */
  isDenied(reservationId: string): boolean {
    return this.denied.has(reservationId);
  }

  /**
   * How many who were not due yet when the bundle was made come for a spot of this type in a stretch of time; to the minute, because it is
   * asked for each walk-in and a lot has thousands of rights.
   */
  comingWithin(spotType: SpotType, { fromMs, toMs }: { fromMs: number; toMs: number }): number {
    const minute = Math.floor(fromMs / MINUTE_MS);
    if (this.coming.minute !== minute) this.coming = { minute, counts: new Map() };
    const known = this.coming.counts.get(spotType);
    if (known !== undefined) return known;
    const { rights, issuedAt } = this.bundle;
    const isComing = (right: BundleRight) =>
      right.spotType === spotType &&
      right.state === 'CONFIRMED' &&
      right.startsAt > issuedAt &&
      right.startsAt < toMs &&
      right.endsAt > fromMs;
    const count = rights.reduce((sum, right) => (isComing(right) ? sum + 1 : sum), 0);
    this.coming.counts.set(spotType, count);
    return count;
  }

  indexesOf(plate: string): PlateIndexes {
    return { index: indexOf(this.exactKey, plate), skeletonIndex: indexOf(this.skeletonKey, plateSkeleton(plate)) };
  }
}

function indexOf(key: KeyObject, text: string): string {
  return createHmac('sha256', key).update(text).digest().subarray(0, INDEX_BYTES).toString('base64url');
}

function addTo<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items) items.push(item);
  else map.set(key, [item]);
}

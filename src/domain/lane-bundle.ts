import type { Presence, Right } from './admission.ts';
import type { Concessions } from './concessions.ts';
import type { MonthlyPassTerms } from './monthly-pass.ts';
import type { OpeningHours } from './opening-hours.ts';
import type { PayPoint } from './payment.ts';
import type { LotPolicy } from './policies.ts';
import type { SpotType } from './spot-type.ts';
import type { TariffDocument } from './tariff/document.ts';
import type { VehicleClass } from './vehicle.ts';
import type { DeviceRole } from './viewer.ts';

/** What a lane needs of its lot. */
export interface BundleLot {
  readonly operatorId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly state: 'OPEN' | 'CLOSED';
  readonly openingHours: OpeningHours;
  readonly policy: Pick<
    LotPolicy,
    | 'earlyEntryMinutes'
    | 'graceMinutes'
    | 'exitGraceMinutes'
    | 'reinstateLateArrival'
    | 'usualStayMinutes'
    | 'plateMatching'
    | 'livePass'
  >;
  /** The tariff in force. */
  readonly tariffId: string;
}

export interface BundleGate {
  readonly id: string;
  readonly name: string;
  readonly direction: 'ENTRY' | 'EXIT' | 'BOTH';
  readonly inService: boolean;
}

/** By which the lot's own devices log in at the agent; the hash is SHA-256 of the key in hex. */
export interface BundleDevice {
  readonly id: string;
  readonly gateId: string | null;
  readonly role: DeviceRole;
  readonly keyHash: string;
}

/** A key that passes are signed with: its id in the pass, and the public half (SPKI in base64url). */
export interface BundlePassKey {
  readonly id: number;
  readonly publicKey: string;
}

/** A right that is due or whose vehicle is inside, with what prices an overstay, and where its vehicle is as the cloud knows it. */
export interface BundleRight extends Right {
  readonly spotType: SpotType;
  readonly pricedSpotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly tariffId: string;
  readonly multiplierPercent: number;
  readonly exitGraceMinutes: number;
  readonly concessions?: Concessions;
  readonly plateIndex: string;
  readonly plateSkeletonIndex: string;
  readonly plateCountry?: string | null;
  readonly presence: Presence;
}

/** A walk-in that is inside; instants in ms since 1970. */
export interface BundleStay {
  readonly stayId: string;
  readonly enteredAt: number;
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly spotLabel: string | null;
  readonly tariffId: string;
  readonly multiplierPercent: number;
  readonly currency: string;
  readonly code: string;
  readonly plateIndex: string | null;
  readonly plateSkeletonIndex: string | null;
  readonly paidMinor: number;
  readonly paidUntil: number | null;
  readonly payPoint?: PayPoint;
  readonly concessions?: Concessions;
}

export interface BundleMonthlyPass extends MonthlyPassTerms {
  readonly revision: number;
  readonly plateIndexes: readonly string[];
}

/** The lists of a bundle, by what makes an item of each itself. */
export interface BundleLists {
  readonly gates: readonly BundleGate[];
  readonly devices: readonly BundleDevice[];
  readonly rights: readonly BundleRight[];
  readonly stays: readonly BundleStay[];
  readonly monthlyPasses: readonly BundleMonthlyPass[];
  /** Of those whose right was taken (cancelled, expired, no-show) and whose period is not over: a good signature opens nothing for them. */
  readonly deniedReservationIds: readonly string[];
}

/** What a lane decides from while it is cut off. Instants in ms since 1970. */
export interface LaneBundle extends BundleLists {
  readonly lotId: string;
  /** Grows strictly: max(previous + 1, the clock in ms). */
  readonly version: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly lot: BundleLot;
  /** By id: the one in force and those that rights and stays were promised. */
  readonly tariffs: Readonly<Record<string, TariffDocument>>;
  readonly passKeys: readonly BundlePassKey[];
  /** From which the rotating second factor of passes is derived (base64url); null where the server has none. */
  readonly factorKey: string | null;
  /** The lot's own keys of plate indexes (base64url). */
  readonly plateKeys: { readonly exact: string; readonly skeleton: string };
  /** The cloud's X25519 key to which lanes seal plates (SPKI in base64url). */
  readonly sealKey: string;
  /** Spots that were free when it was made. */
  readonly freeByType: Readonly<Partial<Record<SpotType, number>>>;
  readonly paymentProvider: 'UP' | 'AWAY';
}

/** What of a bundle is replaced whole when it changes. */
export type BundleScalars = Omit<LaneBundle, keyof BundleLists | 'lotId' | 'version' | 'issuedAt' | 'expiresAt'>;

/** What changed in one list: items that are new or different, and the keys of those that are gone. */
export interface ListChange<T> {
  readonly put: readonly T[];
  readonly gone: readonly string[];
}

/** What turns one version of a bundle into the next. */
export interface BundleDelta {
  readonly lotId: string;
  readonly baseVersion: number;
  readonly version: number;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly scalars: Partial<BundleScalars>;
  readonly lists: { readonly [L in keyof BundleLists]?: ListChange<BundleLists[L][number]> };
}

/** What is sent to a lane. */
export type BundleMessage =
  { readonly kind: 'FULL'; readonly bundle: LaneBundle } | { readonly kind: 'DELTA'; readonly delta: BundleDelta };

type Keys = { readonly [L in keyof BundleLists]: (item: BundleLists[L][number]) => string };

const KEYS: Keys = {
  gates: ({ id }) => id,
  devices: ({ id }) => id,
  rights: ({ reservationId }) => reservationId,
  stays: ({ stayId }) => stayId,
  monthlyPasses: ({ id }) => id,
  deniedReservationIds: (id) => id,
};

const LISTS = Object.keys(KEYS) as readonly (keyof BundleLists)[];

/** What turns `base` into `next`, both of one lot. Items are compared by what they say. */
export function bundleDelta(base: LaneBundle, next: LaneBundle): BundleDelta {
  const { lotId, version, issuedAt, expiresAt } = next;
  return {
    ...{ lotId, baseVersion: base.version, version, issuedAt, expiresAt },
    scalars: changedScalars(base, next),
    lists: Object.fromEntries(
      LISTS.flatMap((list) => {
        const change = listChange(list, base, next);
        return change === undefined ? [] : [[list, change]];
      }),
    ),
  };
}

function changedScalars(base: LaneBundle, next: LaneBundle): Partial<BundleScalars> {
  const before = scalarsOf(base);
  const isNews = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(before[name as keyof BundleScalars]);
  return Object.fromEntries(Object.entries(scalarsOf(next)).filter(isNews));
}

function scalarsOf(bundle: LaneBundle): BundleScalars {
  const { lot, tariffs, passKeys, factorKey, plateKeys, sealKey, freeByType, paymentProvider } = bundle;
  return { lot, tariffs, passKeys, factorKey, plateKeys, sealKey, freeByType, paymentProvider };
}

function listChange<L extends keyof BundleLists>(
  list: L,
  base: BundleLists,
  next: BundleLists,
): ListChange<BundleLists[L][number]> | undefined {
  const keyOf = KEYS[list];
  const before = new Map(base[list].map((item) => [keyOf(item), item]));
  const put = next[list].filter((item) => !isSame(before.get(keyOf(item)), item));
  for (const item of next[list]) before.delete(keyOf(item));
  const gone = [...before.keys()];
  return put.length === 0 && gone.length === 0 ? undefined : { put, gone };
}

/** What was not made anew is the same object, which is quickly seen. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

/**
 * The next version of a bundle. Undefined when the delta is of another lot, was made for another version, or is not newer: then a full
 * one is needed.
 */
export function applyBundleDelta(base: LaneBundle, delta: BundleDelta): LaneBundle | undefined {
  const { lotId, baseVersion, version, issuedAt, expiresAt, scalars, lists } = delta;
  if (lotId !== base.lotId || baseVersion !== base.version || version <= baseVersion) return undefined;
  const changed = LISTS.map((list) => [list, changedList(list, base, lists[list])]);
  return { ...base, ...scalars, ...(Object.fromEntries(changed) as BundleLists), version, issuedAt, expiresAt };
}

function changedList<L extends keyof BundleLists>(
  list: L,
  base: BundleLists,
  change: ListChange<BundleLists[L][number]> | undefined,
): readonly BundleLists[L][number][] {
  if (change === undefined) return base[list];
  const keyOf = KEYS[list];
  const items = new Map(base[list].map((item) => [keyOf(item), item]));
  for (const key of change.gone) items.delete(key);
  for (const item of change.put) items.set(keyOf(item), item);
  return [...items.values()];
}

import type { PayPoint } from '../domain/payment.ts';
import type { Presence, Right } from '../domain/admission.ts';
import type { Concessions } from '../domain/concessions.ts';
import type { MonthlyPassTerms } from '../domain/monthly-pass.ts';
import type { OpeningHours } from '../domain/opening-hours.ts';
import type { LotPolicy } from '../domain/policies.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { TariffDocument } from '../domain/tariff/document.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import type { GateDirection } from '../entities/gate.ts';
import type { LOT_STATES } from '../entities/lot.ts';

/** What a gate needs of its lot. */
export interface LotRecord {
  readonly operatorId: string;
  readonly name: string;
  readonly timeZone: string;
  readonly currency: string;
  readonly state: (typeof LOT_STATES)[number];
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
  readonly tariff: TariffDocument;
}

export interface GateRecord {
  readonly name: string;
  readonly direction: GateDirection;
  readonly inService: boolean;
}

/** A right with what prices an overstay and what tells its plate from one that looks alike. */
export interface IndexedRight extends Right {
  readonly spotType: SpotType;
  /** The type whose rate was promised. */
  readonly pricedSpotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly tariffId: string;
  readonly multiplierPercent: number;
  /** Of the policy that was promised with the reservation. */
  readonly exitGraceMinutes: number;
  /** What makes it cheaper; absent when nothing does. */
  readonly concessions?: Concessions;
  /** Whether another driver had to be moved because its vehicle stayed on. */
  readonly displaced?: true;
  /** Its spot is being changed at this moment: `hold-rights`. */
  readonly moving?: true;
  readonly plateIndex: string;
  readonly plateSkeletonIndex: string;
  readonly plateCipher: string;
  /** Where the plate is from; absent when nobody said. */
  readonly plateCountry?: string;
}

/** Where a right's vehicle is. A release remembers the journal's end at that moment: what stands before it may still be an arrival. */
export type IndexedPresence = Presence & { readonly journalEnd?: string };

/** A walk-in that is inside; instants in ms since 1970. */
export interface IndexedStay {
  readonly stayId: string;
  readonly enteredAt: number;
  readonly spotType: SpotType;
  /** Absent in records of before it was written there: CAR. */
  readonly vehicleClass?: VehicleClass;
  readonly spotLabel: string | null;
  readonly tariffId: string;
  readonly multiplierPercent: number;
  readonly currency: string;
  readonly code: string;
  readonly plateIndex: string | null;
  readonly plateSkeletonIndex: string | null;
  readonly plateCipher: string | null;
  readonly paidMinor: number;
  readonly paidUntil: number | null;
  /** Where it paid last; absent when it has not. */
  readonly payPoint?: PayPoint;
  /** What makes it cheaper; absent when nothing does. */
  readonly concessions?: Concessions;
  /** Set when it has left; the record stays for an hour so that nothing late brings the stay back. */
  readonly leftAt?: number;
}

/** A monthly pass that is not over, with the plates it is for. */
export interface IndexedMonthlyPass extends MonthlyPassTerms {
  readonly revision: number;
  readonly plateIndexes: readonly string[];
  /** Of the same plates; absent in records of before they were written there: only the exact plate is known then. */
  readonly plateCiphers?: readonly string[];
}

/** A right as Redis keeps it: the revision in front, so that a script can compare it without reading the rest. */
export function encodeRight(right: IndexedRight): string {
  const { lotId: _lotId, reservationId: _reservationId, revision, ...rest } = right;
  return `${revision}|${JSON.stringify(rest)}`;
}

export function decodeRight(key: { lotId: string; reservationId: string }, raw: string): IndexedRight {
  const bar = raw.indexOf('|');
  const rest = decodeRecord<Omit<IndexedRight, 'lotId' | 'reservationId' | 'revision'>>(raw.slice(bar + 1));
  return { ...rest, ...key, revision: Number(raw.slice(0, bar)) };
}

/** Reads a record of the index. Only this folder writes there, so what comes back is what was put in. */
export function decodeRecord<T>(raw: string): T {
  return JSON.parse(raw) as T;
}

const LOTS_REMEMBERED = 5000;
const lots = new Map<string, { raw: string; record: LotRecord }>();

/** A lot's record is the largest of the index and almost always the same as at the last scan: it is parsed when its text changes. */
export function decodeLot(lotId: string, raw: string): LotRecord {
  const known = lots.get(lotId);
  if (known?.raw === raw) return known.record;
  if (lots.size >= LOTS_REMEMBERED) lots.clear();
  const record = decodeRecord<LotRecord>(raw);
  lots.set(lotId, { raw, record });
  return record;
}

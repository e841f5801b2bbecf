import type { GateAction, GateReason } from '../domain/admission.ts';
import type { Concessions } from '../domain/concessions.ts';
import type { IncidentKind } from '../domain/incident.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import type { SealedPlate } from '../platform/plate-vault.ts';
import { decodeRecord } from './index-records.ts';

export const GATE_OPERATIONS = ['CHECK_IN', 'CHECK_OUT', 'OPEN_GATE'] as const;
export type GateOperation = (typeof GATE_OPERATIONS)[number];

/** Who decided: the server, a lane that was cut off, or a person. */
export const DECIDERS = ['CLOUD', 'LANE', 'OPERATOR'] as const;
export type Decider = (typeof DECIDERS)[number];

/** The answer to a scan as it is remembered. Instants in ms since 1970. No plate: `credentialKey` holds at most a keyed hash of one. */
export interface GateAnswer {
  readonly scanId: string;
  readonly lotId: string;
  readonly gateId: string;
  readonly operation: GateOperation;
  readonly credentialKey: string;
  readonly action: GateAction;
  readonly reason: GateReason;
  readonly reservationId: string | null;
  readonly reservationCode: string | null;
  readonly stayId: string | null;
  /** What a walk-in shows at the exit when its plate is not read. */
  readonly ticketCode: string | null;
  readonly spotLabel: string | null;
  readonly directions: string | null;
  readonly dueMinor: number | null;
  readonly currency: string | null;
  readonly decidedAt: number;
  readonly decidedBy: Decider;
  /** Told with LOT_FULL, where there is one. */
  readonly nearestFree?: NearestFree | null;
}

/** The nearest lot that had room when a full one turned a vehicle away. */
export interface NearestFree {
  readonly lotId: string;
  readonly lotName: string;
  readonly distanceMeters: number;
  /** Spots that fit the vehicle. */
  readonly free: number;
}

/** What a decision does to the rows. */
export type Effect =
  | { readonly kind: 'NONE' }
  | {
      readonly kind: 'ENTER';
      readonly stayId: string;
      readonly reservationId: string;
      readonly at: number;
      /** It has left since, and needs no spot. */
      readonly hasLeft?: true;
    }
  | ({ readonly kind: 'ENTER_WALK_IN' } & WalkInEntry)
  | ({ readonly kind: 'CORRECT' } & CorrectedEntry)
  | {
      readonly kind: 'LEAVE';
      readonly stayId: string;
      readonly reservationId: string | null;
      readonly spotType: SpotType;
      readonly at: number;
      /** Left without paying what is due: a debt is written. */
      readonly billedMinor: number;
      /** The gate could not price it: what is owed is worked out when the entry is applied. */
      readonly unpriced?: true;
      /** The driver who lets exits charge their card for this vehicle, where it could not be charged here and now. */
      readonly payerDriverId?: string;
      /** It never drove in: the visit is undone (`applyBackOut`). */
      readonly backedOut?: true;
    };

/** Who came in was read better after the gate had opened: the same visit, of another. */
export interface CorrectedEntry {
  readonly stayId: string;
  /** When it came in. */
  readonly at: number;
  /** For whose reservation it had been taken; null: for a walk-in. */
  readonly fromReservationId: string | null;
  /** Whose reservation it is; null: it is a walk-in. */
  readonly reservationId: string | null;
  /** The type whose claim the visit had. */
  readonly spotType: SpotType;
  /** A walk-in that stays one: its plate, and what makes that one cheaper. */
  readonly plate?: SealedPlate & { readonly concessions?: Concessions };
  /** What it is as a walk-in, where it had been taken for a reservation. */
  readonly walkIn?: WalkInEntry;
}

export interface WalkInEntry {
  readonly stayId: string;
  readonly at: number;
  /** Null for a vehicle that came in while PostgreSQL was away: its spot is found when the entry is applied. */
  readonly spotId: string | null;
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly plateCipher: string | null;
  readonly plateIndex: string | null;
  readonly plateSkeletonIndex: string | null;
  readonly code: string;
  readonly tariffId: string;
  readonly multiplierPercent: number;
  readonly currency: string;
  /** What makes it cheaper; absent when nothing does. */
  readonly concessions?: Concessions;
  /** Of an entry without a spot: the passes of its plate, of which one is noted when it is applied. */
  readonly monthlyPassIds?: readonly string[];
  /** Of an entry without a spot: the vehicle has left since, and needs none. */
  readonly hasLeft?: true;
}

/** One entry of a partition's journal: the decision, and everything its effect on the rows needs. */
export interface JournalEntry {
  readonly answer: GateAnswer;
  readonly effect: Effect;
  readonly deviceId: string | null;
  readonly staffId: string | null;
  readonly observedAt: number;
  /** Something a person should look at. */
  readonly incident: { readonly kind: IncidentKind; readonly note: string | null } | null;
}

/** The stream's field that holds the entry; an entry without it only marks a place (after a rebuild). */
export const ENTRY_FIELD = 'entry';

export function encodeEntry(entry: JournalEntry): string {
  return JSON.stringify(entry);
}

export function decodeEntry(raw: string): JournalEntry {
  return decodeRecord<JournalEntry>(raw);
}

/** The stay that an entry is about: entries of one stay are applied in order or not at all. */
export function stayOfEntry(entry: JournalEntry): string | null {
  return entry.effect.kind === 'NONE' ? null : entry.effect.stayId;
}

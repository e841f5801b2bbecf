import type { EntityManager } from '@mikro-orm/postgresql';
import type { Concessions } from '../domain/concessions.ts';
import type { EarlyDeparturePolicy } from '../domain/policies.ts';
import type { RecordedReservation, RecordedStay } from '../domain/repricing.ts';
import type { ReservationState } from '../domain/reservation.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { VehicleClass } from '../domain/vehicle.ts';

/** Where a walk through a lot's past stands: behind this stay. */
export interface StayCursor {
  readonly leftAt: Date;
  readonly stayId: string;
}

export interface StaysAsked {
  readonly lotId: string;
  /** Stays that ended from then on … */
  readonly fromAt: Date;
  /** … and before then. */
  readonly untilAt: Date;
}

/** A past stay with its place in the walk. */
export interface FoundStay extends RecordedStay {
  readonly id: string;
}

interface Row {
  readonly id: string;
  readonly enteredAtMs: number;
  readonly leftAtMs: number;
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly multiplierPercent: number;
  readonly currency: string;
  readonly totalMinor: number | null;
  readonly paidMinor: number;
  readonly paidUntilMs: number | null;
  readonly concessions: Concessions | null;
  readonly isReserved: boolean;
  readonly state: ReservationState;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly pricedSpotType: SpotType;
  readonly promisedClass: VehicleClass;
  readonly promisedPercent: number;
  readonly completedAtMs: number | null;
  readonly keptMinor: number;
  readonly promisedConcessions: Concessions | null;
  readonly earlyDeparture: EarlyDeparturePolicy;
  readonly exitGraceMinutes: number;
}

const ms = (column: string, name: string) => `(extract(epoch FROM ${column}) * 1000)::float8 AS "${name}"`;
const ENDED_IN = `stay.lot_id = ? AND stay.state = 'LEFT' AND stay.left_at >= ? AND stay.left_at < ?`;

/** How many stays of a lot ended in a time: the index alone answers. */
export async function countStays(em: EntityManager, { lotId, fromAt, untilAt }: StaysAsked): Promise<number> {
  const [counted] = await em.execute<{ stays: number }[]>(`SELECT count(*)::int AS stays FROM stay WHERE ${ENDED_IN}`, [
    lotId,
    fromAt,
    untilAt,
  ]);
  return counted?.stays ?? 0;
}

/**
 * The next stays of a lot that ended in a time, in the order in which they ended, with what their price depends on; at most `limit`.
 * One statement along the index `stay_left`, however far the walk has come.
 */
export async function recordedStays(
  em: EntityManager,
  asked: StaysAsked & { readonly after: StayCursor | undefined; readonly limit: number },
): Promise<FoundStay[]> {
  const { lotId, fromAt, untilAt, after, limit } = asked;
  const beyond = after ? 'AND (stay.left_at, stay.id) > (?, ?)' : '';
  const rows = await em.execute<Row[]>(
    `SELECT stay.id, ${ms('stay.entered_at', 'enteredAtMs')}, ${ms('stay.left_at', 'leftAtMs')}, stay.spot_type AS "spotType",
       stay.vehicle_class AS "vehicleClass", stay.concessions, r.concessions AS "promisedConcessions",
       stay.multiplier_percent AS "multiplierPercent", stay.currency, stay.total_minor::float8 AS "totalMinor",
       stay.paid_minor::float8 AS "paidMinor", ${ms('stay.paid_until', 'paidUntilMs')}, r.id IS NOT NULL AS "isReserved", r.state,
       ${ms('r.starts_at', 'startsAtMs')}, ${ms('r.ends_at', 'endsAtMs')}, r.priced_spot_type AS "pricedSpotType", r.vehicle_class AS "promisedClass",
       r.multiplier_percent AS "promisedPercent", ${ms('r.completed_at', 'completedAtMs')},
       (r.paid_minor - r.refunded_minor)::float8 AS "keptMinor", r.policy->'earlyDeparture' AS "earlyDeparture",
       (r.policy->>'exitGraceMinutes')::int AS "exitGraceMinutes"
     FROM stay LEFT JOIN reservation r ON r.lot_id = stay.lot_id AND r.id = stay.reservation_id
     WHERE ${ENDED_IN} ${beyond} ORDER BY stay.left_at, stay.id LIMIT ${limit}`,
    [lotId, fromAt, untilAt, ...(after ? [after.leftAt, after.stayId] : [])],
  );
  return rows.map(stayOf);
}

function stayOf(row: Row): FoundStay {
  const { id, spotType, vehicleClass, multiplierPercent, currency, totalMinor, paidMinor, paidUntilMs } = row;
  return {
    ...{ id, spotType, vehicleClass, multiplierPercent, currency, totalMinor, paidMinor },
    concessions: row.concessions,
    enteredAt: new Date(row.enteredAtMs),
    leftAt: new Date(row.leftAtMs),
    paidUntil: instantOf(paidUntilMs),
    reservation: row.isReserved ? reservationOf(row) : undefined,
  };
}

function reservationOf(row: Row): RecordedReservation {
  const { state, pricedSpotType, promisedClass, promisedPercent, keptMinor, earlyDeparture, exitGraceMinutes } = row;
  return {
    state,
    period: { startsAt: new Date(row.startsAtMs), endsAt: new Date(row.endsAtMs) },
    spotType: pricedSpotType,
    vehicleClass: promisedClass,
    multiplierPercent: promisedPercent,
    policy: { earlyDeparture, exitGraceMinutes },
    completedAt: instantOf(row.completedAtMs),
    keptMinor,
    concessions: row.promisedConcessions,
  };
}

function instantOf(atMs: number | null): Date | null {
  return atMs === null ? null : new Date(atMs);
}

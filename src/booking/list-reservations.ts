import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import type { ReservationState } from '../domain/reservation.ts';
import { Reservation } from '../entities/reservation.ts';

/** Which reservations: a driver's own over all lots, or those of one lot. */
export interface ReservationFilter {
  readonly driverId?: string;
  readonly lotId?: string;
  readonly states?: readonly ReservationState[];
  readonly code?: string;
  /** Those that start from then on … */
  readonly startsFrom?: Date;
  /** … and before then. */
  readonly startsUntil?: Date;
}

/** A page of them: `from` is the sort key (start in ms, id) of the row before it. */
export interface ReservationPage {
  readonly limit: number;
  readonly direction: 'FORWARD' | 'BACKWARD';
  readonly from: readonly [startsAtMs: number, id: string] | undefined;
}

/** Reservations by start, the latest first (BACKWARD: the earliest first), at most `limit`. */
export async function listReservations(
  em: EntityManager,
  filter: ReservationFilter,
  page: ReservationPage,
): Promise<Reservation[]> {
  const order = page.direction === 'FORWARD' ? 'desc' : 'asc';
  return em.find(
    Reservation,
    { $and: [matching(filter), beyond(page)] },
    { orderBy: { startsAt: order, id: order }, limit: page.limit },
  );
}

function matching(filter: ReservationFilter): FilterQuery<Reservation> {
  const { driverId, lotId, states, code, startsFrom, startsUntil } = filter;
  const startsAt = {
    ...(startsFrom === undefined ? {} : { $gte: startsFrom }),
    ...(startsUntil === undefined ? {} : { $lt: startsUntil }),
  };
  return {
    ...(driverId === undefined ? {} : { driverId }),
    ...(lotId === undefined ? {} : { lotId }),
    ...(states === undefined ? {} : { state: { $in: [...states] } }),
    ...(code === undefined ? {} : { code }),
    ...(startsFrom === undefined && startsUntil === undefined ? {} : { startsAt }),
  };
}

function beyond({ from, direction }: ReservationPage): FilterQuery<Reservation> {
  if (!from) return {};
  const [startsAtMs, id] = from;
  const startsAt = new Date(startsAtMs);
  const further = direction === 'FORWARD' ? ('$lt' as const) : ('$gt' as const);
  return { $or: [{ startsAt: { [further]: startsAt } }, { startsAt, id: { [further]: id } }] };
}

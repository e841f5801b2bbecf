import { Refusal } from '../domain/refusal.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { openLiveQuery } from '../platform/live-query.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';

export interface ReservationKey {
  readonly lotId: string;
  readonly reservationId: string;
}

/**
 * Says "look" at once and then whenever the reservation may have changed; whoever listens reads the row for itself. For its driver and
 * the staff of its lot. Refuses anybody else with RESERVATION_NOT_FOUND, as if it were not there.
 */
export async function watchReservation(
  platform: Platform,
  key: ReservationKey,
  viewer: Viewer | undefined,
): Promise<AsyncIterableIterator<ReservationKey>> {
  const { lotId, reservationId } = key;
  const em = platform.orm.em.fork();
  const reservation = await em.findOne(Reservation, { lotId, id: reservationId });
  const lot = await em.findOne(Lot, { id: lotId });
  const own = viewer?.kind === 'DRIVER' && viewer.driverId === reservation?.driverId;
  if (!reservation || !lot || !(own || (viewer?.kind === 'STAFF' && mayServeLot(viewer, lot)))) {
    throw new Refusal('RESERVATION_NOT_FOUND', 'There is no such reservation, or it is not yours.', { field: ['id'] });
  }
  const look = { key: reservationId, value: key };
  return openLiveQuery<ReservationKey>(platform, {
    topics: [topic.reservation(reservationId)],
    read: () => Promise.resolve([look]),
    hear: () => look,
  });
}

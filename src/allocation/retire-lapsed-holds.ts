import { moveReservation } from '../domain/reservation.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';

/**
 * Ends every hold of these pools whose minute has passed, and gives its spot back: a lapsed hold stops counting at once, whether or
 * not a worker runs. The pools must be locked. Gives the ids of the reservations that expired, each of them announced.
 */
export async function retireLapsedHolds(
  tx: Transaction,
  lotId: string,
  spotTypes: readonly SpotType[],
): Promise<string[]> {
  const expired = moveReservation('HELD', 'EXPIRE');
  if (!('state' in expired)) throw new Error('a hold must be able to expire');
  const rows = await tx.em.execute<{ id: string; revision: number }[]>(
    `WITH lapsed AS (
       UPDATE reservation SET state = ?, revision = revision + 1, ended_at = ?
       WHERE lot_id = ? AND state = 'HELD' AND hold_expires_at <= ? AND spot_type IN (?) RETURNING id, revision
     ), freed AS (
       DELETE FROM allocation USING lapsed WHERE allocation.lot_id = ? AND allocation.reservation_id = lapsed.id
     ) SELECT id, revision FROM lapsed`,
    [expired.state, tx.now, lotId, tx.now, spotTypes, lotId],
  );
  for (const { id, revision } of rows) {
    tx.announce({ lotId, type: 'reservation.expired', aggregateId: id, payload: { reservationId: id, revision } });
    tx.publish(topic.reservation(id), { lotId, reservationId: id });
  }
  return rows.map(({ id }) => id);
}

import { DAY_MS } from '../domain/period.ts';
import type { Platform } from '../platform/platform.ts';

const BATCH = 5000;

/**
 * Deletes claims that ended more than a day ago, at most 5,000; gives how many. What happened stands in reservations and stays. The claim
 * of a vehicle that is still inside is kept: it is the one that a sweep lengthens. No lock: nobody asks for a time that is over.
 */
export async function forgetPastClaims(platform: Platform): Promise<number> {
  const before = new Date(platform.clock.now().getTime() - DAY_MS);
  const forgotten = await platform.orm.em.fork().execute<unknown[]>(
    `DELETE FROM allocation WHERE (lot_id, id) IN (
       SELECT past.lot_id, past.id FROM allocation past WHERE past.ends_at < ? AND NOT EXISTS (
         SELECT 1 FROM stay WHERE stay.lot_id = past.lot_id AND stay.state = 'INSIDE'
           AND (stay.id = past.stay_id OR stay.reservation_id = past.reservation_id)
       ) LIMIT ${BATCH}
     ) RETURNING id`,
    [before],
  );
  return forgotten.length;
}

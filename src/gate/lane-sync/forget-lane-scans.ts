import type { Platform } from '../../platform/platform.ts';

const FORGET_BATCH = 5000;

/**
 * Forgets entries of lanes' journals that came before `before` and have been merged, at most 5,000; gives how many. What they did stands
 * in stays and decisions. What is forged stays for the person who has to settle it.
 */
export async function forgetLaneScans(platform: Platform, before: Date): Promise<number> {
  const forgotten = await platform.orm.em.fork().execute<unknown[]>(
    `DELETE FROM lane_scan WHERE (lot_id, id) IN (
       SELECT lot_id, id FROM lane_scan WHERE received_at < ? AND merged_at IS NOT NULL AND problem IS NULL LIMIT ${FORGET_BATCH}
     ) RETURNING id`,
    [before],
  );
  return forgotten.length;
}

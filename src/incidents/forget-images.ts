import type { Platform } from '../platform/platform.ts';

const FORGET_BATCH = 5000;

/** Forgets where the pictures of incidents lie that were raised before `before`, at most 5,000; gives how many. The incidents stay. */
export async function forgetImages(platform: Platform, before: Date): Promise<number> {
  const forgotten = await platform.orm.em.fork().execute<unknown[]>(
    `UPDATE incident SET image_ref = NULL WHERE (lot_id, id) IN
       (SELECT lot_id, id FROM incident WHERE image_ref IS NOT NULL AND created_at < ? LIMIT ${FORGET_BATCH}) RETURNING id`,
    [before],
  );
  return forgotten.length;
}

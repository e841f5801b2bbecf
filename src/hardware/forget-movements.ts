import type { Platform } from '../platform/platform.ts';

const FORGET_BATCH = 5000;
/** When a row of each table was written. */
const WRITTEN_AT = { relay_command: 'created_at', passage: 'reported_at' } as const;

/**
 * Forgets what barriers were told and who drove over their loops before `before`, at most 5,000 rows of each table; gives how many. What a
 * person has to see of it is an incident, and those stay.
 */
export async function forgetMovements(platform: Platform, before: Date): Promise<number> {
  let forgotten = 0;
  for (const [table, writtenAt] of Object.entries(WRITTEN_AT)) {
    const rows = await platform.orm.em
      .fork()
      .execute<unknown[]>(
        `DELETE FROM ${table} WHERE (lot_id, id) IN (SELECT lot_id, id FROM ${table} WHERE ${writtenAt} < ? LIMIT ${FORGET_BATCH}) RETURNING id`,
        [before],
      );
    forgotten += rows.length;
  }
  return forgotten;
}

import type { Platform } from '../platform/platform.ts';

const BATCH = 5000;

/**
 * Deletes refresh tokens that expired before `expiredBefore`, at most 5,000; gives how many. Until then a spent one is kept: that it is
 * sent again is how a copy shows.
 */
export async function forgetLogins(platform: Platform, expiredBefore: Date): Promise<number> {
  const forgotten = await platform.orm.em.fork().execute<unknown[]>(
    `DELETE FROM refresh_token WHERE id IN (SELECT id FROM refresh_token WHERE expires_at < ? LIMIT ${BATCH})
     RETURNING id`,
    [expiredBefore],
  );
  return forgotten.length;
}

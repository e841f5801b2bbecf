import type { Platform } from '../platform/platform.ts';

const BATCH = 5000;

/** Deletes the memory of deliveries that came before `receivedBefore`, at most 5,000; gives how many. */
export async function forgetHandled(platform: Platform, receivedBefore: Date): Promise<number> {
  const forgotten = await platform.orm.em.fork().execute<unknown[]>(
    `DELETE FROM webhook_event WHERE (provider, id) IN (SELECT provider, id FROM webhook_event WHERE received_at < ? LIMIT ${BATCH})
     RETURNING id`,
    [receivedBefore],
  );
  return forgotten.length;
}

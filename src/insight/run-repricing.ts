import { addMinutes } from '../domain/period.ts';
import type { Platform } from '../platform/platform.ts';
import { repriceChunk, type RepricingKey } from './reprice-chunk.ts';

/** Well below a job's lease: whoever is not done asks for another turn. */
const TURN_CHUNKS = 40;
/** A repricing that nobody has moved for so long was left by a worker that died. */
const LEFT_ALONE_MINUTES = 1;
const BATCH = 20;

/** Works through the next chunks of a repricing. MORE: it wants another turn. */
export async function runRepricing(platform: Platform, key: RepricingKey): Promise<'MORE' | 'ENDED'> {
  for (let chunk = 0; chunk < TURN_CHUNKS; chunk++) {
    if ((await repriceChunk(platform, key)) === 'ENDED') return 'ENDED';
  }
  return 'MORE';
}

/** Repricings that run and that nobody has moved for a minute, the longest first, at most 20. */
export async function forgottenRepricings(platform: Platform): Promise<RepricingKey[]> {
  return platform.orm.em.fork().execute<RepricingKey[]>(
    `SELECT lot_id AS "lotId", id AS "repricingId" FROM repricing
     WHERE state = 'RUNNING' AND updated_at < ? ORDER BY updated_at LIMIT ${BATCH}`,
    [addMinutes(platform.clock.now(), -LEFT_ALONE_MINUTES)],
  );
}

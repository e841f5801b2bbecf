import { contains, type Period } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { IdempotencyKey } from '../entities/idempotency-key.ts';
import { monotonicMs } from '../platform/clock.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * A proof of "full": PostgreSQL looked into every pool that fits and found no spot for the whole period. For one second a request
 * for the same pools whose period contains the proven one is refused from it, since it would need the same spots for longer.
 */
interface FullProof<T> {
  readonly startsAt: number;
  readonly endsAt: number;
  /** What to offer instead, as it was when the proof was made. */
  readonly alternatives: T;
}

export interface OpenRequest {
  readonly lotId: string;
  readonly spotTypes: readonly SpotType[];
  /** What else would take the vehicle is part of the offer. */
  readonly vehicleClass: VehicleClass;
  readonly period: Period;
}

/** Whose key it is that must not be told "full" when its first answer was a reservation. */
export interface RequestKey {
  readonly actor: string;
  readonly idempotencyKey: string;
}

const PROOF_MS = 1000;
const KEY_SECONDS = 24 * 60 * 60;

/** Whether Redis knows every key of the last day: not after it was emptied, or while it could not be reached. */
const ALL_TRIED_KNOWN = 'tried-known';
const proofKey = (request: OpenRequest) =>
  `full:${request.lotId}:${request.spotTypes.join('+')}:${request.vehicleClass}`;
const triedKey = ({ actor, idempotencyKey }: RequestKey) => `tried:${actor}:${idempotencyKey}`;

/** Processes that could not write down a key: until they have said so in Redis, its knowledge has a hole. */
const forgetful = new WeakSet<Platform>();

/**
 * Gives the alternatives of a proof that covers this request, or undefined: ask PostgreSQL. A key that was used before is never
 * answered from a proof, because its first answer may have been a reservation. From now on the key counts as used.
 * Without Redis the answer is always undefined.
 */
export async function provenFull<T>(platform: Platform, request: OpenRequest, key: RequestKey): Promise<T | undefined> {
  try {
    if (forgetful.has(platform)) await admitHole(platform);
    const [text, tried, known] = await platform.redis.mget(proofKey(request), triedKey(key), ALL_TRIED_KNOWN);
    const proof = text ? (JSON.parse(text) as FullProof<T>) : undefined;
    if (proof && !tried && covers(proof, request.period)) {
      if (known === 'yes' || !(await usedBefore(platform, key))) return proof.alternatives;
    }
    if (!known) await judgeKnowledge(platform);
    if (!tried) await platform.redis.set(triedKey(key), '1', 'EX', KEY_SECONDS);
  } catch (error) {
    forgetful.add(platform);
    platform.log.warn({ err: error }, 'no proof of full from redis; asking the database');
  }
  return undefined;
}

/**
 * Keeps a proof until it is a second old. Call it after the transaction that found no spot; `foundMs` is the monotonic time at which
 * that was, because finding alternatives takes its own.
 */
export async function proveFull(
  platform: Platform,
  request: OpenRequest,
  proven: { alternatives: unknown; foundMs: number },
): Promise<void> {
  const { startsAt, endsAt } = request.period;
  const { alternatives, foundMs } = proven;
  const leftMs = Math.floor(PROOF_MS - (monotonicMs() - foundMs));
  if (leftMs <= 0) return;
  const proof: FullProof<unknown> = { startsAt: startsAt.getTime(), endsAt: endsAt.getTime(), alternatives };
  try {
    await platform.redis.set(proofKey(request), JSON.stringify(proof), 'PX', leftMs);
  } catch (error) {
    platform.log.warn({ err: error }, 'proof of full not kept');
  }
}

function covers(proof: FullProof<unknown>, period: Period): boolean {
  return contains(period, { startsAt: new Date(proof.startsAt), endsAt: new Date(proof.endsAt) });
}

async function usedBefore(platform: Platform, key: RequestKey): Promise<boolean> {
  const used = await platform.orm.em.fork().count(IdempotencyKey, { actor: key.actor, key: key.idempotencyKey });
  return used > 0;
}

/** Redis knows nothing yet: that is everything only if no key was used within the day. */
async function judgeKnowledge(platform: Platform): Promise<void> {
  const since = new Date(platform.clock.now().getTime() - KEY_SECONDS * 1000);
  const [recent] = await platform.orm.em.fork().find(IdempotencyKey, { createdAt: { $gt: since } }, { limit: 1 });
  if (recent) await platform.redis.set(ALL_TRIED_KNOWN, 'no', 'EX', KEY_SECONDS);
  else await platform.redis.set(ALL_TRIED_KNOWN, 'yes');
}

async function admitHole(platform: Platform): Promise<void> {
  await platform.redis.set(ALL_TRIED_KNOWN, 'no', 'EX', KEY_SECONDS);
  forgetful.delete(platform);
}

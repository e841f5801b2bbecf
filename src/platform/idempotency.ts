import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { IdempotencyKey } from '../entities/idempotency-key.ts';
import type { Transaction } from './db.ts';
import type { Platform } from './platform.ts';

/** One use of an idempotency key. `result` holds the ids that this call is about to make. */
export interface KeyedCall<T extends Record<string, unknown>> {
  readonly actor: string;
  readonly key: string;
  readonly operation: string;
  /** Everything the caller sent that decides the effect. */
  readonly input: unknown;
  readonly result: T;
}

/**
 * Takes the key for this transaction. A parallel call with the same key waits here until the first has committed or rolled
 * back (a refusal leaves no key). Returns the ids to use: the ones given, or those of the first call (`replayed`, and then
 * the caller writes nothing).
 * Refuses with IDEMPOTENCY_KEY_REUSED when the key was used for another operation or input.
 */
export async function claimKey<T extends Record<string, unknown>>(
  tx: Transaction,
  call: KeyedCall<T>,
): Promise<{ replayed: boolean; result: T }> {
  const inputHash = hashInput(call.input);
  const claimed = await tx.em.execute<{ actor: string }[]>(
    `INSERT INTO idempotency_key (actor, key, operation, input_hash, result, created_at) VALUES (?, ?, ?, ?, ?::jsonb, ?)
     ON CONFLICT (actor, key) DO NOTHING RETURNING actor`,
    [call.actor, call.key, call.operation, inputHash, JSON.stringify(call.result), tx.now],
  );
  if (claimed.length === 1) return { replayed: false, result: call.result };
  const first = await tx.em.findOneOrFail(IdempotencyKey, { actor: call.actor, key: call.key });
  return { replayed: true, result: firstResult<T>(first, call.operation, inputHash) };
}

/**
 * The ids of the first call with this key, or undefined when there was none: for verbs that must not call the outside twice before
 * their transaction claims the key. Refuses like {@link claimKey}.
 */
export async function findKeyed<T extends Record<string, unknown>>(
  em: EntityManager,
  call: Omit<KeyedCall<T>, 'result'>,
): Promise<T | undefined> {
  const first = await em.findOne(IdempotencyKey, { actor: call.actor, key: call.key });
  return first ? firstResult<T>(first, call.operation, hashInput(call.input)) : undefined;
}

/** Takes a key back in the transaction of its refusal: a refused request leaves none. */
export async function forgetKey(tx: Transaction, { actor, key }: { actor: string; key: string }): Promise<void> {
  await tx.em.nativeDelete(IdempotencyKey, { actor, key });
}

const FORGET_BATCH = 5000;

/** Deletes keys that were used before `usedBefore`, at most 5,000; gives how many. The same key is a new one from then on. */
export async function forgetKeys(platform: Platform, usedBefore: Date): Promise<number> {
  const forgotten = await platform.orm.em.fork().execute<unknown[]>(
    `DELETE FROM idempotency_key WHERE (actor, key) IN (SELECT actor, key FROM idempotency_key WHERE created_at < ? LIMIT ${FORGET_BATCH})
     RETURNING key`,
    [usedBefore],
  );
  return forgotten.length;
}

function firstResult<T>(first: IdempotencyKey, operation: string, inputHash: string): T {
  if (first.operation === operation && first.inputHash === inputHash) return first.result as T;
  throw new Refusal(
    'IDEMPOTENCY_KEY_REUSED',
    'This idempotency key was used for a different request. Send a new key for a new request.',
    { field: ['idempotencyKey'] },
  );
}

/** SHA-256 over JSON with sorted keys; undefined members do not count. */
function hashInput(input: unknown): string {
  return createHash('sha256').update(canonical(input)).digest('hex');
}

function canonical(value: unknown): string {
  if (value instanceof Date) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`).join(',')}}`;
  }
  return JSON.stringify(value) ?? 'null';
}

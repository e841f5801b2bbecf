import type { Redis } from 'ioredis';
import { z } from 'zod';
import { DEVICE_ROLES, type DeviceRole } from '../domain/viewer.ts';
import { partitionOf, partitionTag } from './redis.ts';

/** Which device of which lot. */
export interface DeviceId {
  readonly lotId: string;
  readonly id: string;
}

/** What Redis knows of a device, so that its key can be verified without PostgreSQL. */
const recordSchema = z.object({
  lotId: z.string(),
  gateId: z.string().nullable(),
  role: z.enum(DEVICE_ROLES),
  keyHash: z.string(),
  /** When PostgreSQL said so. */
  checkedAtMs: z.number(),
});
export type DeviceRecord = z.infer<typeof recordSchema>;

const REVOKED = 'REVOKED';
/** Long enough that no look-up begun before the revocation is still under way. */
const REVOKED_SECONDS = 3600;

/** How long a device that PostgreSQL does not know is remembered as that: a made-up key does not reach it each time. */
const UNKNOWN_SECONDS = 30;

const redisKey = ({ lotId, id }: DeviceId) => `${partitionTag(partitionOf(lotId))}:device:${id}`;

/** The record of a device's row that was just read. */
export function deviceRecord(
  row: { lotId: string; gateId?: string | null | undefined; role: DeviceRole; keyHash: string },
  now: Date,
): DeviceRecord {
  const { lotId, gateId, role, keyHash } = row;
  return { lotId, gateId: gateId ?? null, role, keyHash, checkedAtMs: now.getTime() };
}

/** What Redis says of a device; undefined: nothing. */
export async function readDeviceRecord(
  redis: Redis,
  device: DeviceId,
): Promise<DeviceRecord | typeof REVOKED | undefined> {
  const text = await redis.get(redisKey(device));
  if (text === null || text === REVOKED) return text ?? undefined;
  return recordSchema.parse(JSON.parse(text));
}

/** A revocation that was made meanwhile is not overwritten. */
const WRITE_UNLESS_REVOKED = `if redis.call('GET', KEYS[1]) ~= ARGV[2] then redis.call('SET', KEYS[1], ARGV[1]) end return 1`;

/** Writes what PostgreSQL says of a device, unless it was revoked meanwhile. */
export async function writeDeviceRecord(redis: Redis, device: DeviceId, record: DeviceRecord): Promise<void> {
  await redis.eval(WRITE_UNLESS_REVOKED, 1, redisKey(device), JSON.stringify(record), REVOKED);
}

/** Marks a device as revoked, for every process. */
export async function writeDeviceRevoked(redis: Redis, device: DeviceId): Promise<void> {
  await redis.set(redisKey(device), REVOKED, 'EX', REVOKED_SECONDS);
}

/** Marks a device that PostgreSQL does not know (any more), for a moment; what stands there already is left alone. */
export async function writeDeviceUnknown(redis: Redis, device: DeviceId): Promise<void> {
  await redis.set(redisKey(device), REVOKED, 'EX', UNKNOWN_SECONDS, 'NX');
}

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { DEVICE_ROLES, type Viewer } from '../domain/viewer.ts';
import { Device } from '../entities/device.ts';
import { formatUuid } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { partitionOf, partitionTag } from '../platform/redis.ts';

const KEY = /^pwk_([A-Za-z0-9_-]{43})_([A-Za-z0-9_-]{43})$/;
const SECRET_BYTES = 32;
const UUID_BYTES = 16;
/** How long what Redis says is believed before PostgreSQL is asked again, beside the request. */
const TRUSTED_MS = 30_000;
const REVOKED = 'REVOKED';
/** Long enough that no look-up begun before the revocation is still under way. */
const REVOKED_SECONDS = 3600;

const entrySchema = z.object({
  lotId: z.string(),
  gateId: z.string().nullable(),
  role: z.enum(DEVICE_ROLES),
  keyHash: z.string(),
  checkedAtMs: z.number(),
});
type Entry = z.infer<typeof entrySchema>;

type DeviceViewer = Extract<Viewer, { kind: 'DEVICE' }>;
interface DeviceId {
  readonly lotId: string;
  readonly id: string;
}

/** A new key for a device and the hash to store of it. The key names its lot and device, so that it is found without a search. */
export function makeDeviceKey({ lotId, id }: DeviceId): { key: string; keyHash: string } {
  const ids = Buffer.from(`${lotId}${id}`.replaceAll('-', ''), 'hex').toString('base64url');
  const key = `pwk_${ids}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { key, keyHash: hashOf(key) };
}

/** Whether a bearer credential claims to be a device's key. */
export function looksLikeDeviceKey(credential: string): boolean {
  return credential.startsWith('pwk_');
}

/**
 * The device that a key belongs to, or undefined. Redis answers; PostgreSQL only when Redis does not know or is away, and beside
 * the request every 30 seconds, so that a revocation holds within 60 seconds even if Redis was away when it was made.
 */
export async function verifyDeviceKey(platform: Platform, key: string): Promise<DeviceViewer | undefined> {
  const device = readDeviceId(key);
  if (!device) return undefined;
  const entry = (await readEntry(platform, device)) ?? (await loadEntry(platform, device));
  if (entry === REVOKED || !sameHash(entry.keyHash, hashOf(key))) return undefined;
  if (platform.clock.now().getTime() - entry.checkedAtMs > TRUSTED_MS) void checkAgain(platform, device);
  return { kind: 'DEVICE', role: entry.role, deviceId: device.id, lotId: device.lotId, gateId: entry.gateId };
}

/** Makes a revoked device's key die at once, wherever it is used. Call it before and after the commit: one of the two may fail. */
export async function forgetDeviceKey(platform: Platform, device: DeviceId): Promise<void> {
  await platform.redis.set(redisKey(device), REVOKED, 'EX', REVOKED_SECONDS);
}

const redisKey = ({ lotId, id }: DeviceId) => `${partitionTag(partitionOf(lotId))}:device:${id}`;
const hashOf = (key: string) => createHash('sha256').update(key).digest('hex');

function sameHash(stored: string, given: string): boolean {
  return stored.length === given.length && timingSafeEqual(Buffer.from(stored), Buffer.from(given));
}

function readDeviceId(key: string): DeviceId | undefined {
  const ids = KEY.exec(key)?.[1];
  if (ids === undefined) return undefined;
  const bytes = Buffer.from(ids, 'base64url');
  return { lotId: formatUuid(bytes.subarray(0, UUID_BYTES)), id: formatUuid(bytes.subarray(UUID_BYTES)) };
}

async function readEntry(platform: Platform, device: DeviceId): Promise<Entry | typeof REVOKED | undefined> {
  try {
    const text = await platform.gateRedis.get(redisKey(device));
    if (text === null || text === REVOKED) return text ?? undefined;
    return entrySchema.parse(JSON.parse(text));
  } catch (error) {
    platform.log.warn({ err: error, deviceId: device.id }, 'redis could not say whose key this is');
    return undefined;
  }
}

async function loadEntry(platform: Platform, device: DeviceId): Promise<Entry | typeof REVOKED> {
  const entry = await entryFromDatabase(platform, device);
  if (entry === REVOKED) return REVOKED;
  // Only where nothing stands: a revocation that was made meanwhile must not be overwritten.
  await platform.gateRedis.set(redisKey(device), JSON.stringify(entry), 'NX').catch((error: unknown) => {
    platform.log.warn({ err: error, deviceId: device.id }, 'a device key could not be remembered');
  });
  return entry;
}

async function entryFromDatabase(platform: Platform, device: DeviceId): Promise<Entry | typeof REVOKED> {
  const row = await platform.orm.em.fork().findOne(Device, { lotId: device.lotId, id: device.id, revokedAt: null });
  if (!row) return REVOKED;
  const { lotId, gateId, role, keyHash } = row;
  return { lotId, gateId: gateId ?? null, role, keyHash, checkedAtMs: platform.clock.now().getTime() };
}

/** Without PostgreSQL the old answer stands: a gate must open for those who may enter. */
async function checkAgain(platform: Platform, device: DeviceId): Promise<void> {
  try {
    const entry = await entryFromDatabase(platform, device);
    if (entry === REVOKED) return await forgetDeviceKey(platform, device);
    await platform.gateRedis.eval(REPLACE_UNLESS_REVOKED, 1, redisKey(device), JSON.stringify(entry), REVOKED);
  } catch (error) {
    platform.log.warn({ err: error, deviceId: device.id }, 'a device key could not be checked again');
  }
}

const REPLACE_UNLESS_REVOKED = `if redis.call('GET', KEYS[1]) ~= ARGV[2] then redis.call('SET', KEYS[1], ARGV[1]) end return 1`;

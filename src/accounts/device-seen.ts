import { partitionOf, partitionTag } from '../platform/redis.ts';
import type { DeviceId } from '../platform/device-records.ts';
import type { Platform } from '../platform/platform.ts';
import { remember } from '../platform/remember.ts';

/** How exactly it is known when a device last spoke: each word of it costs a write. */
const MINUTE_MS = 60_000;
const DEVICES_REMEMBERED = 10_000;

/** When each device was last written down by this process (ms). */
const notedAt = new WeakMap<Platform, Map<string, number>>();

const redisKey = (lotId: string) => `${partitionTag(partitionOf(lotId))}:devices-seen:${lotId}`;

/** Writes down that a device spoke, at most once a minute and beside the request: a scan does not wait for it. */
export function noteSeen(platform: Platform, { lotId, id }: DeviceId, nowMs: number): void {
  const noted = notedAt.get(platform) ?? new Map<string, number>();
  notedAt.set(platform, noted);
  if (Math.abs(nowMs - (noted.get(id) ?? -Infinity)) < MINUTE_MS) return;
  remember(noted, { key: id, value: nowMs, limit: DEVICES_REMEMBERED });
  platform.gateRedis.hset(redisKey(lotId), id, nowMs).catch((error: unknown) => {
    noted.delete(id);
    platform.log.warn({ err: error, deviceId: id }, 'it could not be written down that a device spoke');
  });
}

/** When a device last spoke, to the minute; null when that is not known: it never did, or Redis was emptied since, or is away. */
export async function deviceSeenAt(platform: Platform, { lotId, id }: DeviceId): Promise<Date | null> {
  try {
    const text = await platform.redis.hget(redisKey(lotId), id);
    return text === null ? null : new Date(Number(text));
  } catch (error) {
    platform.log.warn({ err: error, lotId }, 'redis could not say when a device spoke');
    return null;
  }
}

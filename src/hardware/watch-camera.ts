import type { CameraVendor } from '../domain/hardware.ts';
import { normalizePlate } from '../domain/plate.ts';
import { Camera } from '../entities/camera.ts';
import { ScanImage } from '../entities/scan-image.ts';
import { raiseIncident } from '../incidents/raise-incident.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { remember } from '../platform/remember.ts';
import { withinMs } from '../platform/within-ms.ts';
import { Arrivals } from './arrivals.ts';
import type { CameraRead } from './cameras/camera-read.ts';
import { isClockOff, readClock, UNWATCHED, watchFrom, type ClockWatch } from './clock-skew.ts';

/** A device that is a camera. */
export interface CameraDevice {
  readonly lotId: string;
  readonly deviceId: string;
  readonly gateId: string;
  readonly vendor: CameraVendor;
}

/** What this process knows of one camera. */
export interface CameraWatch<T> {
  readonly gateId: string;
  readonly arrivals: Arrivals<T>;
  /** Scans for which the barrier was opened though nobody could write it down. */
  readonly openedUnrecorded: Set<string>;
  clock: ClockWatch;
  skewMs: number | undefined;
  notedAt: number;
  notedSkewMs: number | undefined;
}

const CAMERAS_REMEMBERED = 5000;
const LOOK_UP_MS = 200;
const NOTE_EVERY_MS = 60_000;
const SKEW_MOVED_MS = 5000;

const watches = new WeakMap<Platform, Map<string, Promise<CameraWatch<never>>>>();

/** The watch of a camera in this process; the first time it begins with the skew that was measured before. */
export function watchCamera<T>(platform: Platform, device: CameraDevice): Promise<CameraWatch<T>> {
  const known = watches.get(platform) ?? new Map<string, Promise<CameraWatch<never>>>();
  watches.set(platform, known);
  const watch = known.get(device.deviceId) ?? beginWatch(platform, device);
  if (!known.has(device.deviceId)) remember(known, { key: device.deviceId, value: watch, limit: CAMERAS_REMEMBERED });
  // One process asks one kind of answer of all cameras.
  return watch;
}

async function beginWatch(platform: Platform, { lotId, deviceId, gateId }: CameraDevice): Promise<CameraWatch<never>> {
  const row = await withinMs(LOOK_UP_MS, platform.orm.em.fork().findOne(Camera, { lotId, deviceId })).catch(() => null);
  const skewMs = row?.clockSkewMs ?? undefined;
  return {
    gateId,
    arrivals: new Arrivals<never>(),
    openedUnrecorded: new Set(),
    clock: skewMs === undefined ? UNWATCHED : watchFrom(skewMs),
    skewMs,
    notedAt: Number.NEGATIVE_INFINITY,
    notedSkewMs: skewMs,
  };
}

/** What this process's cameras of a gate see from now on is another car: the one that was let through has passed, or backed away. */
export function carsPassed(platform: Platform, gateId: string): void {
  for (const watching of watches.get(platform)?.values() ?? [])
    void watching.then((watch) => (watch.gateId === gateId ? watch.arrivals.passed() : undefined));
}

/** When a reading was made by our clock, and how long ago; measures the camera's clock on the way. */
export function correctedInstant<T>(
  watch: CameraWatch<T>,
  { read, now }: { read: CameraRead; now: Date },
): { observedAt: Date; ageMs: number } {
  if (read.seenAt === undefined) return { observedAt: now, ageMs: 0 };
  const receivedAt = now.getTime();
  const reading = readClock(watch.clock, { seenAt: read.seenAt.getTime(), receivedAt });
  watch.clock = reading.watch;
  watch.skewMs = reading.skewMs;
  return { observedAt: new Date(receivedAt - reading.ageMs), ageMs: reading.ageMs };
}

/**
 * Writes down that a camera reads, and how far its clock is off: once a minute, and when the skew has moved. Beside the reading, which
 * does not wait for it. A clock that is off by more than two minutes raises CAMERA_CLOCK_OFF, once a day.
 */
export function noteCamera<T>(platform: Platform, device: CameraDevice, watch: CameraWatch<T>): void {
  const now = platform.clock.now();
  const { skewMs } = watch;
  const hasMoved = skewMs !== undefined && Math.abs(skewMs - (watch.notedSkewMs ?? Infinity)) > SKEW_MOVED_MS;
  if (!hasMoved && Math.abs(now.getTime() - watch.notedAt) < NOTE_EVERY_MS) return;
  watch.notedAt = now.getTime();
  watch.notedSkewMs = skewMs;
  void writeCamera(platform, device, skewMs).catch((err: unknown) =>
    platform.log.warn({ err, deviceId: device.deviceId }, 'a camera could not be written down; its next reading is'),
  );
}

async function writeCamera(platform: Platform, device: CameraDevice, skewMs: number | undefined): Promise<void> {
  const { lotId, deviceId, gateId, vendor } = device;
  await inTransaction(platform, async (tx) => {
    const clockSkewMs = skewMs === undefined ? null : Math.round(skewMs);
    await tx.em.upsert(Camera, { lotId, deviceId, vendor, clockSkewMs, lastReadAt: tx.now });
    if (skewMs === undefined || !isClockOff(skewMs)) return;
    const note = `Device ${deviceId} is ${Math.round(Math.abs(skewMs) / 1000)} s ${skewMs > 0 ? 'behind' : 'ahead'}; its readings are corrected.`;
    const onceKey = `camera-clock:${deviceId}:${tx.now.toISOString().slice(0, 10)}`;
    await raiseIncident(tx, { lotId, gateId, kind: 'CAMERA_CLOCK_OFF', note, onceKey });
  });
}

/** Keeps where the picture of a scan lies, unless its name says the plate. Beside the scan, which does not wait for it. */
export function keepImageRef(
  platform: Platform,
  { lotId, deviceId }: CameraDevice,
  { scanId, read }: { scanId: string; read: CameraRead },
): void {
  const { imageRef, plate } = read;
  if (imageRef === undefined || namesPlate(imageRef, plate?.text)) return;
  const row = { lotId, scanId, imageRef, deviceId, createdAt: platform.clock.now() };
  void platform.orm.em
    .fork()
    .upsert(ScanImage, row, { onConflictAction: 'ignore' })
    .catch((err: unknown) => platform.log.warn({ err, scanId }, 'where a picture lies could not be kept'));
}

function namesPlate(imageRef: string, plate: string | undefined): boolean {
  const normalized = plate === undefined ? undefined : normalizePlate(plate);
  return (
    normalized !== undefined &&
    imageRef
      .toUpperCase()
      .replace(/[^\p{L}\p{N}]/gu, '')
      .includes(normalized)
  );
}

const FORGET_BATCH = 5000;

/** Forgets where pictures of before `before` lie, at most 5,000; gives how many. */
export async function forgetImageRefs(platform: Platform, before: Date): Promise<number> {
  const forgotten = await platform.orm.em.fork().execute<unknown[]>(
    `DELETE FROM scan_image WHERE (lot_id, scan_id) IN (SELECT lot_id, scan_id FROM scan_image WHERE created_at < ? LIMIT ${FORGET_BATCH})
     RETURNING scan_id`,
    [before],
  );
  return forgotten.length;
}

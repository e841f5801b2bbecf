import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { DeviceRole, Viewer } from '../domain/viewer.ts';
import { Device } from '../entities/device.ts';
import {
  deviceRecord,
  readDeviceRecord,
  writeDeviceRecord,
  writeDeviceRevoked,
  writeDeviceUnknown,
  type DeviceId,
  type DeviceRecord,
} from '../platform/device-records.ts';
import { monotonicMs } from '../platform/clock.ts';
import { formatUuid } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { remember } from '../platform/remember.ts';
import { withinMs } from '../platform/within-ms.ts';
import { noteSeen } from './device-seen.ts';

const KEY = /^pwk_([A-Za-z0-9_-]{43})_([A-Za-z0-9_-]{43})$/;
const SECRET_BYTES = 32;
const UUID_BYTES = 16;
/** How long what Redis says is believed before PostgreSQL is asked again, beside the request. */
const TRUSTED_MS = 30_000;
/** How long a verified key is believed without asking anybody: a revocation elsewhere holds here after this. */
const REMEMBERED_MS = 5000;
/** How long it is believed without reserve while nobody can be asked. */
const ALONE_MS = 60_000;
/** How soon after one look the next may follow. */
const CHECK_PAUSE_MS = 5000;
/** When one could not be looked at, none is for that long: it is not the device's fault. */
const ANY_DEVICE = '*';
const DEVICES_REMEMBERED = 10_000;
/** An exit must be answered, too, while PostgreSQL does not say that it is away. */
const LOOK_UP_MS = 1000;

type DeviceViewer = Extract<Viewer, { kind: 'DEVICE' }>;

/** A key that was good. */
interface Verified {
  readonly viewer: DeviceViewer;
  /** When Redis or PostgreSQL said so. */
  readonly verifiedAtMs: number;
  /** Until when nobody is asked again. */
  trustedUntilMs: number;
}
interface Memory {
  /** By the hash of the key. */
  readonly verified: Map<string, Verified>;
  /** Gates' devices as they stood in PostgreSQL when the process began, by id: one that speaks here for the first time is known, too. */
  readonly atStart: Map<string, DeviceRecord>;
  /** Grows with every revocation here: what was asked before one is not remembered after it. */
  revocations: number;
}
const memories = new WeakMap<Platform, Memory>();

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
 * The device that a key belongs to, or undefined. A key that was good in the last five seconds is believed; then Redis answers, and
 * PostgreSQL only when Redis does not know or is away, and beside the request every 30 seconds, so that a revocation holds within 60
 * seconds even if Redis was away when it was made. While neither can be asked a key that was good in the last minute is; after that the key of
 * a gate's device that was good before makes it `isUnverified`: an exit opens however long both are away, and a key that was revoked meanwhile
 * leads to nothing but that, because whatever else it wants needs the servers that would know. Throws for any other.
 */
export async function verifyDeviceKey(platform: Platform, key: string): Promise<DeviceViewer | undefined> {
  const keyHash = hashOf(key);
  const memory = memoryOf(platform);
  const nowMs = platform.clock.now().getTime();
  const known = memory.verified.get(keyHash);
  if (known && isWithin(REMEMBERED_MS, known.trustedUntilMs - nowMs)) return known.viewer;
  const device = readDeviceId(key);
  if (!device) return undefined;
  const { revocations } = memory;
  let record: DeviceRecord | 'REVOKED';
  try {
    record = (await readRecord(platform, device)) ?? (await loadRecord(platform, device));
  } catch (error) {
    return trustedAlone(memory, { device, keyHash, nowMs, error });
  }
  if (record === 'REVOKED' || !sameHash(record.keyHash, keyHash)) {
    memory.verified.delete(keyHash);
    return undefined;
  }
  if (nowMs - record.checkedAtMs > TRUSTED_MS) checkOnce(platform, device);
  noteSeen(platform, device, nowMs);
  const viewer = viewerOf(device, record);
  const value = { viewer, verifiedAtMs: nowMs, trustedUntilMs: nowMs + REMEMBERED_MS };
  if (memory.revocations === revocations) remember(memory.verified, { key: keyHash, value, limit: DEVICES_REMEMBERED });
  return viewer;
}

/** Makes a revoked device's key die, here at once and elsewhere within seconds. Call it once the revocation is committed. */
export async function forgetDeviceKey(platform: Platform, device: DeviceId): Promise<void> {
  forgetHere(platform, device);
  await writeDeviceRevoked(platform.redis, device);
}

/** Lets Redis know a device, so that its key is good also while PostgreSQL is away. It is told again when the device first speaks. */
export async function tellOfDevice(platform: Platform, row: Device): Promise<void> {
  await writeDeviceRecord(platform.redis, row, deviceRecord(row, platform.clock.now()));
}

const hashOf = (key: string) => hash('sha256', key);
/** A clock that is put back must not make anything last. */
const isWithin = (limitMs: number, leftMs: number) => leftMs > 0 && leftMs <= limitMs;

function memoryOf(platform: Platform): Memory {
  const known = memories.get(platform) ?? { verified: new Map(), atStart: new Map(), revocations: 0 };
  memories.set(platform, known);
  return known;
}

function forgetHere(platform: Platform, device: DeviceId): void {
  const memory = memoryOf(platform);
  memory.revocations += 1;
  memory.atStart.delete(device.id);
  for (const [keyHash, { viewer }] of memory.verified)
    if (viewer.deviceId === device.id) memory.verified.delete(keyHash);
}

interface AskedAlone {
  readonly device: DeviceId;
  readonly keyHash: string;
  readonly nowMs: number;
  readonly error: unknown;
}

/** For another moment without asking, so that not every scan waits for two servers that are away. */
function trustedAlone(memory: Memory, asked: AskedAlone): DeviceViewer {
  const { nowMs, error, keyHash } = asked;
  const known = memory.verified.get(keyHash) ?? knownAtStart(memory, asked);
  if (!known) throw error;
  const isRecent = isWithin(ALONE_MS, known.verifiedAtMs + ALONE_MS - nowMs);
  if (!isRecent && !LEADS_OUT.has(known.viewer.role)) throw error;
  const viewer = isRecent ? known.viewer : { ...known.viewer, isUnverified: true as const };
  const trustedUntilMs = isRecent
    ? Math.min(nowMs + REMEMBERED_MS, known.verifiedAtMs + ALONE_MS)
    : nowMs + REMEMBERED_MS;
  const value = { ...known, viewer, trustedUntilMs };
  remember(memory.verified, { key: keyHash, value, limit: DEVICES_REMEMBERED });
  return viewer;
}

const LEADS_OUT: ReadonlySet<DeviceRole> = new Set(['GATE', 'LANE']);

function knownAtStart({ atStart }: Memory, { device, keyHash }: AskedAlone): Verified | undefined {
  const record = atStart.get(device.id);
  if (record === undefined || record.lotId !== device.lotId || !sameHash(record.keyHash, keyHash)) return undefined;
  return { viewer: viewerOf(device, record), verifiedAtMs: record.checkedAtMs, trustedUntilMs: 0 };
}

function viewerOf({ id: deviceId, lotId }: DeviceId, { role, gateId }: DeviceRecord): DeviceViewer {
  return { kind: 'DEVICE', role, deviceId, lotId, gateId };
}

/** Remembers the keys of gates' devices, for a time without PostgreSQL and Redis. Without PostgreSQL it goes on with none. */
export async function rememberDevices(platform: Platform): Promise<void> {
  const { atStart } = memoryOf(platform);
  const em = platform.orm.em.fork();
  try {
    const rows = await em.find(
      Device,
      { revokedAt: null, role: { $in: [...LEADS_OUT] } },
      { limit: DEVICES_REMEMBERED },
    );
    for (const row of rows) atStart.set(row.id, deviceRecord(row, platform.clock.now()));
  } catch (error) {
    platform.log.warn({ err: error }, 'the keys of the devices at the gates could not be remembered');
  }
}

function sameHash(stored: string, given: string): boolean {
  return stored.length === given.length && timingSafeEqual(Buffer.from(stored), Buffer.from(given));
}

function readDeviceId(key: string): DeviceId | undefined {
  const ids = KEY.exec(key)?.[1];
  if (ids === undefined) return undefined;
  const bytes = Buffer.from(ids, 'base64url');
  return { lotId: formatUuid(bytes.subarray(0, UUID_BYTES)), id: formatUuid(bytes.subarray(UUID_BYTES)) };
}

async function readRecord(platform: Platform, device: DeviceId): Promise<DeviceRecord | 'REVOKED' | undefined> {
  try {
    return await readDeviceRecord(platform.gateRedis, device);
  } catch (error) {
    platform.log.warn({ err: error, deviceId: device.id }, 'redis could not say whose key this is');
    return undefined;
  }
}

async function loadRecord(platform: Platform, device: DeviceId): Promise<DeviceRecord | 'REVOKED'> {
  const record = await withinMs(LOOK_UP_MS, recordFromDatabase(platform, device));
  const { gateRedis } = platform;
  const remembered =
    record === 'REVOKED' ? writeDeviceUnknown(gateRedis, device) : writeDeviceRecord(gateRedis, device, record);
  await remembered.catch((error: unknown) => {
    platform.log.warn({ err: error, deviceId: device.id }, 'a device key could not be remembered');
  });
  return record;
}

async function recordFromDatabase(platform: Platform, device: DeviceId): Promise<DeviceRecord | 'REVOKED'> {
  const row = await platform.orm.em.fork().findOne(Device, { lotId: device.lotId, id: device.id, revokedAt: null });
  return row ? deviceRecord(row, platform.clock.now()) : 'REVOKED';
}

/** When each device may be checked again at the earliest (ms), per process: a busy gate causes one look, not one a scan, also while PostgreSQL is away. */
const checkedFrom = new WeakMap<Platform, Map<string, number>>();

function checkOnce(platform: Platform, device: DeviceId): void {
  const from = checkedFrom.get(platform) ?? new Map<string, number>();
  checkedFrom.set(platform, from);
  const nowMs = monotonicMs();
  if (nowMs < Math.max(from.get(device.id) ?? 0, from.get(ANY_DEVICE) ?? 0)) return;
  remember(from, { key: device.id, value: nowMs + CHECK_PAUSE_MS, limit: DEVICES_REMEMBERED });
  void checkAgain(platform, device).catch((error: unknown) => {
    remember(from, { key: ANY_DEVICE, value: monotonicMs() + CHECK_PAUSE_MS, limit: DEVICES_REMEMBERED });
    platform.log.warn({ err: error, deviceId: device.id }, 'a device key could not be checked again');
  });
}

/** Without PostgreSQL the old answer stands: a gate must open for those who may enter. */
async function checkAgain(platform: Platform, device: DeviceId): Promise<void> {
  const record = await recordFromDatabase(platform, device);
  if (record === 'REVOKED') await forgetDeviceKey(platform, device);
  else await writeDeviceRecord(platform.gateRedis, device, record);
}

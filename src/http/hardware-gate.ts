import { encodeId } from '../domain/public-id.ts';
import { Camera } from '../entities/camera.ts';
import { Gate, type GateDirection } from '../entities/gate.ts';
import { lotKeys } from '../gate/index-keys.ts';
import { decodeRecord, type GateRecord } from '../gate/index-records.ts';
import type { Platform } from '../platform/platform.ts';
import { remember } from '../platform/remember.ts';
import { withinMs } from '../platform/within-ms.ts';
import { HardwareProblem, type GateDevice } from './hardware-auth.ts';

interface KnownDirection {
  readonly direction: GateDirection;
  readonly asOfMs: number;
}

const TRUSTED_MS = 30_000;
const GATES_REMEMBERED = 10_000;
const LOOK_UP_MS = 1000;
const directions = new WeakMap<Platform, Map<string, KnownDirection>>();

/** Which way a device's gate leads: from the gates' index, from PostgreSQL when that does not know it, at most 30 seconds old. */
export async function directionOf(platform: Platform, device: GateDevice): Promise<GateDirection> {
  const known = directions.get(platform) ?? new Map<string, KnownDirection>();
  directions.set(platform, known);
  const nowMs = platform.clock.now().getTime();
  const last = known.get(device.gateId);
  if (last && Math.abs(nowMs - last.asOfMs) < TRUSTED_MS) return last.direction;
  const direction =
    (await directionInIndex(platform, device)) ?? (await directionInRow(platform, device)) ?? last?.direction;
  if (direction === undefined)
    throw new HardwareProblem(503, 'UNAVAILABLE', {
      advice: 'We cannot tell which way the gate leads: send it again.',
      retryAfterSeconds: 2,
    });
  remember(known, { key: device.gateId, value: { direction, asOfMs: nowMs }, limit: GATES_REMEMBERED });
  return direction;
}

async function directionInIndex(platform: Platform, { lotId, gateId }: GateDevice): Promise<GateDirection | undefined> {
  const raw = await platform.gateRedis.get(lotKeys(lotId).gate(gateId)).catch(() => null);
  return raw === null ? undefined : decodeRecord<GateRecord>(raw).direction;
}

async function directionInRow(platform: Platform, { lotId, gateId }: GateDevice): Promise<GateDirection | undefined> {
  const found = platform.orm.em.fork().findOne(Gate, { lotId, id: gateId });
  return (await withinMs(LOOK_UP_MS, found).catch(() => null))?.direction;
}

/** What an integrator wants to know of a camera: at which gate it stands, when it was heard last, and how far its clock is off. */
export async function cameraState(platform: Platform, device: GateDevice): Promise<object> {
  const { lotId, deviceId, gateId } = device;
  const em = platform.orm.em.fork();
  const [gate, camera] = await Promise.all([
    em.findOneOrFail(Gate, { lotId, id: gateId }),
    em.findOne(Camera, { lotId, deviceId }),
  ]);
  const { name, direction, inService } = gate;
  const heard = camera && {
    maker: camera.vendor,
    lastReadAt: camera.lastReadAt,
    clockSkewSeconds: camera.clockSkewMs == null ? null : Math.round(camera.clockSkewMs / 1000),
  };
  return {
    deviceId: encodeId('dev', lotId, deviceId),
    gate: { id: encodeId('gat', lotId, gateId), name, direction, inService },
    camera: heard,
  };
}

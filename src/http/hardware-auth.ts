import type { FastifyReply, FastifyRequest } from 'fastify';
import { verifyDeviceKey } from '../accounts/device-keys.ts';
import { decodeId } from '../domain/public-id.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Platform } from '../platform/platform.ts';
import type { RequestCounter } from './rate-limit.ts';

export interface HardwareDoor {
  readonly platform: Platform;
  readonly countRequest: RequestCounter;
  readonly addressOf: (request: FastifyRequest['raw']) => string;
}

/** A device of a gate that has shown its key. */
export type GateDevice = Extract<Viewer, { kind: 'DEVICE' }> & { readonly gateId: string };

/** What a device is told when it is not served: a status, and what to do. */
export class HardwareProblem extends Error {
  override readonly name = 'HardwareProblem';
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, problem: { advice: string; retryAfterSeconds?: number }) {
    super(problem.advice);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = problem.retryAfterSeconds;
  }
}

const KEY = /^(?:pwk_[A-Za-z0-9_-]{43}_)?[A-Za-z0-9_-]{43}$/;

/**
 * The gate's device that speaks, by its key: as bearer token, as the password of basic authentication, or, for devices that can do neither,
 * as the last part of the path (the key, or what is after its last `_` of 43 characters). Checked before the body is read.
 * Throws HardwareProblem: 401 without a good key, 403 for the key of another device or lot or one that stands at no gate, 429 for too much.
 */
export async function gateDeviceOf(
  { platform, countRequest, addressOf }: HardwareDoor,
  request: FastifyRequest,
  path: { deviceId?: string | undefined; secret?: string | undefined },
): Promise<GateDevice> {
  const named = path.deviceId === undefined ? undefined : decodeId('dev', path.deviceId);
  if (path.deviceId !== undefined && named === undefined)
    throw new HardwareProblem(404, 'UNKNOWN_DEVICE', {
      advice: 'There is no such device. Its id begins with dev_ and stands beside its key.',
    });
  const key = keyOf(request.headers.authorization, path);
  const viewer = key === undefined ? undefined : await verifyDeviceKey(platform, key);
  const tooMany = await countRequest(viewer, addressOf(request.raw));
  if (tooMany) {
    platform.metrics.refused.inc({ reason: 'hardware_rate' });
    const advice =
      'This device sends more than a gate can use. Send each car, not each frame, or wait as long as Retry-After says.';
    throw new HardwareProblem(429, 'TOO_MANY', {
      advice,
      retryAfterSeconds: Number(tooMany.extensions?.['retryAfterSeconds'] ?? 1),
    });
  }
  if (!viewer) throw unauthenticated(key);
  if (named && (named.lotId !== viewer.lotId || named.id !== viewer.deviceId))
    throw new HardwareProblem(403, 'OTHER_DEVICE', {
      advice: 'This key belongs to another device: use the id that stands beside it.',
    });
  const { gateId } = viewer;
  if (viewer.role !== 'GATE' || gateId === null)
    throw new HardwareProblem(403, 'NO_GATE', {
      advice: 'This device stands at no gate: issue a key with the role GATE and its gate.',
    });
  return { ...viewer, gateId };
}

function unauthenticated(key: string | undefined): HardwareProblem {
  const advice =
    key === undefined
      ? 'Send the device’s key: as bearer token, as the password of basic authentication, or as the last part of the path.'
      : 'This key is not good: it was revoked, or a part of it is missing.';
  return new HardwareProblem(401, 'UNAUTHENTICATED', { advice });
}

function keyOf(
  header: string | undefined,
  path: { deviceId?: string | undefined; secret?: string | undefined },
): string | undefined {
  const given = secretOf(header) ?? path.secret;
  if (given === undefined || !KEY.test(given)) return given === undefined ? undefined : 'pwk_malformed';
  if (given.startsWith('pwk_')) return given;
  // An id and a key name the same lot and device in the same letters.
  return path.deviceId === undefined ? 'pwk_malformed' : `pwk_${path.deviceId.slice('dev_'.length)}_${given}`;
}

function secretOf(header: string | undefined): string | undefined {
  if (header === undefined || header === '') return undefined;
  const [, scheme = '', credential = ''] = /^(Bearer|Basic) +([A-Za-z0-9._~+/=-]{1,4096})$/i.exec(header) ?? [];
  if (scheme.toLowerCase() !== 'basic') return credential;
  const pair = Buffer.from(credential, 'base64').toString('utf8');
  return pair.slice(pair.indexOf(':') + 1);
}

/** Tells a device what is wrong, as JSON. */
export function sendProblem(
  reply: FastifyReply,
  { status, code, message, retryAfterSeconds }: HardwareProblem,
): FastifyReply {
  if (status === 401) void reply.header('www-authenticate', 'Basic realm="parkwell hardware", charset="UTF-8"');
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  return reply.code(status).send({ error: code, advice: message });
}

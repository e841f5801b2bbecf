import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CAMERA_VENDORS, type CameraVendor } from '../domain/hardware.ts';
import { UnreadableMessage } from '../hardware/cameras/camera-read.ts';
import type { CameraPayload } from '../hardware/cameras/payload.ts';
import { readCamera } from '../hardware/cameras/read-camera.ts';
import type { Platform } from '../platform/platform.ts';
import { gateDeviceOf, HardwareProblem, sendProblem, type GateDevice, type HardwareDoor } from './hardware-auth.ts';
import { cameraState, directionOf } from './hardware-gate.ts';
import { registerRelayDoor } from './hardware-relay.ts';
import { takeReading, type ReadOutcome, type Sees } from './hardware-scans.ts';

/** A picture or two in full size, and the message. */
const LARGEST_BODY_BYTES = 4 * 1024 * 1024;
const MOST_READS = 20;

interface CameraPath {
  readonly Params: { readonly vendor: string; readonly deviceId: string; readonly secret?: string };
  readonly Querystring: { readonly sees?: string };
}

/** Who is speaking, found before the body is read. */
const speakers = new WeakMap<FastifyRequest, GateDevice>();

/**
 * POST /hardware/v1/<maker>/<device id>[/<secret>]: what a camera pushes, in its maker's own shape; answered with what the gate decided.
 * GET of the same address tells an integrator whether it is heard. Errors are `{ error, advice }`: 401, 403, 404, 409 (replayed), 413, 422
 * (not what such a camera sends), 429, and 503 for a reading to be sent again. Pictures are counted and thrown away.
 */
export async function registerHardware(app: FastifyInstance, door: HardwareDoor): Promise<void> {
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_BODY_BYTES }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.setErrorHandler((error, request, reply) => sendProblem(reply, problemOf(door.platform, error, request)));
    for (const path of ['/hardware/v1/:vendor/:deviceId', '/hardware/v1/:vendor/:deviceId/:secret']) {
      const onRequest = (request: FastifyRequest) => identify(door, request as FastifyRequest<CameraPath>);
      scope.get<CameraPath>(path, { onRequest }, (request) => tellState(door.platform, request));
      scope.post<CameraPath>(path, { onRequest }, (request, reply) => receive(door.platform, request, reply));
    }
    registerRelayDoor(scope, door);
    done();
  });
}

async function identify(door: HardwareDoor, request: FastifyRequest<CameraPath>): Promise<void> {
  vendorOf(request.params.vendor);
  speakers.set(request, await gateDeviceOf(door, request, request.params));
}

function vendorOf(text: string): CameraVendor {
  const vendor = CAMERA_VENDORS.find((each) => each === text.toUpperCase().replaceAll('-', '_'));
  if (vendor) return vendor;
  throw new HardwareProblem(404, 'UNKNOWN_MAKER', {
    advice: `The first part of the path is the camera’s maker: ${CAMERA_VENDORS.join(', ')}.`,
  });
}

function deviceOf(request: FastifyRequest): GateDevice {
  const device = speakers.get(request);
  if (!device) throw new Error('a device was not identified before its request was served');
  return device;
}

function seesOf(text: string | undefined): Sees | undefined {
  if (text === undefined || text === 'entering' || text === 'leaving' || text === 'both') return text;
  throw new HardwareProblem(422, 'UNKNOWN_DIRECTION', { advice: '`sees` is entering, leaving or both.' });
}

async function tellState(platform: Platform, request: FastifyRequest<CameraPath>): Promise<unknown> {
  seesOf(request.query.sees);
  return cameraState(platform, deviceOf(request));
}

async function receive(platform: Platform, request: FastifyRequest<CameraPath>, reply: FastifyReply): Promise<unknown> {
  const device = deviceOf(request);
  const vendor = vendorOf(request.params.vendor);
  const sees = seesOf(request.query.sees);
  const { message, images } = readPayload(vendor, {
    contentType: request.headers['content-type'] ?? '',
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  });
  const { cameraReads, cameraImages } = platform.metrics;
  if (images > 0) cameraImages.inc({ vendor }, images);
  if (message.kind === 'NOTHING') {
    cameraReads.inc({ vendor, outcome: message.because });
    return { received: 0, nothing: message.because, scans: [] };
  }
  const through = { device, vendor, sees, direction: await directionOf(platform, device) };
  const scans: ReadOutcome[] = [];
  for (const read of message.reads.slice(0, MOST_READS)) {
    const scan = await takeReading(platform, through, read);
    cameraReads.inc({ vendor, outcome: scan.outcome });
    scans.push(scan);
  }
  if (scans.some(({ recorded }) => recorded === false)) void reply.code(503).header('retry-after', '2');
  return { received: message.reads.length, scans };
}

/** What came, or who else sends such a thing: an integrator who mixed up two addresses is told so. */
function readPayload(vendor: CameraVendor, payload: CameraPayload): ReturnType<typeof readCamera> {
  try {
    return readCamera(vendor, payload);
  } catch (error) {
    if (!(error instanceof UnreadableMessage)) throw error;
    const other = CAMERA_VENDORS.find((each) => each !== vendor && isReadable(each, payload));
    const hint = other === undefined ? '' : ` It looks like what ${other} sends: use /hardware/v1/${other}/….`;
    throw new HardwareProblem(422, 'UNREADABLE', { advice: `${error.message}${hint}` });
  }
}

function isReadable(vendor: CameraVendor, payload: CameraPayload): boolean {
  try {
    return readCamera(vendor, payload).message.kind === 'READS';
  } catch {
    return false;
  }
}

/** The framework's own refusals say what they are by their status; anything else is ours, and is logged. */
function problemOf(platform: Platform, error: unknown, request: FastifyRequest): HardwareProblem {
  if (error instanceof HardwareProblem) return error;
  const { statusCode } = error as { statusCode?: unknown };
  if (statusCode === 413)
    return new HardwareProblem(413, 'TOO_LARGE', {
      advice: `The message is larger than ${LARGEST_BODY_BYTES} bytes: let the camera send smaller pictures, or none.`,
    });
  if (typeof statusCode === 'number' && statusCode < 500)
    return new HardwareProblem(statusCode, 'BAD_REQUEST', { advice: 'The request is not well-formed.' });
  platform.log.error({ err: error, requestId: request.id }, 'a message of a device could not be served');
  return new HardwareProblem(503, 'UNAVAILABLE', {
    advice: 'Something went wrong on our side: send it again.',
    retryAfterSeconds: 2,
  });
}

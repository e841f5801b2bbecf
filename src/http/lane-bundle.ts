import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate } from '../accounts/authenticate.ts';
import { InvalidToken } from '../accounts/invalid-token.ts';
import type { Viewer } from '../domain/viewer.ts';
import { noteContact } from '../gate/lane-sync/agent-contact.ts';
import { laneKeysOf } from '../gate/lane-sync/lane-keys.ts';
import { sendBundle } from '../gate/lane-sync/send-bundle.ts';
import type { Platform } from '../platform/platform.ts';
import type { Drain } from './drain.ts';
import type { RequestCounter } from './rate-limit.ts';

export interface LaneDoor {
  readonly platform: Platform;
  readonly drain: Drain;
  readonly countRequest: RequestCounter;
  readonly addressOf: (request: FastifyRequest['raw']) => string;
}

type Lane = Extract<Viewer, { kind: 'DEVICE' }>;
interface Query {
  readonly have?: string;
  readonly waitSeconds?: string;
  readonly pending?: string;
}

const LONGEST_WAIT_SECONDS = 25;
const WHOLE_NUMBER = /^\d{1,15}$/;

/**
 * The two questions of a lane agent that are no GraphQL, both with its device key as bearer (401 without one, 403 for other devices, 429).
 * GET /lane/v1/bundle?have=<version>&waitSeconds=<0–25>: 200 with a signed bundle (`parkwell-bundle: full` or `delta`), 304 when nothing
 * newer came in that time. GET /lane/v1/ping: 204, with our time in `date` and to the millisecond in `parkwell-time`. Both take
 * `pending=<how many entries of its journal are not acknowledged>`: no-shows wait for a lane until it has said 0. Both tell the key that
 * bundles are signed with in `parkwell-key`.
 */
export function registerLaneDoor(fastify: FastifyInstance, door: LaneDoor): void {
  fastify.get<{ Querystring: Query }>('/lane/v1/ping', (request, reply) =>
    admitted(door, { request, reply }, (lane) => {
      // Not waited for: whether we are there is what is asked.
      void heard(door.platform, lane, request.query);
      return reply.code(204).send();
    }),
  );
  fastify.get<{ Querystring: Query }>('/lane/v1/bundle', (request, reply) =>
    admitted(door, { request, reply }, (lane) => answerBundle(door, { request, reply }, lane)),
  );
}

interface Exchange {
  readonly request: FastifyRequest<{ Querystring: Query }>;
  readonly reply: FastifyReply;
}

async function admitted(
  { platform, countRequest, addressOf }: LaneDoor,
  { request, reply }: Exchange,
  answer: (lane: Lane) => unknown,
): Promise<unknown> {
  const now = platform.clock.now();
  void reply.header('date', now.toUTCString()).header('parkwell-time', String(now.getTime()));
  const viewer = await authenticate(platform, request.headers.authorization).catch((error: unknown) => {
    if (error instanceof InvalidToken) return undefined;
    throw error;
  });
  const tooMany = await countRequest(viewer, addressOf(request.raw));
  if (tooMany) return reply.code(429).send({ error: tooMany.message });
  if (viewer === undefined)
    return reply.code(401).header('www-authenticate', 'Bearer').send({ error: 'A device key is needed.' });
  if (viewer.kind !== 'DEVICE' || viewer.role !== 'LANE')
    return reply.code(403).send({ error: 'This is for lane agents.' });
  void reply.header('parkwell-key', laneKeysOf(platform).bundlePublicKey).header('cache-control', 'no-store');
  return answer(viewer);
}

function heard(platform: Platform, { lotId, deviceId }: Lane, { pending }: Query): Promise<void> {
  return noteContact(platform, { lotId, agentId: deviceId, pending: wholeNumber(pending) });
}

async function answerBundle({ platform, drain }: LaneDoor, { request, reply }: Exchange, lane: Lane): Promise<unknown> {
  const { query } = request;
  await heard(platform, lane, query);
  const waitSeconds = Math.min(LONGEST_WAIT_SECONDS, wholeNumber(query.waitSeconds) ?? 0);
  const sent = await sendBundle(platform, {
    lotId: lane.lotId,
    have: wholeNumber(query.have),
    waitMs: waitSeconds * 1000,
    isOver: () => drain.isDraining || request.raw.socket.destroyed,
  });
  if (sent === 'NO_LOT') return reply.code(404).send({ error: 'There is no such lot.' });
  if (sent === 'UNCHANGED') return reply.code(304).send();
  return reply
    .type('application/octet-stream')
    .header('parkwell-bundle', sent.kind)
    .header('parkwell-bundle-version', String(sent.version))
    .send(sent.bytes);
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && WHOLE_NUMBER.test(text) ? Number(text) : undefined;
}

import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { paymentsIdle } from '../payments/background.ts';
import type { Platform } from '../platform/platform.ts';
import { createSchema } from '../schema/build-schema.ts';
import { CodedError } from '../schema/coded-errors.ts';
import { startApollo } from './apollo.ts';
import { startBackground, type BackgroundWork } from './background.ts';
import { createAddressReader } from './client-address.ts';
import { createCostMeter } from './cost.ts';
import { createDocuments } from './documents.ts';
import { Drain } from './drain.ts';
import { presentError } from './errors.ts';
import { registerGraphql } from './graphql-route.ts';
import { registerHealth } from './health.ts';
import { DEFAULT_LIMITS, MAX_BODY_BYTES, type EdgeLimits } from './limits.ts';
import { createRequestCounter } from './rate-limit.ts';
import { requestIdOf } from './request-id.ts';
import { RESOLVERS } from './resolvers.ts';
import { registerStripeWebhook } from './stripe-webhook.ts';
import { openWebsocket } from './websocket.ts';

const DRAIN_TIMEOUT_MS = 10_000;
const CLOSE_IDLE_EVERY_MS = 50;
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle timeout of the usual balancers, which would else send into a closing connection. */
const KEEP_ALIVE_MS = 72_000;
const PREFLIGHT_CACHE_SECONDS = 600;

export interface App {
  /** Starts to accept connections; resolves with the address, `http://127.0.0.1:4000`. */
  listen(): Promise<string>;
  /** Ends in this order: not ready, no new connections, requests finish, sockets close, background work ends. The platform stays open. */
  close(): Promise<void>;
}

/** One process: `api` serves GraphQL and webhooks, `worker` runs what runs beside; both answer health and metrics. */
export async function createApp(
  platform: Platform,
  options: { roles: Config['roles']; limits?: EdgeLimits },
): Promise<App> {
  const drain = new Drain();
  const addressOf = createAddressReader(platform.config.trustedProxies);
  const fastify = createServer(platform);
  await fastify.register(helmet);
  await fastify.register(cors, {
    origin: [...platform.config.allowedOrigins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['content-type', 'authorization', 'x-request-id'],
    exposedHeaders: ['x-request-id', 'retry-after'],
    maxAge: PREFLIGHT_CACHE_SECONDS,
  });
  registerHealth(fastify, { platform, drain, addressOf });
  const api = options.roles.has('api')
    ? await openApi(fastify, { platform, drain, addressOf, limits: options.limits ?? DEFAULT_LIMITS })
    : undefined;
  await fastify.ready();
  const background = options.roles.has('worker') ? await startBackground(platform) : undefined;
  return {
    listen: () => fastify.listen({ host: platform.config.host, port: platform.config.port }),
    close: () => close({ platform, fastify, drain, api, background }),
  };
}

interface Open {
  readonly platform: Platform;
  readonly fastify: FastifyInstance;
  readonly drain: Drain;
  readonly api: { close(): Promise<void> } | undefined;
  readonly background: BackgroundWork | undefined;
}

async function close({ platform, fastify, drain, api, background }: Open): Promise<void> {
  drain.begin();
  // Stops accepting at once; resolves when the last connection is gone, sockets included.
  const closed = fastify.close();
  // Only what is idle at this moment is closed with it: a connection whose last answer is still on its way would be kept alive for its 72 s.
  const idle = setInterval(() => fastify.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS);
  await drain.emptied(DRAIN_TIMEOUT_MS);
  await api?.close();
  await closed;
  clearInterval(idle);
  await background?.stop();
  await paymentsIdle(platform);
}

function createServer(platform: Platform): FastifyInstance {
  const fastify = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    genReqId: requestIdOf,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    done();
  });
  fastify.setNotFoundHandler((request, reply) => {
    void reply
      .code(404)
      .send({
        errors: [
          presentError(new CodedError('NOT_FOUND', 'There is nothing here. GraphQL is at /graphql.'), request.id),
        ],
      });
  });
  fastify.setErrorHandler((error, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) platform.log.error({ err: error, requestId: request.id }, 'a request failed');
    const told =
      status >= 500 ? error : new CodedError('BAD_REQUEST', BODY_PROBLEMS[status] ?? 'The request is not well-formed.');
    void reply.code(status).send({ errors: [presentError(told, request.id)] });
  });
  return fastify;
}

const BODY_PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The body is not valid JSON.',
  413: `The body is larger than ${MAX_BODY_BYTES} bytes.`,
  415: 'Send the body as application/json.',
};

function statusOf(error: unknown): number {
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  // A Host header that makes no address.
  if (code === 'ERR_INVALID_URL') return 400;
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500;
}

interface ApiParts {
  readonly platform: Platform;
  readonly drain: Drain;
  readonly addressOf: ReturnType<typeof createAddressReader>;
  readonly limits: EdgeLimits;
}

async function openApi(fastify: FastifyInstance, parts: ApiParts): Promise<{ close(): Promise<void> }> {
  const { platform, limits } = parts;
  const schema = createSchema(RESOLVERS);
  const documents = createDocuments(schema, { introspection: platform.config.introspection });
  const cost = createCostMeter(schema);
  const countRequest = createRequestCounter(limits);
  const apollo = await startApollo({ platform, schema, cost });
  registerGraphql(fastify, { ...parts, apollo, documents, countRequest });
  await registerStripeWebhook(fastify, platform);
  const websocket = openWebsocket(fastify.server, { ...parts, schema, documents, cost, countRequest });
  return {
    close: async () => {
      await websocket.close();
      await apollo.stop();
    },
  };
}

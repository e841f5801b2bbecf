import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import type { Config } from '../config.ts';
import { paymentsIdle } from '../payments/background.ts';
import type { Platform } from '../platform/platform.ts';
import { createSchema } from '../schema/build-schema.ts';
import { startApollo } from './apollo.ts';
import { startBackground, type BackgroundWork } from './background.ts';
import { createAddressReader } from './client-address.ts';
import { createCostMeter } from './cost.ts';
import { createDocuments } from './documents.ts';
import { Drain } from './drain.ts';
import { registerGraphql } from './graphql-route.ts';
import { registerHealth } from './health.ts';
import { DEFAULT_LIMITS, type EdgeLimits } from './limits.ts';
import { createRequestCounter } from './rate-limit.ts';
import { RESOLVERS } from './resolvers.ts';
import { createServer } from './server.ts';
import { registerStripeWebhook } from './stripe-webhook.ts';
import { openWebsocket } from './websocket.ts';

const DRAIN_TIMEOUT_MS = 10_000;
const CLOSE_IDLE_EVERY_MS = 50;
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

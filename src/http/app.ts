import type { IncomingMessage } from 'node:http';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { rememberDevices } from '../accounts/device-keys.ts';
import type { Config } from '../config.ts';
import type { Platform } from '../platform/platform.ts';
import { createSchema } from '../schema/build-schema.ts';
import { startApollo } from './apollo.ts';
import { startBackground } from './background.ts';
import { createOriginReader, networkOf } from './client-address.ts';
import { closeAll, type OpenApi } from './closing.ts';
import { createCostMeter } from './cost.ts';
import { createDocuments } from './documents.ts';
import { Drain } from './drain.ts';
import { registerGraphql } from './graphql-route.ts';
import { registerHealth } from './health.ts';
import { registerLaneDoor } from './lane-bundle.ts';
import { registerHardware } from './hardware-door.ts';
import { DEFAULT_LIMITS, type EdgeLimits } from './limits.ts';
import { registerDebtPage } from './pages/debt-page.ts';
import { registerInsideListPage } from './pages/inside-list-page.ts';
import { PLAIN_POLICY } from './pages/page-policy.ts';
import { registerReceiptPages } from './pages/receipt-pages.ts';
import { registerWebPages } from './pages/web-pages.ts';
import { createRequestCounter } from './rate-limit.ts';
import { RESOLVERS } from './resolvers.ts';
import { createServer } from './server.ts';
import { registerStripeWebhook } from './stripe-webhook.ts';
import { registerTariffDownloads } from './tariff-downloads.ts';
import { openWebsocket } from './websocket.ts';

const PREFLIGHT_CACHE_SECONDS = 600;

export interface App {
  /** Starts to accept connections; resolves with the address, `http://127.0.0.1:4000`. */
  listen(): Promise<string>;
  /** Ends within `CLOSE_WITHIN_MS` and the configured delay: not ready, no new connections, requests finish. The platform stays open. */
  close(): Promise<void>;
}

/** One process: `api` serves GraphQL and webhooks, `worker` runs what runs beside; both answer health and metrics. */
export async function createApp(
  platform: Platform,
  options: { roles: Config['roles']; limits?: EdgeLimits },
): Promise<App> {
  const drain = new Drain();
  const originOf = createOriginReader(platform.config.trustedProxies, () =>
    platform.log.warn(
      'requests come through a proxy that TRUSTED_PROXIES does not name: all their callers count as one',
    ),
  );
  // Who owns an IPv6 network has all its addresses: callers are told apart by their network.
  const addressOf = (request: IncomingMessage) => networkOf(originOf(request).address);
  const fastify = createServer(platform, drain);
  await fastify.register(helmet, PLAIN_POLICY);
  await fastify.register(cors, {
    origin: [...platform.config.allowedOrigins],
    methods: ['GET', 'POST'],
    allowedHeaders: ['content-type', 'authorization', 'x-request-id'],
    exposedHeaders: ['x-request-id', 'retry-after', 'parkwell-time'],
    maxAge: PREFLIGHT_CACHE_SECONDS,
  });
  registerHealth(fastify, { platform, drain, originOf });
  const api = options.roles.has('api')
    ? await openApi(fastify, { platform, drain, addressOf, limits: options.limits ?? DEFAULT_LIMITS })
    : undefined;
  await fastify.ready();
  const background = options.roles.has('worker') ? await startBackground(platform) : undefined;
  return {
    listen: () => fastify.listen({ host: platform.config.host, port: platform.config.port }),
    close: () => closeAll({ platform, fastify, drain, api, background }),
  };
}

interface ApiParts {
  readonly platform: Platform;
  readonly drain: Drain;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly limits: EdgeLimits;
}

async function openApi(fastify: FastifyInstance, parts: ApiParts): Promise<OpenApi> {
  const { platform, limits } = parts;
  const schema = createSchema(RESOLVERS);
  const documents = createDocuments(schema, { introspection: platform.config.introspection });
  const cost = createCostMeter(schema);
  const countRequest = createRequestCounter(limits);
  const apollo = await startApollo({ platform, schema, cost });
  await rememberDevices(platform);
  registerGraphql(fastify, { ...parts, apollo, documents, countRequest });
  await registerStripeWebhook(fastify, platform);
  await registerReceiptPages(fastify, { ...parts, countRequest });
  await registerInsideListPage(fastify, { ...parts, countRequest });
  await registerDebtPage(fastify, { ...parts, countRequest });
  await registerWebPages(fastify, { ...parts, countRequest });
  registerTariffDownloads(fastify, { ...parts, countRequest });
  await registerHardware(fastify, { ...parts, countRequest });
  registerLaneDoor(fastify, { ...parts, countRequest });
  const websocket = openWebsocket(fastify.server, { ...parts, schema, documents, cost, countRequest });
  return { closeSockets: () => websocket.close(), stopApollo: () => apollo.stop() };
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { publicKeys } from '../accounts/access-tokens.ts';
import type { Platform } from '../platform/platform.ts';
import { isPrivateAddress, type Origin } from './client-address.ts';
import type { Drain } from './drain.ts';

const CHECK_TIMEOUT_MS = 1000;
const KEYS_CACHE_SECONDS = 300;

/** What machines ask: alive, ready, metrics, the public keys of our tokens. */
export function registerHealth(
  fastify: FastifyInstance,
  options: { platform: Platform; drain: Drain; originOf: (request: FastifyRequest['raw']) => Origin },
): void {
  const { platform, drain, originOf } = options;
  fastify.get('/livez', () => ({ status: 'alive' }));
  fastify.get('/readyz', async (_request, reply) => {
    const checks = {
      postgres: await isUp(() => askPostgres(platform)),
      redis: await isUp(() => platform.redis.ping()),
      draining: drain.isDraining,
    };
    const ready = checks.postgres && checks.redis && !checks.draining;
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready', checks });
  });
  fastify.get('/metrics', async (request, reply) => {
    // The figures are the operator's own: a collector stands in the same network, and a proxy that we do not know hides who asks.
    const { address, isHearsay } = originOf(request.raw);
    if (isHearsay || !isPrivateAddress(address)) return reply.callNotFound();
    return reply.type(platform.metrics.registry.contentType).send(await platform.metrics.registry.metrics());
  });
  fastify.get('/.well-known/jwks.json', async (_request, reply) => {
    return reply.header('cache-control', `public, max-age=${KEYS_CACHE_SECONDS}`).send(await publicKeys(platform));
  });
}

function askPostgres(platform: Platform): Promise<unknown> {
  return platform.orm.em.fork().execute('select 1');
}

async function isUp(ask: () => Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([ask().then(() => true), late]);
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Platform } from '../../platform/platform.ts';
import type { RequestCounter } from '../rate-limit.ts';

/** What pages are read from, who counts the requests for them, and by what address. */
export interface PageDoor {
  readonly platform: Platform;
  readonly countRequest: RequestCounter;
  readonly addressOf: (request: FastifyRequest['raw']) => string;
}

/** Counts each request for a page of this scope as one of its address without a login: 429 for too many. */
export function countPages(
  scope: FastifyInstance,
  { countRequest, addressOf }: Pick<PageDoor, 'countRequest' | 'addressOf'>,
): void {
  scope.addHook('onRequest', async (request, reply) => {
    const tooMany = await countRequest(undefined, addressOf(request.raw));
    if (!tooMany) return;
    const { retryAfterSeconds } = tooMany.extensions;
    if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', retryAfterSeconds);
    return reply.code(429).type('text/plain; charset=utf-8').send(tooMany.message);
  });
}

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Platform } from '../platform/platform.ts';
import { CodedError } from '../schema/coded-errors.ts';
import type { Drain } from './drain.ts';
import { presentError } from './errors.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import { requestIdOf } from './request-id.ts';

const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the idle timeout of the usual balancers, which would else send into a closing connection. */
const KEEP_ALIVE_MS = 72_000;

const PROBLEMS: Readonly<Record<number, string>> = {
  400: 'The request is not well-formed: send a valid address and JSON.',
  413: `The body is larger than ${MAX_BODY_BYTES} bytes.`,
  415: 'Send the body as application/json.',
  503: 'This process is closing: send the request again.',
};

/** The HTTP server without routes; `drain` knows its requests. Each answer says what time it is here, in ms, for clients whose clocks are off. What fails outside GraphQL is told in GraphQL's shape, by the same masking. */
export function createServer(platform: Platform, drain: Drain): FastifyInstance {
  const fail = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const status = statusOf(error);
    const problem = PROBLEMS[status];
    if (status >= 500 && problem === undefined) {
      platform.log.error({ err: error, requestId: request.id }, 'a request failed');
    }
    const told = status < 500 || problem ? new CodedError('BAD_REQUEST', problem ?? 'The request is refused.') : error;
    void reply
      .header('x-request-id', request.id)
      .code(status)
      .send({ errors: [presentError(told, request.id)] });
  };
  const fastify = Fastify({
    bodyLimit: MAX_BODY_BYTES,
    genReqId: requestIdOf,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    frameworkErrors: fail,
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    drain.count(reply.raw);
    void reply.header('x-request-id', request.id).header('parkwell-time', String(platform.clock.now().getTime()));
    done();
  });
  fastify.setErrorHandler(fail);
  fastify.setNotFoundHandler((request, reply) => {
    const told = new CodedError('NOT_FOUND', 'There is nothing here. GraphQL is at /graphql.');
    void reply.code(404).send({ errors: [presentError(told, request.id)] });
  });
  return fastify;
}

function statusOf(error: unknown): number {
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  // A Host header that makes no address.
  if (code === 'ERR_INVALID_URL') return 400;
  return typeof statusCode === 'number' && statusCode >= 400 ? statusCode : 500;
}

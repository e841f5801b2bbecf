import type { ApolloServer } from '@apollo/server';
import { fastifyApolloHandler } from '@as-integrations/fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { authenticate } from '../accounts/authenticate.ts';
import { InvalidToken } from '../accounts/invalid-token.ts';
import { createContext, type Context } from '../context.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Platform } from '../platform/platform.ts';
import { CodedError } from '../schema/coded-errors.ts';
import type { Documents } from './documents.ts';
import { presentError } from './errors.ts';
import { GRAPHQL_RESPONSE, prefersGraphqlResponse } from './media-type.ts';
import type { RequestCounter } from './rate-limit.ts';

export interface GraphqlDoor {
  readonly platform: Platform;
  readonly apollo: ApolloServer<Context>;
  readonly documents: Documents;
  readonly countRequest: RequestCounter;
  readonly addressOf: (request: FastifyRequest['raw']) => string;
}

/**
 * GraphQL over HTTP at /graphql. Before Apollo Server sees a request: who asks (401 for a credential that is not good), how often
 * (429), and whether the document may be executed at all.
 */
export function registerGraphql(fastify: FastifyInstance, door: GraphqlDoor): void {
  // Who asks is known before Apollo wants the context: kept beside the request, which must not get another shape.
  const viewers = new WeakMap<FastifyRequest, Viewer | undefined>();
  const execute = fastifyApolloHandler(door.apollo, {
    context: async (request) =>
      createContext({
        platform: door.platform,
        viewer: viewers.get(request),
        requestId: request.id,
        clientAddress: door.addressOf(request.raw),
      }),
  });
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const admission = await admit(door, request);
    if ('refusal' in admission) return refuse(door, { request, reply }, admission);
    viewers.set(request, admission.viewer);
    const body: unknown = await execute.call(fastify, request, reply);
    return reply.statusCode >= 400 && typeof body === 'string' ? withRequestId(body, request.id) : body;
  };
  fastify.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    handler: answer,
  });
  fastify.route({
    method: ['PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    handler: (request, reply) => {
      void reply.header('allow', 'GET, POST');
      return refuse(
        door,
        { request, reply },
        {
          status: 405,
          refusal: [new CodedError('BAD_REQUEST', 'Send GraphQL by POST, or a query by GET.')],
        },
      );
    },
  });
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

interface Refused {
  readonly status: number;
  readonly refusal: readonly Error[];
}

async function admit(
  door: GraphqlDoor,
  request: FastifyRequest,
): Promise<{ readonly viewer: Viewer | undefined } | Refused> {
  try {
    const viewer = await authenticate(door.platform, request.headers.authorization);
    const tooMany = await door.countRequest(viewer, door.addressOf(request.raw));
    if (tooMany) return { status: 429, refusal: [tooMany] };
    return admitDocument(door.documents, request) ?? { viewer };
  } catch (error) {
    if (!(error instanceof InvalidToken)) throw error;
    // Guesses at credentials are requests of nobody: whoever makes many is told to wait.
    const tooMany = await door.countRequest(undefined, door.addressOf(request.raw));
    if (tooMany) return { status: 429, refusal: [tooMany] };
    return {
      status: 401,
      refusal: [new CodedError('UNAUTHENTICATED', 'The token is not valid or no longer so: sign in again.')],
    };
  }
}

/** Undefined when the document may go on, and when there is none to look at (Apollo Server says what is missing). */
function admitDocument(documents: Documents, request: FastifyRequest): Refused | undefined {
  const { query } = (request.method === 'GET' ? request.query : (request.body ?? {})) as { query?: unknown };
  if (typeof query !== 'string' || query === '') return undefined;
  const admission = documents.admit(query);
  if ('document' in admission) return undefined;
  const inStatus = admission.problem === 'HOSTILE' || prefersGraphqlResponse(request.headers.accept);
  return { status: inStatus ? 400 : 200, refusal: admission.errors };
}

function refuse(door: GraphqlDoor, { request, reply }: Exchange, { status, refusal }: Refused): string {
  const errors = refusal.map((error) => presentError(error, request.id));
  for (const { extensions } of errors) {
    const { code, retryAfterSeconds } = extensions ?? {};
    door.platform.metrics.refused.inc({ reason: String(code) });
    if (typeof retryAfterSeconds === 'number') void reply.header('retry-after', retryAfterSeconds);
  }
  if (status === 401) void reply.header('www-authenticate', 'Bearer');
  void reply
    .code(status)
    .type(`${prefersGraphqlResponse(request.headers.accept) ? GRAPHQL_RESPONSE : 'application/json'}; charset=utf-8`);
  return JSON.stringify({ errors });
}

/** What Apollo Server refuses before it has a context comes without the id. */
function withRequestId(body: string, requestId: string): string {
  if (body.includes('"requestId"')) return body;
  const { errors, ...rest } = JSON.parse(body) as { errors?: GraphQLFormattedError[] };
  return JSON.stringify({
    errors: errors?.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } })),
    ...rest,
  });
}

import type { IncomingMessage } from 'node:http';
import {
  getOperationAST,
  OperationTypeNode,
  type ExecutionArgs,
  type GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
} from 'graphql';
import type { Context as Connection, OperationResult, ServerOptions, SubscribePayload } from 'graphql-ws';
import { readAuthentication } from '../accounts/authenticate.ts';
import { InvalidToken } from '../accounts/invalid-token.ts';
import { createContext } from '../context.ts';
import { actorKey } from '../domain/viewer.ts';
import type { Platform } from '../platform/platform.ts';
import { CodedError, rateLimited } from '../schema/coded-errors.ts';
import { reportError } from './apollo.ts';
import { tooCostly, type CostMeter } from './cost.ts';
import type { Documents } from './documents.ts';
import type { Drain } from './drain.ts';
import { presentError } from './errors.ts';
import { explainVariables } from './explain-variables.ts';
import { subscribeFresh } from './fresh-subscribe.ts';
import type { EdgeLimits } from './limits.ts';
import type { RequestCounter } from './rate-limit.ts';
import { createSharedSubscribe } from './shared-subscribe.ts';
import { CLOSE, type Socket } from './socket.ts';

const INIT_TIMEOUT_MS = 3000;
/** A close reason repeats the id; clients use counters or UUIDs. */
const MAX_ID_LENGTH = 64;
const BUSY_RETRY_SECONDS = 10;

export interface WebsocketDoor {
  readonly platform: Platform;
  readonly schema: GraphQLSchema;
  readonly documents: Documents;
  readonly cost: CostMeter;
  readonly countRequest: RequestCounter;
  readonly limits: EdgeLimits;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly drain: Drain;
}

export type SessionOptions = ServerOptions<Record<string, unknown> | undefined, Socket>;
type Client = Connection<Record<string, unknown> | undefined, Socket>;

/** What the protocol's library asks of us at each step of a session: who asks, may it run, how, and how errors are told. */
export function protocolOptions(door: WebsocketDoor, sockets: ReadonlySet<Socket>): SessionOptions {
  const present = (socket: Socket, errors: readonly GraphQLError[]): GraphQLFormattedError[] => {
    for (const error of errors) reportError(door.platform, error, { requestId: socket.requestId });
    return errors.map((error) => presentError(error, socket.requestId));
  };
  const shared = createSharedSubscribe(door.platform);
  return {
    connectionInitWaitTimeout: INIT_TIMEOUT_MS,
    onConnect: (client) => signIn(door, sockets, client),
    onSubscribe: (client, id, payload) => admitSubscription(door, client, { id, payload }),
    subscribe: (args) => shared(args) ?? subscribe(door, args),
    onError: (...[{ extra }, , , errors]) => present(extra, errors),
    onNext: (...[{ extra }, , , , { data, errors }]) => {
      if (errors) return { ...(data === undefined ? {} : { data }), errors: present(extra, errors) };
    },
  };
}

/** False closes with 4403. */
async function signIn(
  door: WebsocketDoor,
  sockets: ReadonlySet<Socket>,
  { extra: socket, connectionParams }: Client,
): Promise<boolean> {
  const sent = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
  const authorization = typeof sent === 'string' ? sent : socket.request.headers.authorization;
  try {
    socket.authentication = await readAuthentication(door.platform, authorization);
  } catch (error) {
    if (!(error instanceof InvalidToken)) throw error;
    if (!(await door.countRequest(undefined, socket.clientAddress))) return false;
    socket.ws.close(CLOSE.TRY_LATER, 'Too many requests');
    return true;
  }
  socket.authorization = authorization;
  const viewer = socket.authentication?.viewer;
  socket.actor = viewer && actorKey(viewer);
  if (viewer && countSockets(sockets, socket.actor) > door.limits.socketsPerViewer) {
    socket.ws.close(CLOSE.TRY_LATER, 'Too many connections');
  }
  return true;
}

function countSockets(sockets: ReadonlySet<Socket>, actor: string | undefined): number {
  let count = 0;
  for (const socket of sockets) if (socket.actor === actor) count++;
  return count;
}

async function admitSubscription(
  door: WebsocketDoor,
  client: Client,
  { id, payload }: { id: string; payload: SubscribePayload },
): Promise<ExecutionArgs | GraphQLError[]> {
  const { extra: socket, subscriptions } = client;
  if (id.length > MAX_ID_LENGTH)
    return [new CodedError('BAD_REQUEST', `An id has at most ${MAX_ID_LENGTH} characters.`)];
  if (Object.keys(subscriptions).length > door.limits.subscriptionsPerSocket) return [rateLimited(BUSY_RETRY_SECONDS)];
  const viewer = socket.authentication?.viewer;
  const tooMany = await door.countRequest(viewer, socket.clientAddress);
  if (tooMany) return [tooMany];
  const admission = door.documents.admit(payload.query);
  if (!('document' in admission)) return [...admission.errors];
  const { document } = admission;
  const operation = getOperationAST(document, payload.operationName);
  if (!operation)
    return [new CodedError('BAD_REQUEST', 'Name in `operationName` one operation that the document has.')];
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
    return [new CodedError('BAD_REQUEST', 'Only subscriptions here: send queries and mutations over HTTP.')];
  const variables = payload.variables ?? {};
  const problems = explainVariables(door.schema, operation, variables);
  if (problems.length > 0) return problems;
  const refusal = tooCostly(door.cost({ document, operation, variables }));
  if (refusal) return [refusal];
  const contextValue = createContext({
    platform: door.platform,
    viewer,
    requestId: socket.requestId,
    clientAddress: socket.clientAddress,
  });
  return {
    schema: door.schema,
    document,
    operationName: payload.operationName ?? null,
    variableValues: variables,
    contextValue,
  };
}

async function subscribe({ platform }: WebsocketDoor, args: ExecutionArgs): Promise<Awaited<OperationResult>> {
  const asked = args.contextValue as Parameters<typeof createContext>[0];
  const { viewer, requestId, clientAddress } = asked;
  return subscribeFresh(args, () => createContext({ platform, viewer, requestId, clientAddress }));
}

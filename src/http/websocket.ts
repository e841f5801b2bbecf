import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { getOperationAST, OperationTypeNode, type ExecutionArgs, type GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import { handleProtocols, makeServer, type Context as Connection, type OperationResult, type ServerOptions, type SubscribePayload } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import { readAuthentication } from '../accounts/authenticate.ts';
import { InvalidToken } from '../accounts/invalid-token.ts';
import { createContext } from '../context.ts';
import { actorKey, type Viewer } from '../domain/viewer.ts';
import type { Platform } from '../platform/platform.ts';
import { CodedError, rateLimited } from '../schema/coded-errors.ts';
import { reportError } from './apollo.ts';
import { tooCostly, type CostMeter } from './cost.ts';
import type { Documents } from './documents.ts';
import type { Drain } from './drain.ts';
import { presentError } from './errors.ts';
import { explainVariables } from './explain-variables.ts';
import { subscribeFresh } from './fresh-subscribe.ts';
import { MAX_BODY_BYTES, type EdgeLimits } from './limits.ts';
import type { RequestCounter } from './rate-limit.ts';
import { requestIdOf } from './request-id.ts';
import { watchSockets } from './socket-watch.ts';
import { createSharedSubscribe } from './shared-subscribe.ts';
import { CLOSE, type Socket } from './socket.ts';

const INIT_TIMEOUT_MS = 3000;
const CLOSE_TIMEOUT_MS = 2000;
/** `Infinity` ids would be echoed in close reasons; clients use counters or UUIDs. */
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

/**
 * Subscriptions over `graphql-transport-ws` at /graphql, under the same rules as HTTP: documents, cost, rates, masked errors.
 * The login comes in `connection_init` as `{ "authorization": "Bearer …" }`, or in the header of the upgrade.
 */
export function openWebsocket(server: Server, door: WebsocketDoor): { close(): Promise<void> } {
  const sockets = new Set<Socket>();
  const upgrader = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY_BYTES, perMessageDeflate: false, handleProtocols });
  const protocol = makeServer<Record<string, unknown> | undefined, Socket>(protocolOptions(door, sockets));
  server.on('upgrade', (request, stream, head) => {
    const refusal = refuseUpgrade(door, sockets, request);
    if (refusal !== undefined) return endUpgrade(stream, refusal);
    upgrader.handleUpgrade(request, stream, head, (ws) => connect(door, { ws, request, sockets, protocol }));
  });
  const watch = watchSockets(door.platform, sockets);
  return {
    close: async () => {
      watch.stop();
      await closeAll(sockets);
      upgrader.close();
    },
  };
}

async function closeAll(sockets: ReadonlySet<Socket>): Promise<void> {
  const closed = [...sockets].map(({ ws }) => new Promise<void>((resolve) => ws.once('close', () => resolve())));
  for (const { ws } of sockets) ws.close(CLOSE.GOING_AWAY, 'Going away');
  const timer = setTimeout(() => {
    for (const { ws } of sockets) ws.terminate();
  }, CLOSE_TIMEOUT_MS);
  await Promise.all(closed);
  clearTimeout(timer);
}

/** The status line of a refusal, or undefined. Browsers send an origin: it must be one of ours. Machines send none. */
function refuseUpgrade(door: WebsocketDoor, sockets: ReadonlySet<Socket>, request: IncomingMessage): string | undefined {
  if (request.url?.split('?')[0] !== '/graphql') return '404 Not Found';
  if (door.drain.isDraining) return '503 Service Unavailable';
  const { origin, host } = request.headers;
  if (origin !== undefined && !isOwnOrigin(door.platform, origin, host)) return '403 Forbidden';
  const address = door.addressOf(request);
  let sameAddress = 0;
  for (const socket of sockets) if (socket.clientAddress === address) sameAddress++;
  return sameAddress >= door.limits.socketsPerAddress ? '429 Too Many Requests' : undefined;
}

function isOwnOrigin({ config }: Platform, origin: string, host: string | undefined): boolean {
  if (config.allowedOrigins.includes(origin) || origin === config.publicUrl) return true;
  return URL.parse(origin)?.host === host;
}

function endUpgrade(stream: Duplex, status: string): void {
  stream.on('error', () => undefined);
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

interface Opening {
  readonly ws: WebSocket;
  readonly request: IncomingMessage;
  readonly sockets: Set<Socket>;
  readonly protocol: ReturnType<typeof makeServer<Record<string, unknown> | undefined, Socket>>;
}

function connect(door: WebsocketDoor, { ws, request, sockets, protocol }: Opening): void {
  const { log } = door.platform;
  const socket: Socket = {
    ws,
    request,
    requestId: requestIdOf(request),
    clientAddress: door.addressOf(request),
    authorization: undefined,
    authentication: undefined,
    alive: true,
    messages: 0,
  };
  sockets.add(socket);
  ws.on('pong', () => (socket.alive = true));
  // A frame too large or not UTF-8: ws closes with the right code by itself.
  ws.on('error', (error) => log.debug({ err: error, requestId: socket.requestId }, 'websocket'));
  const closed = protocol.opened(
    {
      protocol: ws.protocol,
      send: (data) => send(ws, data),
      close: (code, reason) => ws.close(code, reason),
      onMessage: (handle) => {
        ws.on('message', (data) => {
          socket.alive = true;
          socket.messages++;
          handle(String(data)).catch((error: unknown) => {
            log.error({ err: error, requestId: socket.requestId }, 'a message could not be handled');
            ws.close(CLOSE.INTERNAL, 'Internal server error');
          });
        });
      },
    },
    socket,
  );
  ws.once('close', (code, reason) => {
    sockets.delete(socket);
    void closed(code, String(reason));
  });
}

/** Resolves when the bytes are on their way: a reader that stalls holds up its own events, not ours. */
function send(ws: WebSocket, data: string): Promise<void> {
  return new Promise((resolve) => {
    if (ws.readyState !== ws.OPEN) return resolve();
    ws.send(data, () => resolve());
  });
}

type Options = ServerOptions<Record<string, unknown> | undefined, Socket>;
type Client = Connection<Record<string, unknown> | undefined, Socket>;

function protocolOptions(door: WebsocketDoor, sockets: ReadonlySet<Socket>): Options {
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
    onError: ({ extra }, _id, _payload, errors) => present(extra, errors),
    onNext: ({ extra }, _id, _payload, _args, { data, errors }) => {
      if (errors) return { ...(data === undefined ? {} : { data }), errors: present(extra, errors) };
    },
  };
}

/** False closes with 4403. */
async function signIn(door: WebsocketDoor, sockets: ReadonlySet<Socket>, { extra: socket, connectionParams }: Client): Promise<boolean> {
  const sent = connectionParams?.['authorization'] ?? connectionParams?.['Authorization'];
  const authorization = typeof sent === 'string' ? sent : socket.request.headers.authorization;
  try {
    socket.authentication = await readAuthentication(door.platform, authorization);
  } catch (error) {
    if (error instanceof InvalidToken) return false;
    throw error;
  }
  socket.authorization = authorization;
  const viewer = socket.authentication?.viewer;
  if (viewer && countSockets(sockets, viewer) > door.limits.socketsPerViewer) socket.ws.close(CLOSE.TRY_LATER, 'Too many connections');
  return true;
}

function countSockets(sockets: ReadonlySet<Socket>, viewer: Viewer): number {
  const actor = actorKey(viewer);
  let count = 0;
  for (const { authentication } of sockets) if (authentication && actorKey(authentication.viewer) === actor) count++;
  return count;
}

async function admitSubscription(door: WebsocketDoor, client: Client, { id, payload }: { id: string; payload: SubscribePayload }): Promise<ExecutionArgs | GraphQLError[]> {
  const { extra: socket, subscriptions } = client;
  if (id.length > MAX_ID_LENGTH) return [new CodedError('BAD_REQUEST', `An id has at most ${MAX_ID_LENGTH} characters.`)];
  if (Object.keys(subscriptions).length > door.limits.subscriptionsPerSocket) return [rateLimited(BUSY_RETRY_SECONDS)];
  const viewer = socket.authentication?.viewer;
  const tooMany = await door.countRequest(viewer, socket.clientAddress);
  if (tooMany) return [tooMany];
  const admission = door.documents.admit(payload.query);
  if (!('document' in admission)) return [...admission.errors];
  const { document } = admission;
  const operation = getOperationAST(document, payload.operationName);
  if (!operation) return [new CodedError('BAD_REQUEST', 'Name in `operationName` one operation that the document has.')];
  if (operation.operation !== OperationTypeNode.SUBSCRIPTION) return [new CodedError('BAD_REQUEST', 'Only subscriptions here: send queries and mutations over HTTP.')];
  const variables = payload.variables ?? {};
  const problems = explainVariables(door.schema, operation, variables);
  if (problems.length > 0) return problems;
  const refusal = tooCostly(door.cost({ document, operation, variables }));
  if (refusal) return [refusal];
  const contextValue = createContext({ platform: door.platform, viewer, requestId: socket.requestId, clientAddress: socket.clientAddress });
  return { schema: door.schema, document, operationName: payload.operationName ?? null, variableValues: variables, contextValue };
}

async function subscribe({ platform }: WebsocketDoor, args: ExecutionArgs): Promise<Awaited<OperationResult>> {
  const asked = args.contextValue as Parameters<typeof createContext>[0];
  const { viewer, requestId, clientAddress } = asked;
  return subscribeFresh(args, () => createContext({ platform, viewer, requestId, clientAddress }));
}

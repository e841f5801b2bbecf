import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Platform } from '../platform/platform.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import { requestIdOf } from './request-id.ts';
import { protocolOptions, type WebsocketDoor } from './session.ts';
import { watchSockets } from './socket-watch.ts';
import { CLOSE, type Socket } from './socket.ts';

const CLOSE_TIMEOUT_MS = 2000;

/**
 * Subscriptions over `graphql-transport-ws` at /graphql, under the same rules as HTTP: documents, cost, rates, masked errors.
 * The login comes in `connection_init` as `{ "authorization": "Bearer …" }`, or in the header of the upgrade.
 */
export function openWebsocket(server: Server, door: WebsocketDoor): { close(): Promise<void> } {
  const sockets = new Set<Socket>();
  const upgrader = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_BODY_BYTES,
    perMessageDeflate: false,
    handleProtocols,
  });
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
function refuseUpgrade(
  door: WebsocketDoor,
  sockets: ReadonlySet<Socket>,
  request: IncomingMessage,
): string | undefined {
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
  // Half open it would stay until the client ends its half, and keep this process from ending.
  stream.once('finish', () => stream.destroy());
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
    actor: undefined,
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
          handle(textOf(data)).catch((error: unknown) => {
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

/** What ws hands out: one buffer as a rule, several after fragments. */
function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString();
}

const SENT = Promise.resolve();

/**
 * Resolves when the bytes are on their way: a reader that stalls holds up its own events, not ours. While nothing of earlier waits
 * in this process there is nothing to wait for, and a change that goes to thousands is told a fifth faster.
 */
function send(ws: WebSocket, data: string): Promise<void> {
  if (ws.readyState !== ws.OPEN) return SENT;
  if (ws.bufferedAmount === 0) {
    ws.send(data);
    return SENT;
  }
  return new Promise((resolve) => {
    ws.send(data, () => resolve());
  });
}

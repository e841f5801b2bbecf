import { WebSocket } from 'ws';
import { PATIENCE_MS } from './eventually.ts';

export interface RawSocket {
  ws: WebSocket;
  /** Everything received, parsed. */
  received: any[];
  send(message: unknown): void;
  /** The next message; fails after a minute and when the socket closes first. */
  next(): Promise<any>;
  /** How the socket was closed. */
  closed: Promise<{ code: number; reason: string }>;
  /** Opens the protocol's session; resolves with the acknowledgement. */
  init(payload?: Record<string, unknown>): Promise<any>;
}

/** A websocket without a client library, for speaking the protocol wrongly. Rejects with the HTTP status when the upgrade is refused. */
export function rawSocket(
  wsUrl: string,
  options: { protocol?: string | null; headers?: Record<string, string> } = {},
): Promise<RawSocket> {
  const ws = new WebSocket(wsUrl, options.protocol === null ? [] : [options.protocol ?? 'graphql-transport-ws'], {
    headers: options.headers ?? {},
  });
  const received: any[] = [];
  const unread: any[] = [];
  let wake: (() => void) | undefined;
  ws.on('message', (data: Buffer) => {
    const message: unknown = JSON.parse(data.toString());
    received.push(message);
    unread.push(message);
    wake?.();
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    ws.on('close', (code, reason) => {
      resolve({ code, reason: String(reason) });
      wake?.();
    });
  });
  const next = async (): Promise<any> => {
    const deadline = performance.now() + PATIENCE_MS;
    while (unread.length === 0) {
      const left = deadline - performance.now();
      if (left <= 0 || ws.readyState === ws.CLOSED)
        throw new Error(`nothing came; received ${JSON.stringify(received)}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return unread.shift();
  };
  const send = (message: unknown) => ws.send(typeof message === 'string' ? message : JSON.stringify(message));
  const socket: RawSocket = {
    ws,
    received,
    send,
    next,
    closed,
    init: (payload) => {
      send({ type: 'connection_init', ...(payload === undefined ? {} : { payload }) });
      return next();
    },
  };
  return new Promise((resolve, reject) => {
    ws.once('open', () => resolve(socket));
    ws.once('unexpected-response', (_request, response) => {
      response.resume();
      reject(new Error(`upgrade refused: ${response.statusCode}`));
    });
    ws.once('error', reject);
  });
}

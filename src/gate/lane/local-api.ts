import { hash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { BundleDevice } from '../../domain/lane-bundle.ts';
import { monotonicMs } from '../../platform/clock.ts';
import type { Logger } from '../../platform/log.ts';
import type { LotIndex } from './lot-index.ts';
import { BadRequest } from './read-request.ts';

/** What a device asks for, and who it is. `bearer` is its own key. */
export interface DeviceCall {
  readonly body: unknown;
  readonly device: BundleDevice;
  readonly index: LotIndex;
  readonly bearer: string;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body?: unknown;
}

/** What each door does. */
export interface LocalDoors {
  readonly posts: Readonly<Record<string, (call: DeviceCall) => ApiAnswer | Promise<ApiAnswer>>>;
  readonly state: () => unknown;
  readonly metrics: () => string;
  readonly index: () => LotIndex | undefined;
  readonly log: Logger;
}

export interface ListenAt {
  readonly host: string;
  readonly port: number;
}

const MOST_BODY_BYTES = 64 * 1024;
/** One camera reads up to fifty times a second; nobody needs to say more than this. */
const MOST_PER_SECOND = 200;
const CLOSE_MS = 1000;

/**
 * The agent's door for the devices of its lot, on their own network: POST bodies in JSON with the device's key as bearer (checked against
 * the bundle), GET /v1/state and /metrics for people. Errors are `{ error: { code, message } }`.
 */
export async function openLocalApi(doors: LocalDoors, at: ListenAt): Promise<{ url: string; close(): Promise<void> }> {
  const api = new LocalApi(doors);
  const server = createServer((request, response) => void api.serve(request, response));
  await listening(server, at);
  const { address, port, family } = server.address() as AddressInfo;
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
  return { url, close: () => closed(server) };
}

function listening(server: Server, { host, port }: ListenAt): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.removeListener('error', reject);
      resolve();
    });
  });
}

/** Whoever is being answered gets the answer; whoever only keeps a connection is let go. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const late = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
    server.close(() => {
      clearTimeout(late);
      resolve();
    });
    server.closeIdleConnections();
  });
}

class LocalApi {
  private readonly doors: LocalDoors;
  /** Questions of each device in the second that is now. */
  private readonly asked = new Map<string, { second: number; count: number }>();

  constructor(doors: LocalDoors) {
    this.doors = doors;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const answer = await this.answer(request);
      if (typeof answer === 'string')
        return send(response, { status: 200, type: 'text/plain; version=0.0.4', text: answer });
      const text = answer.body === undefined ? '' : JSON.stringify(answer.body);
      send(response, { status: answer.status, type: 'application/json', text });
    } catch (error) {
      this.doors.log.error({ err: error }, 'a device could not be answered');
      send(response, {
        status: 500,
        type: 'application/json',
        text: JSON.stringify(failure('INTERNAL', 'Try again.')),
      });
    }
  }

  private async answer(request: IncomingMessage): Promise<ApiAnswer | string> {
    const { pathname } = new URL(request.url ?? '/', 'http://lane');
    if (request.method === 'GET' && pathname === '/v1/state') return { status: 200, body: this.doors.state() };
    if (request.method === 'GET' && pathname === '/metrics') return this.doors.metrics();
    const door = request.method === 'POST' ? this.doors.posts[pathname] : undefined;
    if (door === undefined) return { status: 404, body: failure('NOT_FOUND', 'There is nothing here.') };
    const index = this.doors.index();
    if (index === undefined)
      return { status: 503, body: failure('NO_BUNDLE', 'This lane has not heard from the cloud yet.') };
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const device = index.device(hash('sha256', bearer));
    if (device === undefined)
      return { status: 401, body: failure('UNAUTHENTICATED', 'This device is not known here.') };
    if (this.isTooMuch(device.id))
      return { status: 429, body: failure('TOO_MANY_READS', 'Too many readings a second.') };
    const body = await readJson(request);
    if (body === TOO_LARGE) return { status: 413, body: failure('TOO_LARGE', 'The body is too large.') };
    if (body === NO_JSON) return { status: 400, body: failure('INVALID_INPUT', 'The body is not JSON.') };
    try {
      return await door({ body, device, index, bearer });
    } catch (error) {
      if (!(error instanceof BadRequest)) throw error;
      return { status: 400, body: failure('INVALID_INPUT', error.message, error.field) };
    }
  }

  private isTooMuch(deviceId: string): boolean {
    const second = Math.floor(monotonicMs() / 1000);
    const known = this.asked.get(deviceId);
    const count = known?.second === second ? known.count + 1 : 1;
    this.asked.set(deviceId, { second, count });
    return count > MOST_PER_SECOND;
  }
}

export function failure(code: string, message: string, field?: readonly string[]): object {
  return { error: { code, message, ...(field === undefined ? {} : { field }) } };
}

function send(response: ServerResponse, { status, type, text }: { status: number; type: string; text: string }): void {
  if (response.destroyed) return;
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' });
  response.end(text);
}

const TOO_LARGE = Symbol('too large');
const NO_JSON = Symbol('no JSON');

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) return TOO_LARGE;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as unknown;
  } catch {
    return NO_JSON;
  }
}

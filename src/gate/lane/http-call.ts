import { Agent as HttpAgent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

/** REFUSED: the machine answered, and nobody listens there. LOST: the connection failed. LATE: nothing came in time. */
export type FailureKind = 'REFUSED' | 'LOST' | 'LATE';

/** Nothing came back. */
export class CallFailed extends Error {
  override readonly name = 'CallFailed';
  readonly why: FailureKind;

  constructor(why: FailureKind, message: string) {
    super(message);
    this.why = why;
  }
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const MOST_REPLY_BYTES = 64 * 1024 * 1024;

/** A server that is asked again and again over connections that stay. */
export interface HttpDoor {
  /** Throws CallFailed when there is no answer within the time. */
  call(call: Call): Promise<Reply>;
  /** Ends all connections, and with them whatever is being asked. */
  close(): void;
}

/** Opens the door to the server at `url` (http or https). */
export function openDoor(url: string): HttpDoor {
  const target = new URL(url);
  const isSecure = target.protocol === 'https:';
  const options = { keepAlive: true, maxSockets: 64 };
  const agent = isSecure ? new HttpsAgent(options) : new HttpAgent(options);
  const prefix = target.pathname.replace(/\/$/, '');
  const once = (call: Call) => ask({ call, url: new URL(`${prefix}${call.path}`, target.origin), agent, isSecure });
  return {
    // A connection that the server has just closed for being idle says nothing about the server: one more, on a new one.
    call: async (call) => {
      try {
        return await once(call);
      } catch (error) {
        if (!(error instanceof StaleConnection)) throw error;
        return once({ ...call, headers: { ...call.headers, connection: 'close' } });
      }
    },
    close: () => agent.destroy(),
  };
}

class StaleConnection extends CallFailed {}

interface Asked {
  readonly call: Call;
  readonly url: URL;
  readonly agent: HttpAgent;
  readonly isSecure: boolean;
}

function ask({ call, url, agent, isSecure }: Asked): Promise<Reply> {
  const { method, headers = {}, body, timeoutMs } = call;
  return new Promise((resolve, reject) => {
    const contentLength = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
    const request = (isSecure ? httpsRequest : httpRequest)(url, {
      ...{ method, agent },
      headers: { ...headers, ...contentLength },
    });
    const timer = setTimeout(() => request.destroy(new CallFailed('LATE', `no answer in ${timeoutMs} ms`)), timeoutMs);
    const fail = (error: Error) => {
      clearTimeout(timer);
      reject(failureOf(error, request.reusedSocket));
    };
    request.once('error', fail);
    request.once('response', (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_REPLY_BYTES) request.destroy(new CallFailed('LOST', 'the answer is too large'));
        else chunks.push(chunk);
      });
      response.once('error', fail);
      response.once('aborted', () => fail(new CallFailed('LOST', 'the answer was cut off')));
      response.once('end', () => {
        clearTimeout(timer);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) });
      });
    });
    request.end(body);
  });
}

function failureOf(error: Error, isReused: boolean): CallFailed {
  if (error instanceof CallFailed) return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ECONNREFUSED') return new CallFailed('REFUSED', 'nobody listens there');
  if (isReused && (code === 'ECONNRESET' || code === 'EPIPE')) return new StaleConnection('LOST', code);
  return new CallFailed('LOST', code === '' ? error.message : code);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { Problem } from './problem.ts';

/** One call on its way in and its answer on its way out. */
export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  text: string;
}

const LARGEST_BODY_BYTES = 1_048_576;

/** The whole body as text, refused above one mebibyte. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES)
      throw new Problem(413, { type: 'invalid_request_error', message: 'The request body is too large.' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** One header as text, or null. */
export function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

export function send(response: ServerResponse, answer: Answer): void {
  const { status, headers, text } = answer;
  response.writeHead(status, { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff', ...headers });
  response.end(text);
}

export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  send(response, { status, headers: { 'content-type': 'application/json' }, text: JSON.stringify(value) });
}

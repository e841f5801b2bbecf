// npm run ask -- <role> '<operation>' [name=value …]: sends one GraphQL operation to the system that runs in this checkout, as that role,
// and prints the answer. A value is JSON, or text where it is none. A subscription prints each event until Ctrl-C.

import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { printFailure, StepFailure } from '../scripts/steps.mjs';
import { readWish, TOKEN_USAGE, tokenOfRunning } from './tokens.ts';

const USAGE = `npm run ask -- ${TOKEN_USAGE} '<operation>' [name=value …]`;

interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

function readOperation([query, ...assignments]: readonly string[]): Operation {
  if (query === undefined) throw new StepFailure('there is no operation to send', USAGE);
  return { query, variables: Object.fromEntries(assignments.map(readAssignment)) };
}

function readAssignment(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at <= 0) throw new StepFailure(`"${text}" is no variable`, 'write name=value.');
  const value = text.slice(at + 1);
  try {
    return [text.slice(0, at), JSON.parse(value)];
  } catch {
    return [text.slice(0, at), value];
  }
}

async function overHttp(url: string, token: string, operation: Operation): Promise<void> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify(operation) });
  print(await response.json());
}

async function overWebsocket(url: string, token: string, operation: Operation): Promise<void> {
  const address = `${url.replace(/^http/, 'ws')}/graphql`;
  const client = createClient({
    url: address,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${token}` },
  });
  for await (const event of client.iterate({ query: operation.query, variables: operation.variables })) print(event);
}

/** As an answer of GraphQL, without what only programs read. */
function print(answer: unknown): void {
  const { data, errors } = answer as { data?: unknown; errors?: unknown };
  console.log(JSON.stringify(errors === undefined ? data : { data, errors }, null, 2));
}

try {
  const { wish, rest } = readWish(USAGE);
  const operation = readOperation(rest);
  const { token, url } = await tokenOfRunning(wish);
  const send = /^\s*subscription\b/.test(operation.query) ? overWebsocket : overHttp;
  await send(url, token, operation);
  process.exit(0);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

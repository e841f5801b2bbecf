import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { Authentication } from '../accounts/authenticate.ts';

/** The protocol's close codes that we use ourselves; graphql-ws sends the rest (4400, 4401, 4406, 4408, 4409, 4429). */
export const CLOSE = {
  GOING_AWAY: 1001,
  POLICY: 1008,
  TRY_LATER: 1013,
  FORBIDDEN: 4403,
  INTERNAL: 4500,
} as const;

/** One connection of a client. */
export interface Socket {
  readonly ws: WebSocket;
  readonly request: IncomingMessage;
  readonly requestId: string;
  readonly clientAddress: string;
  /** As sent with `connection_init`; looked at again while the socket lives. */
  authorization: string | undefined;
  authentication: Authentication | undefined;
  /** The viewer's name (`actorKey`), by which sockets are counted. */
  actor: string | undefined;
  /** Whether it has answered since the last look. */
  alive: boolean;
  /** Messages received since the last look. */
  messages: number;
}

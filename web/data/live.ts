import { createClient, type Client } from 'graphql-ws';

/** How long a connection may say nothing before it is asked, and given up. */
const KEEP_ALIVE_MS = 10_000;
const LONGEST_WAIT_MS = 15_000;

export interface LiveOptions {
  /** The login to send, asked for anew at each connection; undefined: none. */
  readonly authorization?: () => Promise<string | undefined> | string | undefined;
  /** Told whenever the server is heard: a message or a sign of life. */
  readonly onHeard?: () => void;
  /** Told when the connection is there, and when it is gone although it is still wished for. */
  readonly onState?: (state: 'CONNECTED' | 'GONE') => void;
}

/** The websocket of a page: connects when something is subscribed, again for as long as that is wished, with growing pauses. */
export function openLive({ authorization, onHeard, onState }: LiveOptions = {}): Client {
  const url = new URL('/graphql', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return createClient({
    url: url.href,
    keepAlive: KEEP_ALIVE_MS,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: (retries) =>
      new Promise((resolve) =>
        setTimeout(resolve, Math.min(LONGEST_WAIT_MS, 250 * 2 ** retries) * (0.5 + Math.random())),
      ),
    connectionParams: async () => {
      const header = await authorization?.();
      return header === undefined ? {} : { authorization: header };
    },
    on: {
      connected: () => onState?.('CONNECTED'),
      closed: (event) => isOurs(event) || onState?.('GONE'),
      message: () => onHeard?.(),
      pong: () => onHeard?.(),
    },
  });
}

/** Closed by the page itself, because nothing is subscribed to any more. */
function isOurs(event: unknown): boolean {
  return event instanceof CloseEvent && event.code === 1000;
}

import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a door does with a request: hands it on, says that nothing has changed or that it cannot, or says nothing at all. */
export type DoorState = 'OPEN' | 'UNCHANGED' | 'UNAVAILABLE' | 'SILENT';

/** So soon somebody is told that nothing has changed, who may ask for it again at once. */
const UNCHANGED_AFTER_MS = 500;

/** An HTTP server before another one, at which some paths can be closed while the others go on. */
export interface Door {
  readonly url: string;
  /** From now on requests whose path begins so are treated so; what waits for an answer is ended. */
  set(path: string, state: DoorState): void;
  stop(): Promise<void>;
}

/** Opens a door before the server at `serverUrl`. */
export async function openDoor(serverUrl: string): Promise<Door> {
  const states = new Map<string, DoorState>();
  const waiting = new Set<ServerResponse>();
  const stateOf = (url: string) => [...states].find(([path]) => url.startsWith(path))?.[1] ?? 'OPEN';
  const server = createServer((near, answer) => {
    waiting.add(answer);
    answer.on('close', () => waiting.delete(answer));
    const state = stateOf(near.url ?? '');
    if (state === 'OPEN') handOn(serverUrl, near, answer);
    else if (state === 'UNAVAILABLE') answer.writeHead(503).end();
    else if (state === 'UNCHANGED') setTimeout(() => answer.writeHead(304).end(), UNCHANGED_AFTER_MS);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (path, state) => {
      states.set(path, state);
      if (state === 'OPEN') return;
      for (const answer of waiting) if (answer.req.url?.startsWith(path) === true) answer.destroy();
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function handOn(serverUrl: string, near: IncomingMessage, answer: ServerResponse): void {
  const { host } = new URL(serverUrl);
  const far = request(new URL(near.url ?? '/', serverUrl), { method: near.method, headers: { ...near.headers, host } });
  far.on('response', (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    response.pipe(answer);
  });
  far.on('error', () => answer.destroy());
  answer.on('close', () => far.destroy());
  near.pipe(far);
}

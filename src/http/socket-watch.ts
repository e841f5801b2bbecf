import { readAuthentication } from '../accounts/authenticate.ts';
import { InvalidToken } from '../accounts/invalid-token.ts';
import type { Platform } from '../platform/platform.ts';
import { CLOSE, type Socket } from './socket.ts';

/** How often each socket is looked at: an ended login is noticed after this at the latest. */
const LOOK_EVERY_MS = 5000;
/** A client that has not answered a ping for two looks is gone, or does not read. */
const MESSAGES_PER_LOOK = 500;

/**
 * Looks at every socket every five seconds: closes it when its login has expired or was ended (4403, so that clients come back
 * with a fresh token), when its reader stalls or is gone, and when it floods us.
 */
export function watchSockets(platform: Platform, sockets: ReadonlySet<Socket>): { stop(): void } {
  const timer = setInterval(() => {
    for (const socket of sockets) void look(platform, socket);
  }, LOOK_EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}

async function look(platform: Platform, socket: Socket): Promise<void> {
  if (!socket.alive) return socket.ws.terminate();
  if (socket.messages > MESSAGES_PER_LOOK) return socket.ws.close(CLOSE.POLICY, 'Too many messages');
  socket.alive = false;
  socket.messages = 0;
  socket.ws.ping();
  if (socket.authorization === undefined || !socket.authentication) return;
  try {
    socket.authentication = await readAuthentication(platform, socket.authorization);
  } catch (error) {
    if (error instanceof InvalidToken) return socket.ws.close(CLOSE.FORBIDDEN, 'Forbidden');
    platform.log.warn({ err: error, requestId: socket.requestId }, 'a login could not be looked at again');
  }
}

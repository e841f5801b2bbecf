import { rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkoutId } from './places.ts';

/**
 * Claims the checkout for this process until it ends, however it ends: the claim is a socket that only a living process
 * answers on, so a crash leaves nothing to clean up. False when another `npm start` has it.
 */
export async function claimCheckout(): Promise<boolean> {
  const path = join(tmpdir(), `parkwell-${checkoutId}.sock`);
  if (await isAnswered(path)) return false;
  rmSync(path, { force: true });
  return new Promise((resolve) => {
    const claim = createServer((socket) => socket.destroy());
    claim.unref();
    claim.on('error', () => resolve(false));
    claim.listen(path, () => resolve(true));
    process.once('exit', () => rmSync(path, { force: true }));
  });
}

function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

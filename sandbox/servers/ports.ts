import { createServer } from 'node:net';

/** A TCP port of the loopback interface that is free now; `preferred` if it is. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await listensOn(preferred)) === preferred) return preferred;
  const port = await listensOn(0);
  if (port === undefined) throw new Error('no free TCP port on 127.0.0.1');
  return port;
}

function listensOn(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

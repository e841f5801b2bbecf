import { createServer } from 'node:net';

/** A port that nobody else can take until it is released. */
export interface HeldPort {
  port: number;
  release(): Promise<void>;
}

/** Takes a TCP port of the loopback interface, 0 for any; undefined when it is taken. */
export function holdPort(port: number): Promise<HeldPort | undefined> {
  return new Promise((resolve) => {
    const holder = createServer((socket) => socket.destroy());
    holder.unref();
    holder.once('error', () => resolve(undefined));
    holder.listen(port, '127.0.0.1', () => {
      const address = holder.address();
      const release = () => new Promise<void>((released) => holder.close(() => released()));
      resolve({ port: typeof address === 'object' && address !== null ? address.port : port, release });
    });
  });
}

/** A TCP port of the loopback interface that is free now; `preferred` if it is. */
export async function freePort(preferred = 0): Promise<number> {
  const held = (await holdPort(preferred)) ?? (await holdPort(0));
  if (held === undefined) throw new Error('no free TCP port on 127.0.0.1');
  await held.release();
  return held.port;
}

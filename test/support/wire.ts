import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A connection to a server that can be taken away from one process, while others go on using the server. */
export interface Wire {
  /** The server's address over this wire. */
  url: string;
  /** Ends what is connected and takes nobody new: the server is gone. */
  cut(): void;
  mend(): void;
  /** Keeps everything that is sent either way: the server says nothing any more. */
  hold(): void;
  /** Delivers what was kept. */
  goOn(): void;
  stop(): Promise<void>;
}

/** Lays a wire to the server at `serverUrl`. */
export async function layWire(serverUrl: string): Promise<Wire> {
  const target = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let [whole, held] = [true, false];
  const watch = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };
  const forward = (from: Socket, to: Socket) => {
    from.on('data', (data) => to.write(data));
    from.on('close', () => to.destroy());
    if (held) from.pause();
  };
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    [near, far].forEach(watch);
    forward(near, far);
    forward(far, near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const drop = () => sockets.forEach((socket) => socket.destroy());
  return {
    url: url.href,
    cut: () => {
      whole = false;
      drop();
    },
    mend: () => {
      whole = true;
    },
    hold: () => {
      held = true;
      sockets.forEach((socket) => socket.pause());
    },
    goOn: () => {
      held = false;
      sockets.forEach((socket) => socket.resume());
    },
    stop: async () => {
      drop();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// The other side of bench/board.ts, in a process of its own: opens N sockets, tells the parent when all are ready, and for each
// event when the last of them had it. The clock is the machine's monotonic one, which both processes share.

import { WebSocket } from 'ws';

interface Order {
  url: string;
  count: number;
  /** Subscribes with this once connected; without it the socket just listens. */
  subscribe?: unknown;
}

const CONNECTING_AT_ONCE = 200;
let sockets: WebSocket[] = [];
let counting = 0;

process.on('message', (order: Order | 'close') => {
  if (order === 'close') {
    for (const socket of sockets) socket.terminate();
    sockets = [];
    process.send?.({ closed: true });
  } else {
    void open(order);
  }
});
process.on('disconnect', () => process.exit(0));

async function open(order: Order): Promise<void> {
  counting = 0;
  for (let opened = 0; opened < order.count; opened += CONNECTING_AT_ONCE) {
    const batch = Math.min(CONNECTING_AT_ONCE, order.count - opened);
    sockets.push(...(await Promise.all(Array.from({ length: batch }, () => connect(order)))));
  }
  process.send?.({ ready: true });
}

function connect({ url, subscribe, count }: Order): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, subscribe ? 'graphql-transport-ws' : [], { perMessageDeflate: false });
    socket.once('error', reject);
    const arrived = () => {
      counting++;
      if (counting % count === 0) process.send?.({ lastAt: String(process.hrtime.bigint()) });
    };
    if (!subscribe) {
      socket.once('open', () => {
        socket.on('message', arrived);
        resolve(socket);
      });
      return;
    }
    socket.once('open', () => socket.send('{"type":"connection_init"}'));
    socket.once('message', () => {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: subscribe }));
      // The snapshot comes first: then the subscription stands.
      socket.once('message', () => {
        socket.on('message', arrived);
        resolve(socket);
      });
    });
  });
}

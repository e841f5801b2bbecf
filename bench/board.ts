// The live board: from publishing a snapshot to its arrival at the last of N websocket subscribers, beside a bare `ws` server that
// sends the same bytes to as many sockets. Both servers run in this process, all sockets end in one child process.

import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { WebSocketServer } from 'ws';
import { readSnapshot } from '../src/availability/snapshot.ts';
import { topic } from '../src/platform/topics.ts';
import { startSystem, type TestSystem } from '../test/support/system.ts';
import { makeLot, type TestLot } from '../test/support/world.ts';
import { atMost, beside, quantile, type BenchResult } from './result.ts';

const QUERY = `subscription ($lotIds: [ID!]!) { availability(lotIds: $lotIds) { lotId version asOf total free byType { spotType total free } byLevel { levelId total free } } }`;
const EVENTS = 15;
const WARM_UP = 5;
const TURNS = 2;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

export async function run(): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const count of [1000, 5000]) results.push(...(await measure(count)));
  return results;
}

interface Sample {
  ms: number[];
  heapKb: number;
}

async function measure(count: number): Promise<BenchResult[]> {
  const system = await startSystem({ roles: ['api'] });
  const child = fork(join(import.meta.dirname, 'board', 'subscribers.ts'), { execArgv: ['--import', 'tsx'] });
  const ours: Sample = { ms: [], heapKb: 0 };
  const bare: Sample = { ms: [], heapKb: 0 };
  try {
    const lot = await makeLot(system, { spots: { STANDARD: 5, EV: 2, LARGE: 2 } });
    const message = await exampleMessage(system, lot);
    for (let turn = 0; turn < TURNS; turn++) {
      await bareTurn({ child, count, message, sample: bare });
      await ourTurn({ child, count, system, lot, sample: ours });
    }
  } finally {
    child.disconnect();
    await system.stop();
  }
  const people = `${count.toLocaleString('en')} subscribers`;
  const floorName = 'bare ws broadcast of the same bytes';
  return [
    atMost(1.5, {
      name: `publish to last delivery, ${people}, median`,
      unit: 'ms',
      value: quantile(ours.ms, 0.5),
      floorName,
      floor: quantile(bare.ms, 0.5),
    }),
    beside({
      name: `publish to last delivery, ${people}, worst`,
      unit: 'ms',
      value: quantile(ours.ms, 1),
      floorName,
      floor: quantile(bare.ms, 1),
    }),
    beside({
      name: `server heap per subscriber, ${people}`,
      unit: 'KB',
      value: ours.heapKb,
      floorName: 'bare ws socket',
      floor: bare.heapKb,
    }),
  ];
}

/** What a subscriber gets on the wire, byte for byte but for its numbers. */
async function exampleMessage(system: TestSystem, lot: TestLot): Promise<string> {
  const live = system.subscribe(QUERY, { lotIds: [lot.publicId] });
  const data = await live.next();
  await live.stop();
  return JSON.stringify({ id: '1', type: 'next', payload: { data } });
}

async function bareTurn({
  child,
  count,
  message,
  sample,
}: {
  child: ChildProcess;
  count: number;
  message: string;
  sample: Sample;
}): Promise<void> {
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  await listen(http);
  const before = await settledHeapKb();
  await tell(child, { url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`, count }, 'ready');
  sample.heapKb = ((await settledHeapKb()) - before) / count;
  await deliver(child, sample, () => {
    for (const socket of server.clients) socket.send(message);
  });
  await tell(child, 'close', 'closed');
  server.close();
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
}

async function ourTurn({
  child,
  count,
  system,
  lot,
  sample,
}: {
  child: ChildProcess;
  count: number;
  system: TestSystem;
  lot: TestLot;
  sample: Sample;
}): Promise<void> {
  const before = await settledHeapKb();
  const subscribe = { query: QUERY, variables: { lotIds: [lot.publicId] } };
  await tell(child, { url: system.wsUrl, count, subscribe }, 'ready');
  sample.heapKb = ((await settledHeapKb()) - before) / count;
  const snapshot = await readSnapshot(system.platform, lot.id);
  if (!snapshot) throw new Error('the lot has no snapshot');
  let { version } = snapshot;
  await deliver(child, sample, () =>
    system.platform.topics.publish(topic.availability(lot.id), { ...snapshot, version: (version += 1_000_000) }),
  );
  await tell(child, 'close', 'closed');
}

async function deliver(child: ChildProcess, sample: Sample, publish: () => void): Promise<void> {
  for (let event = 0; event < EVENTS + WARM_UP; event++) {
    const last = answer(child, 'lastAt');
    const publishedAt = process.hrtime.bigint();
    publish();
    const lastAt = BigInt(String(await last));
    if (event >= WARM_UP) sample.ms.push(Number(lastAt - publishedAt) / 1e6);
  }
}

async function tell(child: ChildProcess, order: object | string, done: string): Promise<unknown> {
  const answered = answer(child, done);
  child.send(order);
  return answered;
}

async function answer(child: ChildProcess, name: string): Promise<unknown> {
  for (;;) {
    const [message] = (await once(child, 'message', { signal: AbortSignal.timeout(120_000) })) as [
      Record<string, unknown>,
    ];
    if (name in message) return message[name];
  }
}

async function listen(server: Server): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
}

/** What closed sockets leave behind goes only after their last callbacks have run. */
async function settledHeapKb(): Promise<number> {
  for (let round = 0; round < 3; round++) {
    await pause(200);
    collectGarbage();
  }
  return process.memoryUsage().heapUsed / 1024;
}

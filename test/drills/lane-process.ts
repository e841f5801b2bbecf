// The agent of a lane in a process of its own, which a drill kills, with a clock that the drill moves. Started by `startLaneProcess`.

import { pathToFileURL } from 'node:url';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLaneAgent, type LaneState } from '../../src/gate/lane/agent.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { createLog } from '../../src/platform/log.ts';
import { eventually, eventuallyTrue } from '../support/eventually.ts';
import type { Credential, Decision } from '../support/gate.ts';
import type { TestSystem } from '../support/system.ts';
import { layWire, type Wire } from '../support/wire.ts';
import { makeDevice, type TestGate, type TestLot } from '../support/world.ts';

/** A network of the agent's own, which a drill can really take down. */
export interface LaneNetwork {
  /** Where the agent finds the cloud. */
  readonly cloudUrl: string;
  /** Where its devices find it. */
  readonly laneHost: string;
  /** Connects the process, which has a network of its own and nothing in it. */
  attach(pid: number): void;
}

interface Options {
  readonly host: string;
  readonly lotId: string;
  readonly cloudUrl: string;
  readonly deviceKey: string;
  readonly dataFolder: string;
  readonly startAtMs: number;
}

/** A lane agent that can be killed. */
export interface LaneProcess {
  readonly deviceId: string;
  readonly cable: Wire;
  readonly dataFolder: string;
  url(): string;
  /** Fails while the process is dead. */
  ask(
    gate: TestGate,
    credential: Credential,
    more?: Record<string, unknown>,
  ): Promise<Decision & { replayed: boolean }>;
  /** As a device does: the same scan until somebody answers. Gives how often it was sent. */
  askUntilAnswered(
    gate: TestGate,
    credential: Credential,
  ): Promise<{ scanId: string; decision: Decision; sent: number }>;
  state(): Promise<LaneState>;
  advance(ms: number): void;
  kill(): Promise<void>;
  /** Starts it again on the same folder; gives how long that took until it was listening. */
  start(): Promise<number>;
  stop(): Promise<void>;
}

const RESEND_MS = 30;
/** Until `unshare` has made the network and become the agent. */
const NAMESPACE_MS = 300;
const GIVE_UP_MS = 60_000;

/** Starts the agent of a lot in its own process, with a cable of its own to the cloud. */
export async function startLaneProcess(system: TestSystem, lot: TestLot, network?: LaneNetwork): Promise<LaneProcess> {
  const { deviceId, deviceKey } = await makeDevice(system, { lotId: lot.id, gateId: null, role: 'LANE', name: 'Lane' });
  const dataFolder = mkdtempSync(join(tmpdir(), 'parkwell-test-lane-'));
  const cable = await layWire(system.url);
  let child: ChildProcess | undefined;
  let url = '';
  const ask: LaneProcess['ask'] = async (gate, credential, more = {}) => {
    const operation = gate.direction === 'EXIT' ? 'CHECK_OUT' : 'CHECK_IN';
    const response = await fetch(`${url}/v1/scans`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${gate.deviceKey}` },
      body: JSON.stringify({ operation, gateId: gate.publicId, scanId: randomUUID(), credential, ...more }),
      signal: AbortSignal.timeout(5000),
    });
    if (!response.ok) throw new Error(`the lane answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Decision & { replayed: boolean };
  };
  const lane: LaneProcess = {
    ...{ deviceId, cable, dataFolder, ask },
    url: () => url,
    askUntilAnswered: async (gate, credential) => {
      const scanId = randomUUID();
      const giveUpAt = performance.now() + GIVE_UP_MS;
      for (let sent = 1; performance.now() < giveUpAt; sent++) {
        const decision = await ask(gate, credential, { scanId }).catch(() => undefined);
        // What asks for patience promises nothing: it is sent again as well, and what is not durable is too.
        if (decision?.durable) return { scanId, decision, sent };
        await new Promise((resolve) => setTimeout(resolve, RESEND_MS));
      }
      throw new Error(`scan ${scanId} was never answered`);
    },
    state: async () => (await (await fetch(`${url}/v1/state`)).json()) as LaneState,
    advance: (ms) => child?.send({ advanceMs: ms }),
    kill: async () => {
      if (child === undefined) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      child = undefined;
    },
    start: async () => {
      const startedMs = performance.now();
      const options: Options = {
        ...{ lotId: lot.id, cloudUrl: network?.cloudUrl ?? new URL(cable.url).origin, deviceKey, dataFolder },
        host: network === undefined ? '127.0.0.1' : '0.0.0.0',
        startAtMs: system.clock.now().getTime(),
      };
      const program = ['--disable-warning=ExperimentalWarning', '--import', 'tsx', import.meta.filename];
      const command = [process.execPath, ...program, JSON.stringify(options)];
      const [first = '', ...rest] = network === undefined ? command : ['unshare', '--net', ...command];
      const started = spawn(first, rest, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      if (network !== undefined && started.pid !== undefined) {
        await new Promise((resolve) => setTimeout(resolve, NAMESPACE_MS));
        network.attach(started.pid);
      }
      child = started;
      const [message] = (await Promise.race([
        once(started, 'message'),
        once(started, 'exit').then(() => Promise.reject(new Error('the agent ended before it had begun'))),
      ])) as [{ url: string }];
      url = message.url.replace('0.0.0.0', network?.laneHost ?? '');
      return performance.now() - startedMs;
    },
    stop: async () => {
      await lane.kill();
      await cable.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
  await lane.start();
  await eventually(
    () => lane.state(),
    ({ bundle }) => bundle !== null,
  );
  return lane;
}

/** It has noticed that the cable was cut. */
export async function untilAlone(lane: LaneProcess): Promise<void> {
  await eventuallyTrue(async () => (await lane.state()).outages.NETWORK !== null);
}

/** It asks the cloud again, and the cloud has everything. */
export async function untilUploaded(lane: LaneProcess, withinMs?: number): Promise<void> {
  await eventuallyTrue(async () => {
    const { queue, outages } = await lane.state();
    return queue.length === 0 && outages.NETWORK === null && outages.CLOUD === null;
  }, withinMs);
}

async function runAgent({ startAtMs, host, ...options }: Options): Promise<void> {
  const clock = new MovableClock();
  clock.runFrom(new Date(startAtMs));
  process.on('message', ({ advanceMs }: { advanceMs: number }) => clock.advance(advanceMs));
  process.on('disconnect', () => process.exit(0));
  const log = createLog(process.env['PARKWELL_TEST_LOG'] ?? 'silent');
  const agent = await startLaneAgent({ ...options, clock, log, listen: { host, port: 0 } });
  process.send?.({ url: agent.url });
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await runAgent(JSON.parse(process.argv[2] ?? '{}') as Options);

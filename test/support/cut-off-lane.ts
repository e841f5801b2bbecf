import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { currentBundle } from '../../src/gate/lane-sync/bundle-versions.ts';
import { startLaneAgent, type LaneAgent, type LaneAgentOptions, type LaneState } from '../../src/gate/lane/agent.ts';
import type { LaneClock } from '../../src/gate/lane/clock-watch.ts';
import { createLog } from '../../src/platform/log.ts';
import { eventually, eventuallyTrue } from './eventually.ts';
import type { Credential, Decision } from './gate.ts';
import type { TestSystem } from './system.ts';
import { layWire, type Wire } from './wire.ts';
import { makeDevice, type TestGate, type TestLot } from './world.ts';

/** A lane's agent with a cable of its own to the cloud. */
export interface TestLane {
  readonly agent: LaneAgent;
  readonly deviceId: string;
  /** To the cloud, or to whatever `cloudUrl` was. */
  readonly cable: Wire;
  /** What a device of the lane sends to the agent, and what it answers. */
  ask(gate: TestGate, credential: Credential, more?: Record<string, unknown>): Promise<Decision>;
  /** It decides by what stands in the cloud now. */
  knowsTheLatest(): Promise<void>;
  /** It has noticed that the cable was cut. */
  isAlone(): Promise<void>;
  /** It has noticed that the cloud is there again. */
  isBack(): Promise<void>;
  /** All that it journalled is durable in the cloud. */
  hasUploaded(): Promise<void>;
  /** Ends the process and starts another on the same folder and port. */
  restart(more?: Partial<LaneAgentOptions>): Promise<void>;
  stop(): Promise<void>;
}

export interface LaneOptions {
  /** The machine's clock; the system's unless said otherwise. */
  readonly clock?: LaneClock;
  /** Where the cable leads to, instead of to the system itself. */
  readonly cloudUrl?: string;
}

/** Starts an agent for a lot, with a device of its own, on an empty folder. */
export async function startLane(system: TestSystem, lot: TestLot, options: LaneOptions = {}): Promise<TestLane> {
  const { deviceId, deviceKey } = await makeDevice(system, { lotId: lot.id, gateId: null, role: 'LANE', name: 'Lane' });
  const dataFolder = mkdtempSync(join(tmpdir(), 'parkwell-test-lane-'));
  const cable = await layWire(options.cloudUrl ?? system.url);
  let port = 0;
  const start = (more: Partial<LaneAgentOptions> = {}) =>
    startLaneAgent({
      ...{ lotId: lot.id, cloudUrl: new URL(cable.url).origin, deviceKey, dataFolder },
      ...{ listen: { host: '127.0.0.1', port }, clock: options.clock ?? system.clock, log: createLog('silent') },
      // The first question after a start is slow on a machine that runs other tests.
      askMs: 1000,
      ...more,
    });
  let agent = await start();
  const until = async (wanted: (state: LaneState) => boolean) => {
    await eventually(async () => agent.state(), wanted);
  };
  port = Number(new URL(agent.url).port);
  return {
    get agent() {
      return agent;
    },
    ...{ deviceId, cable },
    ask: (gate, credential, more) => askLane(agent.url, gate, credential, more),
    knowsTheLatest: () =>
      eventuallyTrue(async () => {
        const latest = await currentBundle(system.platform, lot.id);
        return latest !== undefined && agent.state().bundle?.version === latest.version;
      }),
    isAlone: () => until((state) => isOut(state)),
    isBack: () => until((state) => !isOut(state)),
    hasUploaded: () => until((state) => state.queue.length === 0 && !isOut(state)),
    restart: async (more) => {
      await agent.close();
      agent = await start(more);
    },
    stop: async () => {
      await agent.close();
      await cable.stop();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

function isOut({ outages }: LaneState): boolean {
  return outages.NETWORK !== null || outages.CLOUD !== null;
}

/** A device of the lot at an agent's door. */
export async function askLane(
  ...[url, gate, credential, more = {}]: [url: string, gate: TestGate, credential: Credential, more?: object]
): Promise<Decision> {
  const operation = gate.direction === 'EXIT' ? 'CHECK_OUT' : 'CHECK_IN';
  const response = await fetch(`${url}/v1/scans`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${gate.deviceKey}` },
    body: JSON.stringify({ operation, gateId: gate.publicId, scanId: randomUUID(), credential, ...more }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) throw new Error(`the lane answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Decision;
}

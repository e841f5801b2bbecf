// npm run virtual-lane -- --device-key pwk_… [--exit-key pwk_…] [--server http://127.0.0.1:4000] [--camera AXIS] [--scenario random]
// Plays cameras, barrier, loops and drivers against a running server (or a lane agent: --gate gat_…), and prints what happened.

import { parseArgs } from 'node:util';
import { printFailure, StepFailure } from '../../scripts/steps.mjs';
import { CAMERA_VENDORS, type CameraVendor } from '../../src/domain/hardware.ts';
import { createChance } from '../demo/chance.ts';
import { agentServer, cloudServer, type LaneServer } from './lane-server.ts';
import { isScenario, play, SCENARIOS, type Scenario } from './scenarios.ts';
import type { LaneEvent } from './virtual-lane.ts';

const USAGE = [
  'npm run virtual-lane -- --device-key <key of the entry> [--exit-key <key of the exit>] [--server http://127.0.0.1:4000]',
  `      [--camera ${CAMERA_VENDORS.join('|')}] [--plate ABC123] [--cars 20] [--seed 1] [--pause-ms 0] [--json]`,
  '      [--gate gat_… --exit-gate gat_…: the server is a lane agent] [--scenario …], one of:',
  ...Object.entries(SCENARIOS).map(([name, what]) => `      ${name.padEnd(12)} ${what}`),
].join('\n');

const OPTIONS = {
  server: { type: 'string', default: 'http://127.0.0.1:4000' },
  'device-key': { type: 'string' },
  'exit-key': { type: 'string' },
  gate: { type: 'string' },
  'exit-gate': { type: 'string' },
  camera: { type: 'string', default: 'AXIS' },
  scenario: { type: 'string', default: 'visit' },
  plate: { type: 'string' },
  cars: { type: 'string', default: '20' },
  seed: { type: 'string', default: '1' },
  'pause-ms': { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
} as const;

function cameraOf(text: string): CameraVendor {
  const camera = CAMERA_VENDORS.find((each) => each === text.toUpperCase().replaceAll('-', '_'));
  if (camera) return camera;
  throw new StepFailure(`"${text}" is no camera that we know`, USAGE);
}

function scenarioOf(text: string): Scenario {
  if (isScenario(text)) return text;
  throw new StepFailure(`"${text}" is no scenario`, USAGE);
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 0 && count <= 100_000) return count;
  throw new StepFailure(`"${text}" is no count`, USAGE);
}

/** One line for people. */
function lineOf({
  lane,
  plate,
  reads,
  misread,
  outcome,
  operation,
  action,
  reason,
  spotLabel,
  pulses,
  passage,
  advice,
}: LaneEvent): string {
  const read = `${reads} read${reads === 1 ? '' : 's'}${misread > 0 ? `, ${misread} wrong` : ''}`;
  const decided =
    action === null
      ? outcome
      : `${operation ?? ''} ${action} ${reason ?? ''}${spotLabel === null ? '' : ` → ${spotLabel}`}`;
  const arm =
    pulses === 0
      ? ''
      : ` | arm up${pulses === 1 ? '' : ` ${pulses} TIMES`}, ${passage.toLowerCase().replace('_', ' ')}`;
  return `${lane.padEnd(6)}${plate.padEnd(9)}${read.padEnd(18)}${decided}${arm}${advice === null ? '' : `\n      ${advice}`}`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  const { server: url, 'device-key': deviceKey, 'exit-key': exitKey, gate, 'exit-gate': exitGate, json } = values;
  if (deviceKey === undefined) throw new StepFailure('there is no key to speak with', USAGE);
  const camera = cameraOf(values.camera);
  const serverFor = (key: string, operation: 'CHECK_IN' | 'CHECK_OUT', gateId: string | undefined): LaneServer => {
    const address = { url, deviceKey: key, camera };
    return gateId === undefined ? cloudServer(address) : agentServer(address, { gateId, operation });
  };
  const events = await play(scenarioOf(values.scenario), {
    vendor: camera,
    entry: serverFor(deviceKey, 'CHECK_IN', gate),
    exit: exitKey === undefined ? undefined : serverFor(exitKey, 'CHECK_OUT', exitGate),
    chance: createChance(countOf(values.seed)),
    plate: values.plate,
    cars: countOf(values.cars),
    pauseMs: countOf(values['pause-ms']),
    now: () => new Date(),
    say: (event) => (json ? undefined : console.log(lineOf(event))),
  });
  if (json) console.log(JSON.stringify(events, null, 2));
}

try {
  await main();
  process.exit(0);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

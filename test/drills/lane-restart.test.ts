import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { LaneState } from '../../src/gate/lane/agent.ts';
import { hoursFrom } from '../support/booking.ts';
import { eventually, eventuallyPasses } from '../support/eventually.ts';
import { makeGuest, type Decision } from '../support/gate.ts';
import { expectInTime } from '../support/in-time.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { layWire, type Wire } from '../support/wire.ts';
import { makeDevice, makeLot, type TestLot } from '../support/world.ts';

const SERVES_WITHIN_MS = 10_000;
/** On a machine that is busy with other tests. */
const STARTS_WITHIN_MS = 60_000;

let system: TestSystem;
let cable: Wire;
let folder: string;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  system = await startSystem();
  cable = await layWire(system.url);
  folder = mkdtempSync(join(tmpdir(), 'parkwell-test-lane-'));
});
afterEach(() => running.forEach((child) => child.kill('SIGKILL')));
afterAll(async () => {
  await cable?.stop();
  rmSync(folder, { recursive: true, force: true });
  await system.stop();
});

/** The command that an operator starts, as they start it. */
interface LaneCommand {
  child: ChildProcess;
  url: string;
  readyMs: number;
  output(): string;
}

async function startCommand(lot: TestLot, more: string[] = []): Promise<LaneCommand> {
  const startedMs = performance.now();
  const args = ['--lot', lot.publicId, '--cloud', cable.url, '--key-file', join(folder, `${lot.code}.key`)];
  const place = ['--data', join(folder, lot.code), '--listen', '127.0.0.1:0'];
  const program = ['--disable-warning=ExperimentalWarning', '--import', 'tsx', 'src/gate/lane/main.ts'];
  const child = spawn(process.execPath, [...program, ...args, ...place, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Nothing of a server's configuration is there.
    env: { PATH: process.env['PATH'] },
  });
  running.add(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
  const ended = once(child, 'exit').then(() => 'ENDED' as const);
  const ready = eventually(
    async () => /"url":"(http:[^"]+)"/.exec(output)?.[1],
    (url) => url !== undefined,
    STARTS_WITHIN_MS,
  );
  const first = await Promise.race([ready, ended]);
  running.delete(child);
  if (first === 'ENDED') throw new Error(output);
  running.add(child);
  return { child, url: first!, readyMs: performance.now() - startedMs, output: () => output };
}

async function makeLotWithAgent(): Promise<TestLot> {
  const lot = await makeLot(system);
  const { deviceKey } = await makeDevice(system, { lotId: lot.id, gateId: null, role: 'LANE', name: 'Lane' });
  writeFileSync(join(folder, `${lot.code}.key`), `${deviceKey}\n`);
  return lot;
}

async function enter({ url }: LaneCommand, lot: TestLot, pass: string): Promise<Decision> {
  const body = { operation: 'CHECK_IN', gateId: lot.entry.publicId, scanId: randomUUID(), credential: { pass } };
  const response = await fetch(`${url}/v1/scans`, {
    method: 'POST',
    headers: { authorization: `Bearer ${lot.entry.deviceKey}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as Decision;
}

const stateOf = async ({ url }: LaneCommand) => (await (await fetch(`${url}/v1/state`)).json()) as LaneState;

test('an agent that is killed and started again without a network serves within ten seconds, from its own disk', async () => {
  const lot = await makeLotWithAgent();
  // By the machine's own time: the command has no other.
  const guest = await makeGuest(system, lot, hoursFrom(system.clock.now(), 1, 4));
  const first = await startCommand(lot);
  await eventually(
    () => stateOf(first),
    ({ bundle }) => bundle !== null,
  );
  first.child.kill('SIGKILL');
  cable.cut();
  const startedMs = performance.now();
  const second = await startCommand(lot);
  const decision = await eventuallyPasses(() => enter(second, lot, guest.pass));
  expectInTime('served', performance.now() - startedMs, SERVES_WITHIN_MS);
  expect(decision).toMatchObject({ decidedBy: 'LANE', reason: 'TOO_EARLY', reservationCode: guest.code });
  expect(await stateOf(second)).toMatchObject({ bundle: { isExpired: false }, queue: { length: 1 } });
  cable.mend();
}, 120_000);

test('Ctrl-C ends it cleanly, another agent on its folder is refused, and one on a cloud with another key takes no bundle', async () => {
  const lot = await makeLotWithAgent();
  const lane = await startCommand(lot);
  await eventually(
    () => stateOf(lane),
    ({ bundle }) => bundle !== null,
  );
  await expect(startCommand(lot)).rejects.toThrow('One agent works on a folder at a time');
  lane.child.kill('SIGINT');
  expect(await once(lane.child, 'exit')).toEqual([0, null]);
  expect(lane.output()).toContain('"msg":"closed"');
  expect(lane.output()).not.toMatch(/pwk_/);

  const elsewhere = 'MCowBQYDK2VwAyEA11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo';
  const strict = await startCommand(lot, ['--cloud-key', elsewhere, '--data', join(folder, 'strict')]);
  await eventually(
    async () => strict.output(),
    (text) => text.includes('"refused":"UNSIGNED"'),
  );
  expect(await stateOf(strict)).toMatchObject({ bundle: null });
  await expect(enter(strict, lot, 'any')).rejects.toThrow('NO_BUNDLE');
}, 120_000);

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { seedDemo } from '../../sandbox/seed.ts';
import { leaveProviderUncompared } from '../support/running-systems.ts';
import { startSystem, type TestSystem } from '../support/system.ts';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const MARK = '@@@ step';
/** In these texts, "…" stands for what is different each time. */
const ANYTHING = '…';
const TOUR_MS = 600_000;

interface Step {
  commands: string;
  answer: unknown;
}

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem();
  leaveProviderUncompared(system, 'the demo’s past was paid before this provider was started');
  await seedDemo(system.platform);
}, TOUR_MS);
afterAll(() => system?.stop());

const readme = readFileSync(join(checkout, 'README.md'), 'utf8');
const tour = readme.slice(readme.indexOf('## The tour'), readme.indexOf('## Connect a camera'));
const cameraPage = readFileSync(join(checkout, 'docs/connect-a-camera.md'), 'utf8');

/** The commands of a text, each with the answer that stands below it. */
function stepsOf(text: string): Step[] {
  const steps = [...text.matchAll(/```sh\n(.*?)```\s*```json\n(.*?)```/gs)];
  return steps.map(([, commands = '', answer = '']) => ({ commands, answer: JSON.parse(answer) as unknown }));
}

/** Runs all in one shell, as a person would in one terminal, and gives what each step printed. */
function runTour(steps: readonly Step[]): Promise<string[]> {
  const { CI: _, ...inherited } = process.env;
  const env = {
    ...inherited,
    ...system.env,
    PUBLIC_URL: system.url,
    SERVER: system.url,
    npm_config_loglevel: 'silent',
  };
  const script = steps.map(({ commands }) => `echo '${MARK}'\n${commands}`).join('\n');
  const shell = spawn('bash', ['-e', '-c', script], { cwd: checkout, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    shell.on('close', (code) => {
      if (code === 0) resolve(output.split(MARK).slice(1));
      else reject(new Error(`the tour ended with code ${code}:\n${output}`));
    });
  });
}

/** The answer with "…" wherever the text has it. */
function like(expected: unknown, actual: unknown): unknown {
  if (typeof expected === 'string' && expected.includes(ANYTHING)) {
    return String(actual).startsWith(expected.slice(0, expected.indexOf(ANYTHING))) ? expected : actual;
  }
  if (Array.isArray(expected) && Array.isArray(actual)) return actual.map((item, index) => like(expected[index], item));
  if (isObject(expected) && isObject(actual)) {
    return Object.fromEntries(Object.entries(actual).map(([name, value]) => [name, like(expected[name], value)]));
  }
  return actual;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

test.each([
  ['the tour of the README', tour, 8],
  ['the page that connects a camera', cameraPage, 6],
])(
  '%s gives, command by command, the answers that stand there',
  async (_what, text, atLeast) => {
    const steps = stepsOf(text);
    expect(steps.length).toBeGreaterThanOrEqual(atLeast);
    expect(steps).toHaveLength(text.split('```sh').length - 1);
    const printed = await runTour(steps);
    const answers = printed.map((answer, index) => like(steps[index]?.answer, JSON.parse(answer)));
    expect(answers).toEqual(steps.map(({ answer }) => answer));
  },
  TOUR_MS,
);

test('every refusal that the page on cameras explains is one that the door gives', () => {
  const files = ['auth', 'door', 'scans'].map((name) =>
    readFileSync(join(checkout, `src/http/hardware-${name}.ts`), 'utf8'),
  );
  const door = files.join('\n');
  const told = [...cameraPage.matchAll(/^\| \d{3},? `([A-Z_]+)`/gm)].map(([, code = '']) => code);
  expect(told.length).toBeGreaterThan(8);
  expect(told.filter((code) => code !== 'DENY' && !door.includes(`'${code}'`))).toEqual([]);
});

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
/** In the README, "…" stands for what is different each time. */
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

/** The tour's commands, each with the answer that stands below it. */
function readTour(): Step[] {
  const readme = readFileSync(join(checkout, 'README.md'), 'utf8');
  const tour = readme.slice(readme.indexOf('## The tour'), readme.indexOf('## Running it for real'));
  const steps = [...tour.matchAll(/```sh\n(.*?)```\s*```json\n(.*?)```/gs)];
  return steps.map(([, commands = '', answer = '']) => ({ commands, answer: JSON.parse(answer) as unknown }));
}

/** Runs all in one shell, as a person would in one terminal, and gives what each step printed. */
function runTour(steps: readonly Step[]): Promise<string[]> {
  const { CI: _, ...inherited } = process.env;
  const env = { ...inherited, ...system.env, PUBLIC_URL: system.url, npm_config_loglevel: 'silent' };
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

/** The answer with "…" wherever the README has it. */
function like(expected: unknown, actual: unknown): unknown {
  if (typeof expected === 'string' && expected.includes(ANYTHING) && typeof actual === 'string') {
    return actual.startsWith(expected.slice(0, expected.indexOf(ANYTHING))) ? expected : actual;
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

test(
  'the tour of the README gives, line by line, the answers that stand there',
  async () => {
    const steps = readTour();
    expect(steps.length).toBeGreaterThanOrEqual(8);
    const printed = await runTour(steps);
    const answers = printed.map((text, index) => like(steps[index]?.answer, JSON.parse(text)));
    expect(answers).toEqual(steps.map(({ answer }) => answer));
  },
  TOUR_MS,
);

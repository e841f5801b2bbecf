import type { PlateGuess, PlateSight } from '../../src/domain/match-plate.ts';
import { confusedWith, normalizePlate } from '../../src/domain/plate.ts';

/** Chance that is the same for the same seed (mulberry32): 0 up to 1. */
export type Chance = () => number;

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** How often a camera errs, per character: what a good camera does by day is 1, rain at night 3. */
export interface CameraErrors {
  readonly confused: number;
  readonly other: number;
  readonly dropped: number;
  readonly inserted: number;
}

/** Together about three plates in a hundred are misread, most of them by a confusion. */
export const DAYLIGHT: CameraErrors = { confused: 0.008, other: 0.0012, dropped: 0.0008, inserted: 0.0008 };

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const DIGITS = '0123456789';
/** A country's usual plate: A a letter, 9 a digit; how many of a hundred vehicles come from there. */
const COUNTRIES = [
  { country: 'FI', form: 'AAA999', percent: 45 },
  { country: 'DE', form: 'AAAA999', percent: 25 },
  { country: 'GB', form: 'AA99AAA', percent: 15 },
  { country: 'FR', form: 'AA999AA', percent: 15 },
] as const;

export interface Vehicle {
  readonly plate: string;
  readonly country: string;
}

export function randomVehicle(chance: Chance): Vehicle {
  let left = chance() * 100;
  const { country, form } = COUNTRIES.find(({ percent }) => (left -= percent) < 0) ?? COUNTRIES[0];
  const plate = [...form].map((kind) => oneOf(kind === 'A' ? LETTERS : DIGITS, chance)).join('');
  return { plate, country };
}

/** A fleet: vehicles that were registered together, as delivery firms have them. */
export function fleet(size: number, chance: Chance): Vehicle[] {
  const { plate, country } = randomVehicle(chance);
  const start = plate.replace(/[0-9]+/, '');
  const first = Math.floor(chance() * (1000 - size));
  return Array.from({ length: size }, (_, i) => ({ plate: start + String(first + i).padStart(3, '0'), country }));
}

/**
 * What a camera makes of a plate: a reading with its confidence, and in two of three cases other guesses; when it misread, the truth is
 * among them in three of five. It knows the country nine times in ten.
 */
export function readByCamera({ plate, country }: Vehicle, errors: CameraErrors, chance: Chance): PlateSight {
  const text = normalizePlate(noisy(plate, errors, chance)) ?? plate;
  const isRight = text === plate;
  const confidence = isRight ? 1 - 0.15 * chance() ** 2 : 0.95 - 0.45 * chance();
  const guesses = chance() < 2 / 3 ? guessesFor(text, chance) : [];
  if (!isRight && guesses.length > 0 && chance() < 0.6) guesses.splice(Math.floor(chance() * 2), 0, plate);
  const others = [...new Set(guesses)]
    .filter((guess) => guess !== text)
    .slice(0, 4)
    .map((guess, i): PlateGuess => ({ plate: guess, confidence: confidence * (0.97 - 0.06 * i - 0.05 * chance()) }));
  return { read: { plate: text, confidence }, others, ...(chance() < 0.9 && { country }) };
}

function guessesFor(text: string, chance: Chance): string[] {
  return Array.from({ length: 3 }, () => {
    const at = Math.floor(chance() * text.length);
    const character = text.charAt(at);
    const other = oneOf(confusedWith(character), chance) || oneOf(LETTERS + DIGITS, chance);
    return text.slice(0, at) + other + text.slice(at + 1);
  });
}

function noisy(plate: string, errors: CameraErrors, chance: Chance): string {
  return [...plate]
    .map((character) => {
      const others = confusedWith(character);
      if (others.length > 0 && chance() < errors.confused) return oneOf(others, chance);
      if (chance() < errors.other) return oneOf(LETTERS + DIGITS, chance);
      if (chance() < errors.dropped) return '';
      return chance() < errors.inserted ? character + oneOf(LETTERS + DIGITS, chance) : character;
    })
    .join('');
}

function oneOf(choices: string | readonly string[], chance: Chance): string {
  return choices[Math.floor(chance() * choices.length)] ?? '';
}

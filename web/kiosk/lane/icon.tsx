import type { Word } from './word.ts';

const PATHS: Readonly<Record<Word, string>> = {
  OPEN: 'M50 14v68M22 42 50 14l28 28',
  WAIT: 'M50 22v28l18 12M50 8a42 42 0 1 0 .1 0z',
  CALL: 'M26 12c-8 4-14 12-12 22 5 28 24 47 52 52 10 2 18-4 22-12L70 60l-12 8C47 62 38 53 32 42l8-12z',
};

/** The one picture of a word. */
export function Icon({ word }: { word: Word }) {
  return (
    <svg class="icon" viewBox="0 0 100 100" aria-hidden="true">
      <path
        d={PATHS[word]}
        fill="none"
        stroke="currentColor"
        stroke-width="9"
        stroke-linejoin="round"
        stroke-linecap="round"
      />
    </svg>
  );
}

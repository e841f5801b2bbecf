import type { Word } from './lane/word.ts';

/** The one sound of each word: rising, level, falling. Hertz, each a sixth of a second. */
const TONES: Readonly<Record<Word, readonly number[]>> = { OPEN: [523, 784], WAIT: [440, 440], CALL: [392, 262] };
const TONE_SECONDS = 0.16;

let context: AudioContext | undefined;

/** Plays it where the browser lets a page be heard, which is after the first touch. */
export function playSound(word: Word): void {
  try {
    context ??= new AudioContext();
    const { currentTime, destination } = context;
    TONES[word].forEach((hertz, at) => {
      const tone = new OscillatorNode(context as AudioContext, { frequency: hertz });
      const volume = new GainNode(context as AudioContext, { gain: 0.15 });
      tone.connect(volume).connect(destination);
      tone.start(currentTime + at * TONE_SECONDS);
      tone.stop(currentTime + (at + 0.9) * TONE_SECONDS);
    });
  } catch {
    // Word, icon and colour say the same.
  }
}

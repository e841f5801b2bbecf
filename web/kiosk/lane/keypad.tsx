import { useEffect, useRef, useState } from 'preact/hooks';
import type { Locale } from '../../messages/locales.ts';
import { useKiosk, type KioskKey } from '../kiosk-context.ts';

const LATIN = ['1234567890', 'QWERTYUIOP', 'ASDFGHJKL', 'ZXCVBNM-'];

/** The keys as drivers of a language know them, with the letters that stand on their plates. */
const PLATE_KEYS: Readonly<Record<Locale, readonly string[]>> = {
  en: LATIN,
  de: ['1234567890', 'QWERTZUIOPÜ', 'ASDFGHJKLÖÄ', 'YXCVBNM-'],
  fi: ['1234567890', 'QWERTYUIOPÅ', 'ASDFGHJKLÖÄ', 'ZXCVBNM-'],
  // The kana of Japanese plates: the usual ones, of rental cars and of the forces; お, し, へ and ん are on none.
  ja: [
    '1234567890',
    'あいうえかきくけこさすせそ',
    'たちつてとなにぬねのはひふほ',
    'まみむめもやゆよらりるれろわを',
    ...LATIN.slice(1),
  ],
};
const LONGEST = 16;
const KINDS = ['plate', 'code'] as const;
const keptAs = (kind: (typeof KINDS)[number]): string => `parkwell.kiosk.${kind}`;

/** Whether somebody typed something that was not sent. */
export const isTypedKept = (): boolean => KINDS.some((kind) => (sessionStorage.getItem(keptAs(kind)) ?? '') !== '');

/** The next driver is shown nobody's plate. */
export function forgetTyped(): void {
  for (const kind of KINDS) sessionStorage.removeItem(keptAs(kind));
}

interface Props {
  /** What is typed: the plate, or the code; kept under this name until it is sent. */
  readonly kind: (typeof KINDS)[number];
  readonly onDone: (text: string) => void;
}

const LABELS: Readonly<Record<Props['kind'], KioskKey>> = { plate: 'typePlate', code: 'typeCode' };

/** Large keys on the screen; a real keyboard works too. What was typed outlives a reload and a lost connection. */
export function Keypad({ kind, onDone }: Props) {
  const { say, locale } = useKiosk();
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  // Codes are Latin everywhere.
  const rows = kind === 'plate' ? PLATE_KEYS[locale] : LATIN;
  const [text, setText] = useState(() => sessionStorage.getItem(keptAs(kind)) ?? '');
  const keep = (next: string) => {
    const kept = next.toUpperCase().slice(0, LONGEST);
    sessionStorage.setItem(keptAs(kind), kept);
    setText(kept);
  };
  const done = () => {
    if (text.trim() === '') return;
    sessionStorage.removeItem(keptAs(kind));
    onDone(text.trim());
  };
  return (
    <form
      class="keypad"
      onSubmit={(event) => {
        event.preventDefault();
        done();
      }}
    >
      <label class="typed">
        <span>{say(LABELS[kind])}</span>
        <input
          ref={input}
          class="plate"
          value={text}
          inputMode="none"
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => keep(currentTarget.value)}
        />
      </label>
      <div class="keys" dir="ltr">
        {rows.map((row) => (
          <div class="keys-row" key={row}>
            {[...row].map((letter) => (
              <button key={letter} type="button" class="key" onClick={() => keep(text + letter)}>
                {letter}
              </button>
            ))}
          </div>
        ))}
        <div class="keys-row wide">
          <button type="button" class="key" onClick={() => keep('')}>
            {say('clear')}
          </button>
          <button type="button" class="key" onClick={() => keep(text.slice(0, -1))} aria-label={say('backspace')}>
            ⌫
          </button>
          <button type="submit" class="key go" disabled={text.trim() === ''}>
            {say('done')}
          </button>
        </div>
      </div>
    </form>
  );
}

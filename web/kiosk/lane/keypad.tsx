import { useState } from 'preact/hooks';
import { useKiosk, type KioskKey } from '../kiosk-context.ts';

const ROWS = ['1234567890', 'QWERTYUIOP', 'ASDFGHJKL', 'ZXCVBNM-'];
const LONGEST = 16;

interface Props {
  /** What is typed: the plate, or the code; kept under this name until it is sent. */
  readonly kind: 'plate' | 'code';
  readonly onDone: (text: string) => void;
}

const LABELS: Readonly<Record<Props['kind'], KioskKey>> = { plate: 'typePlate', code: 'typeCode' };

/** Large keys on the screen; a real keyboard works too. What was typed outlives a reload and a lost connection. */
export function Keypad({ kind, onDone }: Props) {
  const { say } = useKiosk();
  const [text, setText] = useState(() => sessionStorage.getItem(`parkwell.kiosk.${kind}`) ?? '');
  const keep = (next: string) => {
    const kept = next.toUpperCase().slice(0, LONGEST);
    sessionStorage.setItem(`parkwell.kiosk.${kind}`, kept);
    setText(kept);
  };
  const done = () => {
    if (text.trim() === '') return;
    sessionStorage.removeItem(`parkwell.kiosk.${kind}`);
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
          class="plate"
          value={text}
          inputMode="none"
          autocomplete="off"
          spellcheck={false}
          onInput={({ currentTarget }) => keep(currentTarget.value)}
        />
      </label>
      <div class="keys" dir="ltr">
        {ROWS.map((row) => (
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

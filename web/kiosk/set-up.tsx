import { useState } from 'preact/hooks';
import { Button } from '../design/button.tsx';
import { Field } from '../design/field.tsx';
import { Languages } from './languages.tsx';
import { AwayError, findPlace, type Place } from './door.ts';
import { useKiosk, type KioskKey } from './kiosk-context.ts';

const DRAFT = 'parkwell.kiosk.key';

/** Once, by whoever hangs the screen up: the key of the gate's device. It stays on this device. */
export function SetUp({ onDone }: { onDone: (place: Place) => void }) {
  const { say } = useKiosk();
  const [key, setKey] = useState(() => sessionStorage.getItem(DRAFT) ?? '');
  const [wrong, setWrong] = useState<KioskKey>();
  const [isBusy, setBusy] = useState(false);
  const connect = async () => {
    setBusy(true);
    setWrong(undefined);
    try {
      const place = await findPlace(key.trim());
      if (place === undefined) return setWrong('keyUnknown');
      sessionStorage.removeItem(DRAFT);
      onDone(place);
    } catch (error) {
      setWrong(error instanceof AwayError ? 'serverAway' : 'keyUnknown');
    } finally {
      setBusy(false);
    }
  };
  return (
    <main class="set-up">
      <h1>{say('setUp')}</h1>
      <p>{say('setUpHow')}</p>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void connect();
        }}
      >
        <Field
          label={say('deviceKey')}
          hint={say('deviceKeyHint')}
          wrong={wrong && say(wrong)}
          value={key}
          autocomplete="off"
          spellcheck={false}
          required
          onInput={({ currentTarget }) => {
            sessionStorage.setItem(DRAFT, currentTarget.value);
            setKey(currentTarget.value);
          }}
        />
        <Button kind="main" type="submit" isBusy={isBusy}>
          {say('connect')}
        </Button>
      </form>
      <Languages />
    </main>
  );
}

import { useState } from 'preact/hooks';
import { useConsole } from './console-context.ts';
import { addressOf, go, usePlace } from './router.ts';

/** Finds reservations in every lot by code or plate; for operators by e-mail address or payment, too. "/" goes there. */
export function SearchBox() {
  const { say, isOperator } = useConsole();
  const { parts, query } = usePlace();
  const shown = parts[0] === 'reservations' ? (query.get('find') ?? '') : '';
  const [typed, setTyped] = useState<string>();
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const text = (typed ?? shown).trim();
    setTyped(undefined);
    go(addressOf(['reservations'], { find: text === '' ? null : text }));
  };
  return (
    <form class="find" role="search" onSubmit={submit}>
      <input
        type="search"
        name="find"
        aria-label={say(isOperator ? 'findOperator' : 'findAttendant')}
        placeholder={say(isOperator ? 'findOperator' : 'findAttendant')}
        value={typed ?? shown}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
      <button type="submit" aria-label={say('find')}>
        <svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true">
          <path
            d="M10.500 4a6.500 6.500 0 1 0 4 11.600l5 5 1.400-1.400-5-5A6.500 6.500 0 0 0 10.500 4zm0 2a4.500 4.500 0 1 1 0 9 4.500 4.500 0 0 1 0-9z"
            fill="currentColor"
          />
        </svg>
      </button>
    </form>
  );
}

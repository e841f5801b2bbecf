import { useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import { useApp } from '../frame/app-context.ts';

/** A promo code counts when it is sent, not with each letter: guesses are counted. */
export function PromoField({ code, onCode }: { code: string; onCode: (code: string) => void }) {
  const { say } = useApp();
  const [typed, setTyped] = useState(code);
  return (
    <details open={code !== ''}>
      <summary>{say('promo')}</summary>
      <form
        class="row-of ends"
        onSubmit={(event) => {
          event.preventDefault();
          onCode(typed.trim());
        }}
      >
        <Field
          label={say('promoCode')}
          value={typed}
          maxLength={40}
          autocomplete="off"
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        <Button type="submit">{say('apply')}</Button>
      </form>
    </details>
  );
}

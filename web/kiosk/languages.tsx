import { LOCALES, type Locale } from '../messages/locales.ts';
import { useKiosk } from './kiosk-context.ts';

/** Each language in its own name, one press each. */
export function Languages() {
  const { locale, say, choose } = useKiosk();
  return (
    <div class="languages" role="group" aria-label={say('language')}>
      {Object.entries(LOCALES).map(([code, name]) => (
        <button
          key={code}
          type="button"
          class="button"
          lang={code}
          aria-pressed={code === locale}
          onClick={() => choose(code as Locale)}
        >
          {name}
        </button>
      ))}
    </div>
  );
}

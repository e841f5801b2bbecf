import { Choice } from '../../design/field.tsx';
import { chooseLocale, LOCALES, type Locale } from '../../messages/locales.ts';
import type { DoorFacts } from './console-context.ts';

/** Which language the console speaks on this device. */
export function Languages({ say, locale }: Pick<DoorFacts, 'say' | 'locale'>) {
  return (
    <Choice
      label={say('language')}
      value={locale}
      options={Object.entries(LOCALES).map(([value, text]) => ({ value, text }))}
      onChange={({ currentTarget }) => chooseLocale(currentTarget.value as Locale)}
    />
  );
}

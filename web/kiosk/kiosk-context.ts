import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Locale } from '../messages/locales.ts';
import type { Messages } from '../messages/open-messages.ts';
import type english from './messages/en.json';

export type KioskKey = keyof typeof english;

interface KioskFacts extends Messages<KioskKey> {
  /** Speaks another language from now on; without one the kiosk's own, for the next driver. */
  readonly choose: (locale?: Locale) => void;
  readonly isOwnLanguage: boolean;
}

export const KioskContext = createContext<KioskFacts | undefined>(undefined);

export function useKiosk(): KioskFacts {
  const facts = useContext(KioskContext);
  if (!facts) throw new Error('outside of the kiosk');
  return facts;
}

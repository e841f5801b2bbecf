import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from '../../data/session.ts';
import type { Messages } from '../../messages/open-messages.ts';
import type english from '../messages/en.json';

export type AppKey = keyof typeof english;

/** What every part of the driver's page has at hand. */
export interface AppFacts extends Messages<AppKey> {
  readonly session: Session;
  readonly isSignedIn: boolean;
  /** Says whether the device has a network, as far as the browser knows. */
  readonly isOnline: boolean;
}

export const AppContext = createContext<AppFacts | undefined>(undefined);

export function useApp(): AppFacts {
  const facts = useContext(AppContext);
  if (!facts) throw new Error('outside of the app');
  return facts;
}

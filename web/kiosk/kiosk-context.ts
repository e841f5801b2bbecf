import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Messages } from '../messages/open-messages.ts';
import type english from './messages/en.json';

export type KioskKey = keyof typeof english;

export const KioskContext = createContext<Messages<KioskKey> | undefined>(undefined);

export function useKiosk(): Messages<KioskKey> {
  const messages = useContext(KioskContext);
  if (!messages) throw new Error('outside of the kiosk');
  return messages;
}

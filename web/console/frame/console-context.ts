import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session } from '../../data/session.ts';
import type { Messages } from '../../messages/open-messages.ts';
import type english from '../messages/en.json';

export type ConsoleKey = keyof typeof english;

/** Who works at the console. */
export interface StaffMember {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: 'ATTENDANT' | 'OPERATOR' | 'ADMIN';
}

/** What every part of the console has at hand. */
export interface ConsoleFacts extends Messages<ConsoleKey> {
  readonly session: Session;
  readonly staff: StaffMember;
  /** Operators and admins: they see money, and change what is set up. */
  readonly isOperator: boolean;
}

export const ConsoleContext = createContext<ConsoleFacts | undefined>(undefined);

export function useConsole(): ConsoleFacts {
  const facts = useContext(ConsoleContext);
  if (!facts) throw new Error('outside of the console');
  return facts;
}

/** What the sign-in has at hand, before anybody is known. */
export type DoorFacts = Pick<ConsoleFacts, 'say' | 'locale' | 'session'>;

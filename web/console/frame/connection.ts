import { createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';

/** The live connection of the console. */
export interface Connection {
  /** Whether it was lost and is not back yet. */
  readonly isGone: boolean;
  /** How often it came back after it was lost: what happened meanwhile was not heard. */
  readonly returns: number;
}

export const CONNECTED: Connection = { isGone: false, returns: 0 };

export const ConnectionContext = createContext<Connection>(CONNECTED);

export function connectionAfter({ isGone, returns }: Connection, state: 'CONNECTED' | 'GONE'): Connection {
  if (state === 'GONE') return { isGone: true, returns };
  return { isGone: false, returns: isGone ? returns + 1 : returns };
}

/** Asks again once the connection is back, for what was missed. */
export function useAgainWhenBack(again: () => void): void {
  const { returns } = useContext(ConnectionContext);
  const known = useRef(returns);
  useEffect(() => {
    if (known.current !== returns) again();
    known.current = returns;
  }, [returns]);
}

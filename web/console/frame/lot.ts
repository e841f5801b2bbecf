import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ConsoleLotQuery } from '../../generated/graphql.ts';

/** The lot that the console looks at. */
export type ChosenLot = NonNullable<ConsoleLotQuery['lot']>;

export const LotContext = createContext<ChosenLot | undefined>(undefined);

/** The lot that is chosen in the address; undefined: none, where the section can do without. */
export const useLotOrNone = (): ChosenLot | undefined => useContext(LotContext);

/** The lot that is chosen, in a section that `needsLot`. */
export function useLot(): ChosenLot {
  const lot = useContext(LotContext);
  if (!lot) throw new Error('outside of a section that needs a lot');
  return lot;
}

import { openKept } from '../../data/kept.ts';

/** What the console keeps. */
export const { useKept, writeKept, forgetKept, keyFor, forgetKey } = openKept('console');

import { openKept } from '../../data/kept.ts';

/** What the driver's page keeps. */
export const { useKept, writeKept, forgetKept, keyFor, forgetKey } = openKept('app');

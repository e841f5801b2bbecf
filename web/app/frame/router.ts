import { openRouter } from '../../data/router.ts';

const BASE = '/app';

export const { go, usePlace, followLinks } = openRouter(BASE);

/** The address of a view of this page: `addressOf('lots', 'HEL1')`. */
export function addressOf(...parts: readonly string[]): string {
  return [BASE, ...parts.map(encodeURIComponent)].join('/');
}

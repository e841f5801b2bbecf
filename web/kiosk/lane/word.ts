import type { KioskDecisionFragment } from '../../generated/graphql.ts';

/** The one word on the screen of a gate; each has one icon, one colour and one sound. */
export type Word = 'OPEN' | 'WAIT' | 'CALL';

/** What a decision says in one word; WAIT while nobody has decided. */
export function wordOf(decision: KioskDecisionFragment | undefined): Word {
  if (decision?.action === 'OPEN') return 'OPEN';
  return decision?.action === 'DENY' ? 'CALL' : 'WAIT';
}

/** What a QR says: a pass is long, what is shorter is the code of a ticket or a reservation. */
export function credentialOf(text: string): { readonly pass: string } | { readonly code: string } {
  const read = text.trim();
  return read.length > LONGEST_CODE ? { pass: read } : { code: read };
}

const LONGEST_CODE = 24;

import { DAY_MS, MINUTE_MS } from '../../domain/period.ts';
import type { Transaction } from '../../platform/db.ts';
import type { PlacedEntry } from '../apply-context.ts';
import type { JournalEntry } from '../journal-entry.ts';

/** Longer than a decision of the cloud is on its way to the rows. */
const UNDER_WAY_MS = 5 * MINUTE_MS;

/**
 * What lanes have told of a vehicle is merged once more when a decision of the cloud about the same vehicle comes to the rows just after
 * it: of the two neither knew the other. A sweep does it.
 */
export async function mergeAgain(tx: Transaction, entries: readonly PlacedEntry[]): Promise<void> {
  const opened = entries.map(({ entry }) => entry).filter(isPassage);
  const byLot = Map.groupBy(opened, ({ answer }) => answer.lotId);
  for (const [lotId, passages] of byLot) {
    const subjects = [...new Set(passages.flatMap(subjectsOf))];
    if (subjects.length === 0) continue;
    await tx.em.execute(
      `UPDATE lane_scan SET merged_at = NULL WHERE lot_id = ? AND opened AND problem IS NULL AND subjects && ARRAY[?]::text[]
         AND merged_at > ? AND observed_at > ?`,
      [lotId, subjects, new Date(tx.now.getTime() - UNDER_WAY_MS), new Date(tx.now.getTime() - DAY_MS)],
    );
  }
}

function isPassage({ answer }: JournalEntry): boolean {
  return answer.action === 'OPEN' && answer.operation !== 'OPEN_GATE';
}

function subjectsOf({ answer, effect }: JournalEntry): string[] {
  const [kind = '', value = ''] = answer.credentialKey.split(':', 2);
  const prefix = { plate: 'p:', pass: 'r:', code: 't:' }[kind];
  const walkIn = effect.kind === 'ENTER_WALK_IN' ? [`t:${effect.code}`] : [];
  const reserved = answer.reservationId === null ? [] : [`r:${answer.reservationId}`];
  return [...(prefix === undefined ? [] : [`${prefix}${value}`]), ...reserved, ...walkIn];
}

import type { MergeCase, Merged } from '../../domain/merge-scans.ts';
import { raiseIncident } from '../../incidents/raise-incident.ts';
import { resolveByItself } from '../../incidents/resolve-incident.ts';
import type { Transaction } from '../../platform/db.ts';
import { unknownStayKey } from '../apply-context.ts';
import type { Facts } from './lane-facts.ts';

const NOTES: Readonly<Record<MergeCase['kind'], string>> = {
  ENTERED_TWICE: 'It came in again without having left. One visit was made of it.',
  USED_AGAIN: 'It was used again after its visit was over.',
  LEFT_WITHOUT_ENTRY: 'It was let out, and nobody knows how it came in.',
};

interface Cases {
  readonly merged: Merged;
  readonly facts: Facts;
}

/**
 * Tells a person of every case, once: a case is known by any of its scans. Settles those of which another journal has shown that they
 * were none.
 */
export async function tellCases(tx: Transaction, lotId: string, { merged, facts }: Cases): Promise<void> {
  const inVisits = merged.visits.flatMap(({ entryScanId, exitScanId }) => [entryScanId ?? [], exitScanId ?? []].flat());
  for (const onceKey of await openAmong(tx, lotId, inVisits.flatMap(keysOfVisit)))
    await resolveByItself(tx, { lotId, onceKey, reason: 'A lane has told since what it was.' });
  for (const found of merged.cases) {
    if (await isTold(tx, lotId, found)) continue;
    const scanId = found.scanIds[0] ?? '';
    const first = facts.byScan.get(scanId);
    // Of an unknown vehicle the cloud has told when it let it out.
    if (found.kind === 'LEFT_WITHOUT_ENTRY' && first !== undefined && 'cloud' in first.seenBy) continue;
    const { length } = found.scanIds;
    await raiseIncident(tx, {
      ...{ lotId, kind: found.kind, gateId: first?.gateId ?? null, scanId },
      reservationId: found.subjects.find((subject) => subject.startsWith('r:'))?.slice(2) ?? null,
      note: `${NOTES[found.kind]} (${length} ${length === 1 ? 'scan' : 'scans'})`,
      onceKey: keyOf(found.kind, scanId),
    });
  }
}

function keyOf(kind: MergeCase['kind'], scanId: string): string {
  return `merge/${kind}/${scanId}`;
}

/** Under which a scan was told of that is a part of a visit now. */
function keysOfVisit(scanId: string): string[] {
  return [
    ...(['ENTERED_TWICE', 'USED_AGAIN', 'LEFT_WITHOUT_ENTRY'] as const).map((kind) => keyOf(kind, scanId)),
    unknownStayKey(scanId),
  ];
}

async function openAmong(tx: Transaction, lotId: string, keys: readonly string[]): Promise<string[]> {
  if (keys.length === 0) return [];
  const rows = await tx.em.execute<{ once_key: string }[]>(
    'SELECT once_key FROM incident WHERE lot_id = ? AND once_key IN (?) AND resolved_at IS NULL',
    [lotId, keys],
  );
  return rows.map((row) => row.once_key);
}

async function isTold(tx: Transaction, lotId: string, { kind, scanIds }: MergeCase): Promise<boolean> {
  const keys = scanIds.map((scanId) => keyOf(kind, scanId));
  const rows = await tx.em.execute<object[]>('SELECT 1 FROM incident WHERE lot_id = ? AND once_key IN (?) LIMIT 1', [
    lotId,
    keys,
  ]);
  return rows.length > 0;
}

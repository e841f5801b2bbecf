import type { SubjectKey } from './lane-scan.ts';

/** A scan before it is settled whose it is. */
export interface NamedScan {
  readonly scanId: string;
  readonly direction: 'IN' | 'OUT';
  /** Ms since 1970. */
  readonly at: number;
  readonly subjects: readonly SubjectKey[];
  /** The exact index of its plate, if one was read. */
  readonly plateIndex: string | null;
}

/**
 * Whose each scan is, by its id. A plate is nobody's name for ever: it stands for one reservation today and for none, or another, tomorrow.
 * So a scan that names a reservation counts by that alone; one that has only the plate counts for the reservation on which this plate
 * came in last, on its way out always and on its way in while it is inside, and else for the plate. A function of the set of scans.
 */
export function nameScans<T extends NamedScan>(scans: Iterable<T>): Map<string, readonly SubjectKey[]> {
  const names = new Map<string, readonly SubjectKey[]>();
  const lastOn = new Map<string, { reserved: readonly SubjectKey[]; isInside: boolean }>();
  for (const scan of [...scans].sort(byTime)) {
    const { scanId, direction, plateIndex } = scan;
    const reserved = scan.subjects.filter((subject) => subject.startsWith('r:'));
    const last = plateIndex === null ? undefined : lastOn.get(plateIndex);
    const isOfLast = last !== undefined && last.reserved.length > 0 && (direction === 'OUT' || last.isInside);
    const own = reserved.length > 0 ? reserved : isOfLast ? last.reserved : undefined;
    names.set(scanId, own ?? scan.subjects);
    if (plateIndex !== null) lastOn.set(plateIndex, { reserved: own ?? [], isInside: direction === 'IN' });
  }
  return names;
}

function byTime(a: NamedScan, b: NamedScan): number {
  return a.at - b.at || (a.scanId < b.scanId ? -1 : 1);
}

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

/** A camera corrects itself about a car within this. */
const CORRECTED_WITHIN_MS = 60_000;

/**
 * Whose each scan is, by its id. A plate is nobody's name for ever: it stands for one reservation today and for none, or another, tomorrow.
 * So a scan that names a reservation counts by that alone; one that has only the plate counts for the reservation on which this plate
 * came in last, on its way out always and on its way in while it is inside, and else for the plate. A plate that a camera took back
 * within a minute for the one of a reservation counts for that reservation. A function of the set of scans.
 */
export function nameScans<T extends NamedScan>(scans: Iterable<T>): Map<string, readonly SubjectKey[]> {
  const inOrder = [...scans].sort(byTime);
  const takenBack = inOrder.flatMap(correctionsOf);
  const names = new Map<string, readonly SubjectKey[]>();
  const lastOn = new Map<string, { reserved: readonly SubjectKey[]; isInside: boolean }>();
  for (const scan of inOrder) {
    const { scanId, direction, plateIndex, at } = scan;
    const last = plateIndex === null ? undefined : lastOn.get(plateIndex);
    const isOfLast = last !== undefined && last.reserved.length > 0 && (direction === 'OUT' || last.isInside);
    const corrected = takenBack.find(
      (correction) => correction.plateIndex === plateIndex && Math.abs(correction.at - at) <= CORRECTED_WITHIN_MS,
    );
    const reserved = reservedOf(scan);
    const own = reserved.length > 0 ? reserved : (corrected?.reserved ?? (isOfLast ? last.reserved : undefined));
    names.set(scanId, own ?? scan.subjects);
    if (plateIndex !== null) lastOn.set(plateIndex, { reserved: own ?? [], isInside: direction === 'IN' });
  }
  return names;
}

function reservedOf({ subjects }: NamedScan): SubjectKey[] {
  return subjects.filter((subject) => subject.startsWith('r:'));
}

/** A scan with more plates than it has read corrects the reading of the others. */
function correctionsOf(scan: NamedScan): { plateIndex: string; at: number; reserved: readonly SubjectKey[] }[] {
  const reserved = reservedOf(scan);
  if (reserved.length === 0) return [];
  const others = scan.subjects.filter((subject) => subject.startsWith('p:') && subject !== `p:${scan.plateIndex}`);
  return others.map((subject) => ({ plateIndex: subject.slice(2), at: scan.at, reserved }));
}

function byTime(a: NamedScan, b: NamedScan): number {
  return a.at - b.at || (a.scanId < b.scanId ? -1 : 1);
}

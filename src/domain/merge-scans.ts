import type { SubjectKey } from './lane-scan.ts';

/** One scan that opened a gate, as merging sees it. */
export interface MergeScan {
  readonly scanId: string;
  /** 'CLOUD' or the agent's id. */
  readonly source: string;
  /** Its place within its source. */
  readonly seq: number;
  readonly direction: 'IN' | 'OUT';
  readonly gateId: string;
  /** Ms since 1970, corrected by the measured skew. */
  readonly at: number;
  readonly subjects: readonly SubjectKey[];
}

/** One visit of one vehicle. Its subjects are all that the vehicle is known by in the whole set, sorted. */
export interface MergedVisit {
  readonly entryScanId: string | null;
  readonly exitScanId: string | null;
  readonly enteredAt: number | null;
  readonly leftAt: number | null;
  readonly subjects: readonly SubjectKey[];
}

/** What a person has to look at, in the order in which cases are told. */
export const MERGE_CASES = ['ENTERED_TWICE', 'USED_AGAIN', 'LEFT_WITHOUT_ENTRY'] as const;

/** The scans that belong to no visit, each to one case. Both lists are sorted; the subjects are those of the vehicle, as with visits. */
export interface MergeCase {
  readonly kind: (typeof MERGE_CASES)[number];
  readonly scanIds: readonly string[];
  readonly subjects: readonly SubjectKey[];
}

export interface Merged {
  readonly visits: readonly MergedVisit[];
  readonly cases: readonly MergeCase[];
}

/** Two readings of one passage come within this. */
const SAME_PASSAGE_MS = 60_000;

/**
 * Makes visits and cases of the scans of several sources: a function of the set alone, whatever the order in which scans are given and
 * however often each is. Only scans that opened count; the caller leaves out the others.
 *
 * Scans that share a subject, over any number of steps, are one vehicle's. Within a source its sequence orders them, never the clock;
 * between sources the one whose next scan is the earliest goes first, of equals by name. A scan at the same gate in the same direction
 * within a minute of the one before is the same passage. A second entry without an exit is ENTERED_TWICE (one case a visit), an entry on
 * a reservation that a complete visit was on USED_AGAIN (a case each; the same plate without it may come again), an exit without an entry goes to the last of these cases that has more
 * entries than exits, and else is LEFT_WITHOUT_ENTRY.
 */
export function mergeScans(scans: Iterable<MergeScan>): Merged {
  const groups = groupsOf(unique(scans)).map(mergeGroup);
  return {
    visits: groups.flatMap(({ visits }) => visits).sort(byEntry),
    cases: groups.flatMap(({ cases }) => cases).sort(byKind),
  };
}

/** Of two that say different things under one id the one whose text is smaller counts, so that it doesn't matter which came first. */
function unique(scans: Iterable<MergeScan>): MergeScan[] {
  const byId = new Map<string, MergeScan>();
  for (const scan of scans) {
    const known = byId.get(scan.scanId);
    if (known === undefined || compareText(textOf(scan), textOf(known)) < 0) byId.set(scan.scanId, scan);
  }
  return [...byId.values()];
}

function textOf({ scanId, source, seq, direction, gateId, at, subjects }: MergeScan): string {
  return JSON.stringify({ scanId, source, seq, direction, gateId, at, subjects });
}

/** The scans of each vehicle: those that are connected by subjects. */
function groupsOf(scans: readonly MergeScan[]): MergeScan[][] {
  const parents = new Map<string, string>();
  const rootOf = (node: string): string => {
    let root = node;
    for (let up = parents.get(root); up !== undefined && up !== root; up = parents.get(root)) root = up;
    parents.set(node, root);
    return root;
  };
  const groups = new Map<string, MergeScan[]>();
  const nodeOf = ({ scanId, subjects }: MergeScan) => subjects[0] ?? `scan:${scanId}`;
  for (const scan of scans) for (const subject of scan.subjects) parents.set(rootOf(subject), rootOf(nodeOf(scan)));
  for (const scan of scans) {
    const root = rootOf(nodeOf(scan));
    const group = groups.get(root);
    if (group) group.push(scan);
    else groups.set(root, [scan]);
  }
  return [...groups.values()];
}

/** The scans of one vehicle in the order in which they count. */
function interleave(group: readonly MergeScan[]): MergeScan[] {
  const sources = [...Map.groupBy(group, ({ source }) => source)]
    .sort(([a], [b]) => compareText(a, b))
    .map(([, scans]) => ({ scans: scans.sort(bySequence), next: 0 }));
  const ordered: MergeScan[] = [];
  while (ordered.length < group.length) {
    let earliest: { scan: MergeScan; source: { next: number } } | undefined;
    for (const source of sources) {
      const scan = source.scans[source.next];
      if (scan !== undefined && (earliest === undefined || scan.at < earliest.scan.at)) earliest = { scan, source };
    }
    if (earliest === undefined) break;
    earliest.source.next += 1;
    ordered.push(earliest.scan);
  }
  return ordered;
}

function withoutRereads(ordered: readonly MergeScan[]): MergeScan[] {
  const taken: MergeScan[] = [];
  for (const scan of ordered) {
    const before = taken.at(-1);
    const isReread =
      before?.gateId === scan.gateId &&
      before.direction === scan.direction &&
      Math.abs(scan.at - before.at) <= SAME_PASSAGE_MS;
    if (!isReread) taken.push(scan);
  }
  return taken;
}

interface OpenCase {
  readonly kind: MergeCase['kind'];
  readonly scanIds: string[];
  entries: number;
  exits: number;
}

interface OpenVisit {
  readonly entry: MergeScan;
  readonly twice: OpenCase;
}

function mergeGroup(group: readonly MergeScan[]): Merged {
  const subjects = [...new Set(group.flatMap((scan) => scan.subjects))].sort(compareText);
  const visits: MergedVisit[] = [];
  const cases: OpenCase[] = [];
  let inside: OpenVisit | undefined;
  const used = new Set<SubjectKey>();
  /** The last case that somebody who went in may still leave by. */
  let latest: OpenCase | undefined;
  const open = (kind: MergeCase['kind']): OpenCase => {
    const opened = { kind, scanIds: [], entries: 0, exits: 0 };
    cases.push(opened);
    return opened;
  };
  for (const scan of withoutRereads(interleave(group))) {
    const { scanId, at } = scan;
    if (scan.direction === 'IN') {
      if (inside !== undefined) join(inside.twice, scan);
      else if (scan.subjects.some((subject) => used.has(subject))) join((latest = open('USED_AGAIN')), scan);
      else inside = { entry: scan, twice: open('ENTERED_TWICE') };
    } else if (inside !== undefined) {
      const { entry } = inside;
      visits.push({ ...visitOf(entry, subjects), exitScanId: scanId, leftAt: Math.max(at, entry.at) });
      latest = inside.twice;
      inside = undefined;
      for (const subject of reservationsOf(entry, scan)) used.add(subject);
    } else if (latest !== undefined && latest.entries > latest.exits) join(latest, scan);
    else join(open('LEFT_WITHOUT_ENTRY'), scan);
  }
  if (inside !== undefined) visits.push(visitOf(inside.entry, subjects));
  return { visits, cases: cases.filter(({ scanIds }) => scanIds.length > 0).map((found) => closed(found, subjects)) };
}

function visitOf(entry: MergeScan, subjects: readonly SubjectKey[]): MergedVisit {
  return { entryScanId: entry.scanId, exitScanId: null, enteredAt: entry.at, leftAt: null, subjects };
}

function reservationsOf(...scans: readonly MergeScan[]): SubjectKey[] {
  return scans.flatMap(({ subjects }) => subjects.filter((subject) => subject.startsWith('r:')));
}

function join(found: OpenCase, { scanId, direction }: MergeScan): void {
  found.scanIds.push(scanId);
  if (direction === 'IN') found.entries += 1;
  else found.exits += 1;
}

function closed({ kind, scanIds }: OpenCase, subjects: readonly SubjectKey[]): MergeCase {
  return { kind, scanIds: scanIds.sort(compareText), subjects };
}

function bySequence(a: MergeScan, b: MergeScan): number {
  return a.seq - b.seq || compareText(a.scanId, b.scanId);
}

function byEntry(a: MergedVisit, b: MergedVisit): number {
  return (a.enteredAt ?? 0) - (b.enteredAt ?? 0) || compareText(a.entryScanId ?? '', b.entryScanId ?? '');
}

function byKind(a: MergeCase, b: MergeCase): number {
  return (
    MERGE_CASES.indexOf(a.kind) - MERGE_CASES.indexOf(b.kind) || compareText(a.scanIds[0] ?? '', b.scanIds[0] ?? '')
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

import type { MergeCase, Merged, MergedVisit, MergeScan } from '../../src/domain/merge-scans.ts';

const SAME_PASSAGE_MS = 60_000;

/** How the journals of a lot become visits, step by step; each step can be left out to show that its lack would be seen. */
export interface MergeSteps {
  /** One scan an id. */
  once(scans: readonly MergeScan[]): MergeScan[];
  /** Those that speak of the same vehicle. */
  together(scans: readonly MergeScan[]): MergeScan[][];
  /** Of one vehicle, in the order in which it happened. */
  inOrder(scans: readonly MergeScan[]): MergeScan[];
  /** Without the second readings of one passage. */
  passages(scans: readonly MergeScan[]): MergeScan[];
}

export const STEPS: MergeSteps = { once, together, inOrder, passages };

/** The merge as it is promised, without any regard for speed. */
export function mergeSlowly(scans: readonly MergeScan[], steps: MergeSteps = STEPS): Merged {
  const stories = steps
    .together(steps.once(scans))
    .map((vehicle) => tell(steps.passages(steps.inOrder(vehicle)), subjectsOf(vehicle)));
  return {
    visits: stories.flatMap(({ visits }) => visits),
    cases: stories.flatMap(({ cases }) => cases),
  };
}

function once(scans: readonly MergeScan[]): MergeScan[] {
  const texts = new Map(scans.map((scan) => [canonical(scan), scan]));
  return [...texts.entries()].flatMap(([text, scan]) =>
    [...texts.entries()].some(([other, { scanId }]) => scanId === scan.scanId && other < text) ? [] : [scan],
  );
}

function canonical({ scanId, source, seq, direction, gateId, at, subjects }: MergeScan): string {
  return JSON.stringify({ scanId, source, seq, direction, gateId, at, subjects });
}

function together(scans: readonly MergeScan[]): MergeScan[][] {
  let groups = scans.map((scan) => [scan]);
  for (;;) {
    const first = groups.findIndex((group, index) => groups.some((other, at) => at > index && share(group, other)));
    if (first < 0) return groups;
    const joined = groups[first]!;
    const second = groups.findIndex((other, at) => at > first && share(joined, other));
    const both = [...joined, ...groups[second]!];
    groups = [...groups.filter((_, index) => index !== first && index !== second), both];
  }
}

function share(some: readonly MergeScan[], others: readonly MergeScan[]): boolean {
  return some.some(({ subjects }) =>
    subjects.some((subject) => others.some((other) => other.subjects.includes(subject))),
  );
}

/** The clocks are asked only between sources, never within one. */
function inOrder(scans: readonly MergeScan[]): MergeScan[] {
  const left = [...scans];
  const order: MergeScan[] = [];
  while (left.length > 0) {
    const heads = left.filter((scan) => !left.some((other) => other.source === scan.source && other.seq < scan.seq));
    const next = heads.find((scan) =>
      heads.every((other) => other.at > scan.at || (other.at === scan.at && other.source >= scan.source)),
    )!;
    order.push(next);
    left.splice(left.indexOf(next), 1);
  }
  return order;
}

/** A second reading is measured from the one that counted: what stands at a gate for hours is not one passage for hours. */
function passages(scans: readonly MergeScan[]): MergeScan[] {
  return scans.reduce<MergeScan[]>((counted, scan) => {
    const before = counted.at(-1);
    const isAgain =
      before !== undefined &&
      before.gateId === scan.gateId &&
      before.direction === scan.direction &&
      Math.abs(scan.at - before.at) <= SAME_PASSAGE_MS;
    return isAgain ? counted : [...counted, scan];
  }, []);
}

interface Told {
  kind: MergeCase['kind'];
  ins: string[];
  outs: string[];
}

interface Visit {
  entry: MergeScan;
  exit: MergeScan | undefined;
  enteredTwice: Told | undefined;
}

function tell(scans: readonly MergeScan[], subjects: MergeCase['subjects']): Merged {
  const visits: Visit[] = [];
  const cases: Told[] = [];
  /** Entries and exits that nobody can tell apart any more: what an exit too many belongs to. */
  let latest: Told | undefined;
  const open = (told: Told) => {
    cases.push(told);
    return told;
  };
  for (const scan of scans) {
    const visit = visits.find(({ exit }) => exit === undefined);
    if (scan.direction === 'IN' && visit !== undefined) {
      visit.enteredTwice ??= open({ kind: 'ENTERED_TWICE', ins: [], outs: [] });
      visit.enteredTwice.ins.push(scan.scanId);
    } else if (scan.direction === 'IN' && visits.some((over) => areOfOneReservation(over, scan))) {
      latest = open({ kind: 'USED_AGAIN', ins: [scan.scanId], outs: [] });
    } else if (scan.direction === 'IN') {
      visits.push({ entry: scan, exit: undefined, enteredTwice: undefined });
    } else if (visit !== undefined) {
      visit.exit = scan;
      latest = visit.enteredTwice;
    } else if (latest !== undefined && latest.ins.length > latest.outs.length) {
      latest.outs.push(scan.scanId);
    } else {
      open({ kind: 'LEFT_WITHOUT_ENTRY', ins: [], outs: [scan.scanId] });
    }
  }
  return {
    visits: visits.map((visit) => visitOf(visit, subjects)),
    cases: cases.map(({ kind, ins, outs }) => ({ kind, scanIds: [...ins, ...outs].sort(), subjects })),
  };
}

function areOfOneReservation({ entry, exit }: Visit, scan: MergeScan): boolean {
  const ofVisit = [...entry.subjects, ...(exit?.subjects ?? [])];
  return scan.subjects.some((subject) => subject.startsWith('r:') && ofVisit.includes(subject));
}

function visitOf({ entry, exit }: Visit, subjects: MergedVisit['subjects']): MergedVisit {
  return {
    entryScanId: entry.scanId,
    exitScanId: exit?.scanId ?? null,
    enteredAt: entry.at,
    leftAt: exit === undefined ? null : Math.max(exit.at, entry.at),
    subjects,
  };
}

function subjectsOf(scans: readonly MergeScan[]): MergeCase['subjects'] {
  return [...new Set(scans.flatMap(({ subjects }) => subjects))].sort();
}

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { mergeScans, type Merged, type MergeScan } from '../../src/domain/merge-scans.ts';
import { mergeSlowly, STEPS, type MergeSteps } from './merge-oracle.ts';
import { anyCollision, anyNumberedCollision, anyPartition, everyOrder, shuffled } from './merge-partitions.ts';

const PARTITIONS = process.env['PARKWELL_FULL'] === '1' ? 20_000 : 1000;
const ORDERS = 4;
const TIMEOUT_MS = 600_000;
/** `PARKWELL_TEST_SEED` plays the partitions of a failure again; without it each run has others, and a failure prints its seed. */
const seed = process.env['PARKWELL_TEST_SEED'];
const runs = (numRuns: number) => ({ numRuns, ...(seed === undefined ? {} : { seed: Number(seed) }) });

const MINUTE_MS = 60_000;
const NOON_MS = Date.UTC(2026, 10, 20, 12);

type Merge = (scans: Iterable<MergeScan>) => Merged;

/** What is said of one vehicle may stand in any place: the order of the output is asked of the merge itself. */
function sorted({ visits, cases }: Merged) {
  const texts = (all: readonly object[]) => all.map((each) => JSON.stringify(Object.entries(each).sort())).sort();
  return { visits: texts(visits), cases: texts(cases) };
}

/** However the scans come in, the answer is the same to the letter. */
const hasOneState = (merge: Merge, partitions: fc.Arbitrary<MergeScan[]>) =>
  fc.property(partitions, fc.array(fc.integer(), { minLength: ORDERS, maxLength: ORDERS }), (scans, choices) => {
    const state = JSON.stringify(merge(scans));
    expect(JSON.stringify(merge([...scans].reverse()))).toBe(state);
    expect(JSON.stringify(merge(new Set([...scans].sort((a, b) => a.at - b.at))))).toBe(state);
    for (const choice of choices) {
      const order = shuffled(scans, choice);
      expect(JSON.stringify(merge(order))).toBe(state);
      expect(JSON.stringify(mergedInBatches(merge, order, choice))).toBe(state);
    }
  });

/** As the cloud does: journal after journal arrives, some of it again, and all that is known is merged anew. */
function mergedInBatches(merge: Merge, scans: readonly MergeScan[], choice: number): Merged {
  const size = 1 + (Math.abs(choice) % 5);
  const known: MergeScan[] = [];
  let merged = merge(known);
  for (let from = 0; from < scans.length; from += size) {
    known.unshift(...scans.slice(Math.max(0, from - 1), from + size));
    merged = merge(known);
  }
  return merged;
}

const equalsOracle = (merge: Merge, partitions: fc.Arbitrary<MergeScan[]>) =>
  fc.property(partitions, (scans) => expect(sorted(merge(scans))).toEqual(sorted(mergeSlowly(scans))));

describe('Journals that were written while a lot was cut in pieces', () => {
  test(
    'come to one state, in whatever order and in however many parts they arrive',
    () => {
      fc.assert(hasOneState(mergeScans, anyPartition), runs(PARTITIONS));
      fc.assert(hasOneState(mergeScans, anyCollision), runs(PARTITIONS));
    },
    TIMEOUT_MS,
  );

  test('of few scans come to one state in every order there is', () => {
    const few = anyCollision.map((scans) => scans.slice(0, 5));
    const everywhere = fc.property(few, (scans) => {
      expect(new Set(everyOrder(scans).map((order) => JSON.stringify(mergeScans(order)))).size).toBe(1);
    });
    fc.assert(everywhere, runs(PARTITIONS / 10));
  });

  test(
    'come to the state that the rules say, worked out slowly',
    () => {
      fc.assert(equalsOracle(mergeScans, anyPartition), runs(PARTITIONS));
      fc.assert(equalsOracle(mergeScans, anyNumberedCollision), runs(PARTITIONS));
    },
    TIMEOUT_MS,
  );

  test('are merged without being changed', () => {
    const untouched = fc.property(anyPartition, (scans) => {
      const before = JSON.stringify(scans);
      mergeScans(scans.map((scan) => Object.freeze({ ...scan, subjects: Object.freeze([...scan.subjects]) })));
      expect(JSON.stringify(scans)).toBe(before);
    });
    fc.assert(untouched, runs(PARTITIONS / 10));
  });

  test('hold everything that can happen: of each there is plenty in the partitions that are tried', () => {
    const merged = fc
      .sample(anyPartition, { numRuns: 1000, seed: 1 })
      .map((scans) => ({ scans, ...mergeSlowly(scans) }));
    const counted = (has: (of: (typeof merged)[number]) => boolean) => merged.filter(has).length;
    for (const kind of ['ENTERED_TWICE', 'USED_AGAIN', 'LEFT_WITHOUT_ENTRY']) {
      expect(counted(({ cases }) => cases.some((each) => each.kind === kind))).toBeGreaterThan(50);
    }
    expect(counted(({ cases }) => cases.some(({ scanIds }) => scanIds.length > 1))).toBeGreaterThan(50);
    expect(counted(({ visits }) => visits.some(({ leftAt }) => leftAt === null))).toBeGreaterThan(50);
    expect(counted(({ visits }) => visits.some((visit) => visit.leftAt === visit.enteredAt))).toBeGreaterThan(20);
    expect(counted(({ scans }) => new Set(scans.map(({ scanId }) => scanId)).size < scans.length)).toBeGreaterThan(50);
    expect(counted(({ scans }) => new Set(scans.map(({ source }) => source)).size > 2)).toBeGreaterThan(50);
  });
});

describe('the twins: a merge without one of its rules is found out', () => {
  const without =
    (steps: Partial<MergeSteps>): Merge =>
    (scans) =>
      mergeSlowly([...scans], { ...STEPS, ...steps });
  const isCaught = (property: ReturnType<typeof hasOneState> | ReturnType<typeof equalsOracle>) => {
    const outcome = fc.check(property as fc.IProperty<unknown>, runs(PARTITIONS));
    expect(outcome.counterexample).not.toBeNull();
    expect(outcome.failed).toBe(true);
    expect(fc.defaultReportMessage(outcome)).toContain(`seed: ${outcome.seed}`);
  };

  test('one that takes the scans as they come', () => {
    isCaught(hasOneState(without({ inOrder: (scans) => [...scans] }), anyPartition));
  });

  test('one of two scans with one id that takes the first that came', () => {
    const first = (scans: readonly MergeScan[]) => [
      ...new Map([...scans].reverse().map((scan) => [scan.scanId, scan])).values(),
    ];
    isCaught(hasOneState(without({ once: first }), anyCollision));
  });

  test.each<[string, Partial<MergeSteps>]>([
    ['believes the clock within one journal', { inOrder: (scans) => [...scans].sort((a, b) => a.at - b.at) }],
    ['counts a repeated upload again', { once: (scans) => [...scans] }],
    ['takes a second reading for a second passage', { passages: (scans) => [...scans] }],
    ['looks at each scan for itself', { together: (scans) => scans.map((scan) => [scan]) }],
    ['throws all vehicles together', { together: (scans) => [[...scans]] }],
  ])('one that %s', (_, steps) => isCaught(equalsOracle(without(steps), anyPartition)));
});

/** `name direction source seq minute [subjects] [gate]` */
function scan(text: string, subjects: readonly string[] = ['p:1'], gateId?: string): MergeScan {
  const [scanId, direction, source, seq, minute] = text.split(' ') as [string, 'IN' | 'OUT', string, string, string];
  return {
    ...{ scanId, source, direction, seq: Number(seq), gateId: gateId ?? `${direction} gate of ${source}` },
    ...{ at: NOON_MS + Number(minute) * MINUTE_MS, subjects: subjects as MergeScan['subjects'] },
  };
}

const at = (minute: number) => NOON_MS + minute * MINUTE_MS;

/** Visits as `entry-exit`, cases as their kind and scans. */
function told(...scans: MergeScan[]): string[] {
  const { visits, cases } = mergeScans(scans);
  return [
    ...visits.map(({ entryScanId, exitScanId }) => `${entryScanId}-${exitScanId ?? ''}`),
    ...cases.map(({ kind, scanIds }) => `${kind} ${scanIds.join('+')}`),
  ];
}

describe('One vehicle', () => {
  test('that came and left has one visit, known by all that anybody saw of it', () => {
    const merged = mergeScans([scan('out OUT b 1 90', ['p:1']), scan('in IN a 1 0', ['r:9', 'p:1'])]);
    expect(merged).toEqual({
      visits: [{ entryScanId: 'in', exitScanId: 'out', enteredAt: at(0), leftAt: at(90), subjects: ['p:1', 'r:9'] }],
      cases: [],
    });
  });

  test('that is inside still has an open visit', () => {
    expect(mergeScans([scan('in IN a 1 0')]).visits).toEqual([
      { entryScanId: 'in', exitScanId: null, enteredAt: at(0), leftAt: null, subjects: ['p:1'] },
    ]);
  });

  test('that comes every day has a visit each', () => {
    expect(told(scan('a IN x 1 0'), scan('b OUT x 2 60'), scan('c IN x 3 120'), scan('d OUT x 4 180'))).toEqual([
      'a-b',
      'c-d',
    ]);
  });

  test('was there as long as its journal says, though the clock jumped back meanwhile: no visit ends before it began', () => {
    const { visits, cases } = mergeScans([scan('in IN a 7 10'), scan('out OUT a 8 0')]);
    expect(visits).toMatchObject([{ entryScanId: 'in', exitScanId: 'out', enteredAt: at(10), leftAt: at(10) }]);
    expect(cases).toEqual([]);
  });

  test('is taken in the order of each journal, whose next scan is the earliest first', () => {
    // Agent b's clock was far ahead for its first scan: what follows it in b's journal waits for that.
    expect(told(scan('in IN b 1 30'), scan('out OUT b 2 5'), scan('back IN a 1 20'))).toEqual([
      'back-out',
      'ENTERED_TWICE in',
    ]);
  });

  test('of two at the same instant the one whose source comes first in the alphabet was first', () => {
    expect(told(scan('out OUT a 1 0'), scan('in IN CLOUD 1 0'))).toEqual(['in-out']);
    expect(told(scan('out OUT CLOUD 1 0'), scan('in IN a 1 0'))).toEqual(['in-', 'LEFT_WITHOUT_ENTRY out']);
  });

  test('that a camera reads again within a minute has passed once', () => {
    const gate = 'north';
    const [first, again] = [scan('a IN x 1 0', ['p:1'], gate), scan('b IN x 2 1', ['p:1'], gate)];
    expect(told(first, again)).toEqual(['a-']);
    expect(told(first, { ...again, at: again.at + 1 })).toEqual(['a-', 'ENTERED_TWICE b']);
    expect(told(first, { ...again, gateId: 'south' })).toEqual(['a-', 'ENTERED_TWICE b']);
  });

  test('that is read again and again has passed a second time when a minute is over since the reading that counted', () => {
    const readings = ['a', 'b', 'c'].map((name, nth) => scan(`${name} IN x ${nth + 1} ${nth * 0.75}`, ['p:1'], 'n'));
    expect(told(...readings)).toEqual(['a-', 'ENTERED_TWICE c']);
  });

  test('is read again also by a clock that has jumped back a little', () => {
    expect(told(scan('a IN x 1 1', ['p:1'], 'n'), scan('b IN x 2 0.5', ['p:1'], 'n'))).toEqual(['a-']);
  });

  test('whose scan was uploaded twice, or decided by the cloud too, counts once', () => {
    const there = scan('a IN CLOUD 1 0');
    expect(told(there, { ...there })).toEqual(['a-']);
    // Of two that differ the one whose text is smaller: "CLOUD" before "lane".
    const { visits } = mergeScans([scan('a IN lane 4 7'), there]);
    expect(visits).toMatchObject([{ entryScanId: 'a', enteredAt: at(0) }]);
  });
});

describe('What belongs together', () => {
  test('is found over what only one scan knew of both', () => {
    const scans = [
      scan('in IN a 1 0', ['t:1']),
      scan('out OUT b 1 60', ['p:1']),
      scan('link IN c 1 0.5', ['p:1', 't:1']),
    ];
    expect(told(...scans)).toEqual(['in-out', 'ENTERED_TWICE link']);
    expect(told(scans[0]!, scans[1]!)).toEqual(['in-', 'LEFT_WITHOUT_ENTRY out']);
  });

  test('is never found where nobody saw anything: each such scan is a vehicle of its own', () => {
    expect(told(scan('a IN x 1 0', []), scan('b OUT x 2 10', []), scan('c IN x 3 20', []))).toEqual([
      'a-',
      'c-',
      'LEFT_WITHOUT_ENTRY b',
    ]);
  });

  test('keeps two vehicles apart that were read at one gate in one minute', () => {
    expect(told(scan('a IN x 1 0', ['p:1'], 'n'), scan('b IN x 2 0', ['p:2'], 'n'))).toEqual(['a-', 'b-']);
  });
});

describe('A case for a person', () => {
  test('a vehicle that entered twice: one visit, one case, however often', () => {
    expect(told(scan('a IN x 1 0'), scan('b IN y 1 10'), scan('c IN z 1 20'), scan('d OUT x 2 60'))).toEqual([
      'a-d',
      'ENTERED_TWICE b+c',
    ]);
  });

  test('and whose second car leaves too: its exit belongs to the case, a third exit to none', () => {
    const twice = [scan('a IN x 1 0'), scan('b IN y 1 10'), scan('c OUT x 2 60'), scan('d OUT y 2 70')];
    expect(told(...twice)).toEqual(['a-c', 'ENTERED_TWICE b+d']);
    expect(told(...twice, scan('e OUT z 1 80'))).toEqual(['a-c', 'ENTERED_TWICE b+d', 'LEFT_WITHOUT_ENTRY e']);
  });

  test('a second visit of a vehicle has its own case', () => {
    expect(
      told(
        ...[scan('a IN x 1 0'), scan('b IN y 1 10'), scan('c OUT x 2 60'), scan('d OUT y 2 70')],
        ...[scan('e IN x 3 100'), scan('f IN y 3 110'), scan('g OUT x 4 160')],
      ),
    ).toEqual(['a-c', 'e-g', 'ENTERED_TWICE b+d', 'ENTERED_TWICE f']);
  });

  test('a pass that was used again after its visit was over; its exit belongs to it', () => {
    const used = [scan('a IN x 1 0', ['r:1']), scan('b OUT x 2 60', ['r:1']), scan('c IN y 1 90', ['r:1'])];
    expect(told(...used)).toEqual(['a-b', 'USED_AGAIN c']);
    expect(told(...used, scan('d OUT y 2 120', ['r:1']))).toEqual(['a-b', 'USED_AGAIN c+d']);
    expect(told(...used, scan('d OUT y 2 120', ['r:1']), scan('e OUT z 1 130', ['r:1']))).toEqual(
      expect.arrayContaining(['a-b', 'USED_AGAIN c+d', 'LEFT_WITHOUT_ENTRY e']),
    );
  });

  test('a plate without a reservation may come again: that is no case', () => {
    expect(told(scan('a IN x 1 0'), scan('b OUT x 2 60'), scan('c IN y 1 90'))).toEqual(['a-b', 'c-']);
  });

  test('nor is a visit on a reservation after one without, on another one, or without after one with', () => {
    const [walkIn, first, second] = [['p:1'], ['r:1', 'p:1'], ['r:2', 'p:1']];
    for (const [before, after] of [
      [walkIn, first],
      [first, second],
      [first, walkIn],
    ]) {
      expect(told(scan('a IN x 1 0', before), scan('b OUT x 2 60'), scan('c IN y 1 90', after))).toEqual(['a-b', 'c-']);
    }
  });

  test('a vehicle that left and had never come, each time anew; what comes after is an ordinary visit', () => {
    expect(told(scan('a OUT x 1 0'), scan('b OUT y 1 10'), scan('c IN x 2 60'))).toEqual([
      'c-',
      'LEFT_WITHOUT_ENTRY a',
      'LEFT_WITHOUT_ENTRY b',
    ]);
  });

  test('the same pass at two gates that were cut off: one visit and one case, whoever uploads first', () => {
    const [north, south] = [scan('n IN north 1 0', ['r:1']), scan('s IN south 1 0', ['r:1'])];
    const out = scan('o OUT CLOUD 1 60', ['r:1']);
    for (const order of everyOrder([north, south, out])) expect(told(...order)).toEqual(['n-o', 'ENTERED_TWICE s']);
  });
});

test('Visits come by their beginning, cases by their kind', () => {
  const { visits, cases } = mergeScans([
    scan('d OUT x 1 1', ['p:4']),
    scan('c IN x 2 30', ['p:3']),
    scan('b IN x 3 20', ['p:2']),
    scan('b2 IN y 1 50', ['p:2']),
    scan('a IN x 4 20', ['p:1']),
  ]);
  expect(visits.map(({ entryScanId }) => entryScanId)).toEqual(['a', 'b', 'c']);
  expect(cases.map(({ kind }) => kind)).toEqual(['ENTERED_TWICE', 'LEFT_WITHOUT_ENTRY']);
});

test('Nothing becomes nothing', () => {
  expect(mergeScans([])).toEqual({ visits: [], cases: [] });
});

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  CLOCKS_AGREE_MS,
  hearReport,
  SEQUENCE_NUMBERS,
  type HeardReport,
  type SeenChange,
  type SensorReport,
  type SensorState,
} from '../../src/domain/sensor-report.ts';

const START_MS = Date.UTC(2027, 2, 1);

/** What really happened on a spot, and how its sensor told it. */
interface Truth {
  readonly changes: readonly { atMs: number; occupied: boolean }[];
  readonly reports: readonly SensorReport[];
}

/** A sensor that tells the truth: one report a change, and heartbeats between. Things happen at least two minutes apart. */
const truths: fc.Arbitrary<Truth> = fc
  .array(fc.record({ afterSeconds: fc.integer({ min: 121, max: 100_000 }), isChange: fc.boolean() }), {
    minLength: 2,
    maxLength: 40,
  })
  .map((steps) => {
    const reports: SensorReport[] = [];
    const changes: { atMs: number; occupied: boolean }[] = [];
    let [atMs, changedAtMs, occupied] = [START_MS, START_MS - 600_000, false];
    for (const [index, { afterSeconds, isChange }] of steps.entries()) {
      atMs += afterSeconds * 1000;
      const secondsInPreviousState = isChange || index === 0 ? (atMs - changedAtMs) / 1000 : null;
      if (secondsInPreviousState !== null) {
        occupied = !occupied;
        changedAtMs = atMs;
        changes.push({ atMs, occupied });
      }
      reports.push({ occupied, sequence: index % SEQUENCE_NUMBERS, secondsInPreviousState, observedAtMs: atMs });
    }
    return { changes, reports };
  });

function hearAll(reports: readonly SensorReport[]): {
  state: SensorState | undefined;
  seen: SeenChange[];
  all: HeardReport[];
} {
  let state: SensorState | undefined;
  const all = reports.map((report) => {
    const heard = hearReport(state, report);
    state = heard.state;
    return heard;
  });
  return { state, seen: all.flatMap(({ changes }) => changes), all };
}

const told = (seen: readonly SeenChange[]) => seen.map(({ atMs, occupied }) => ({ atMs, occupied }));
const isChange = ({ secondsInPreviousState }: SensorReport) => secondsInPreviousState !== null;

/** Of a truth, which reports of changes get lost: never two in a row, and neither the first nor the last. */
const withLosses = fc.tuple(truths, fc.infiniteStream(fc.boolean())).map(([truth, dice]) => {
  const changing = truth.reports.filter(isChange);
  const lost = new Set<SensorReport>();
  for (const [index, report] of changing.entries()) {
    const before = changing[index - 1];
    const isInner = index > 0 && index < changing.length - 1;
    if (isInner && before && !lost.has(before) && dice.next().value === true) lost.add(report);
  }
  return { truth, heard: truth.reports.filter((report) => isChange(report) && !lost.has(report)), lost };
});

/** The first change is told with the state before it, which had begun before anything is known. */
const before = (truth: Truth) => ({ atMs: START_MS - 600_000, occupied: !truth.changes[0]!.occupied });

describe('the reports of a sensor', () => {
  test('tell every change once, in order, when all of them arrive', () => {
    fc.assert(
      fc.property(truths, (truth) => {
        const { state, seen, all } = hearAll(truth.reports);
        expect(told(seen)).toEqual([before(truth), ...truth.changes]);
        expect(state?.occupied).toBe(truth.changes.at(-1)!.occupied);
        expect(all.every(({ lost }) => lost === 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('tell every change, to the second, although any of them gets lost between two that arrive', () => {
    fc.assert(
      fc.property(withLosses, ({ truth, heard, lost }) => {
        const { state, seen } = hearAll(heard);
        expect(told(seen)).toEqual([before(truth), ...truth.changes]);
        const recovered = seen.slice(1).filter((change) => change.recovered);
        expect(recovered.map(({ atMs }) => atMs)).toEqual([...lost].map(({ observedAtMs }) => observedAtMs));
        expect(state).toMatchObject({ occupied: truth.changes.at(-1)!.occupied, sinceMs: truth.changes.at(-1)!.atMs });
      }),
      { numRuns: 500 },
    );
  });

  test('would not, if they did not say how long the state before had lasted', () => {
    const deaf = fc.check(
      fc.property(withLosses, ({ truth, heard }) => {
        const { seen } = hearAll(heard.map((report) => ({ ...report, secondsInPreviousState: null })));
        expect(told(seen)).toEqual(truth.changes);
      }),
      { numRuns: 500 },
    );
    expect(deaf.failed).toBe(true);
  });

  test('have no second effect when they come again, and none when they come late', () => {
    const disturbed = fc.tuple(truths, fc.infiniteStream(fc.nat(2)));
    fc.assert(
      fc.property(disturbed, ([truth, dice]) => {
        const sent = truth.reports.flatMap((report, index) => {
          const kind = dice.next().value;
          const earlier = truth.reports[Math.max(0, index - 1)]!;
          return kind === 0 ? [report] : kind === 1 ? [report, report] : [report, earlier, report];
        });
        const { state, seen } = hearAll(sent);
        const alone = hearAll(truth.reports);
        expect(state).toEqual(alone.state);
        expect(seen).toEqual(alone.seen);
      }),
      { numRuns: 300 },
    );
  });

  test('lead to what the newest says, in whatever order they come', () => {
    const shuffled = truths.chain((truth) =>
      fc.tuple(fc.constant(truth), fc.shuffledSubarray([...truth.reports], { minLength: truth.reports.length })),
    );
    fc.assert(
      fc.property(shuffled, ([truth, sent]) => {
        const { state } = hearAll(sent);
        const newest = truth.reports.at(-1)!;
        expect(state).toMatchObject({ occupied: newest.occupied, heardAtMs: newest.observedAtMs });
      }),
      { numRuns: 300 },
    );
  });

  test('of one minute are ordered by their numbers, because the clocks of two gateways differ', () => {
    const first = { occupied: true, sequence: 7, secondsInPreviousState: 600, observedAtMs: START_MS };
    const next = { occupied: false, sequence: 0, secondsInPreviousState: 20, observedAtMs: START_MS - 3000 };
    expect(hearAll([first, next])).toMatchObject({ state: { occupied: false }, all: [{}, { outcome: 'CHANGED' }] });
    expect(hearAll([next, first])).toMatchObject({ state: { occupied: false }, all: [{}, { outcome: 'LATE' }] });
  });

  test('tell by their numbers how many were lost', () => {
    const at = (minutes: number, sequence: number) => ({
      ...{ occupied: true, sequence, secondsInPreviousState: null },
      observedAtMs: START_MS + minutes * 2 * CLOCKS_AGREE_MS,
    });
    expect(hearAll([at(0, 6), at(1, 1), at(2, 2)]).all.map(({ lost }) => lost)).toEqual([0, 2, 0]);
  });

  test('that contradict what is known as a heartbeat tell of a change at an unknown time', () => {
    const change = { occupied: true, sequence: 1, secondsInPreviousState: 60, observedAtMs: START_MS };
    const heartbeat = {
      occupied: false,
      sequence: 3,
      secondsInPreviousState: null,
      observedAtMs: START_MS + 7_200_000,
    };
    const { state, all } = hearAll([change, heartbeat]);
    expect(state?.occupied).toBe(false);
    expect(all[1]).toMatchObject({ outcome: 'CHANGED', lost: 1, changes: [{ recovered: true, occupied: false }] });
  });
});

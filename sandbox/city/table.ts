// What `npm run city` ends with: what happened, how long it took beside the least that an answer takes, and what must be true.

import type { CityCounts, CityProof } from './proof.ts';
import type { Tally } from './tally.ts';

export interface CityResult {
  readonly tally: Tally;
  readonly proof: CityProof;
  readonly counts: CityCounts;
  readonly minutes: number;
}

export const FLOOR = '{ __typename }';

const OUTCOMES = ['reserved', 'cancelled', 'checked in', 'walked in', 'paid at the exit', 'left'];
const INVARIANTS: Readonly<Record<keyof CityProof, string>> = {
  unbalanced: 'postings that do not balance',
  notInTheBooks: 'payments that the books do not have so',
  overlappingClaims: 'claims that overlap',
  sharedSpots: 'vehicles that share a spot',
  doubleEntries: 'vehicles that came in twice',
  doubleExits: 'vehicles that left twice',
  overRefunded: 'payments that gave back more than they took',
};

/**
 * What is wrong with a result, in sentences; empty when nothing is. A call without an answer may have had its effect or not; whoever was let
 * out unknown still counts as inside.
 */
export function faultsOf({ tally, proof, counts }: CityResult): string[] {
  const unknown = tally.count('failed');
  const { letOutUnknown } = counts;
  const differs = (what: string, { counted, stored }: { counted: number; stored: number }, excused = unknown) =>
    Math.abs(counted - stored) <= excused ? [] : [`${what}: the city counted ${counted}, the database has ${stored}`];
  const never = (what: string) => (tally.count(what) > 0 ? [] : [`nobody ${what}`]);
  return [
    ...(Object.keys(INVARIANTS) as (keyof CityProof)[]).flatMap((name) =>
      proof[name] === 0 ? [] : [`${INVARIANTS[name]}: ${proof[name]}`],
    ),
    ...differs('entries', { counted: tally.count('walked in') + tally.count('checked in'), stored: counts.entries }),
    ...differs('exits', { counted: tally.count('left'), stored: counts.exits }, unknown + letOutUnknown),
    ...differs('reservations', { counted: tally.count('reserved'), stored: counts.reservations }),
    ...['reserved', 'walked in', 'checked in', 'left'].flatMap(never),
  ];
}

/** The table, a line an element. */
export function tableOf(result: CityResult): string[] {
  const { tally, proof, counts } = result;
  const line = (name: string, value: string | number) => `  ${name.padEnd(46)}${String(value).padStart(10)}`;
  const others = [...tally.counts]
    .filter(([name]) => !OUTCOMES.includes(name) && name !== 'failed')
    .toSorted((a, b) => b[1] - a[1]);
  const scans = tally.timings('checkIn') + tally.timings('checkOut') + tally.timings('scan');
  return [
    '',
    ...OUTCOMES.map((name) => line(name, tally.count(name))),
    line('scans', scans),
    ...others.map(([name, count]) => line(name, count)),
    line('calls without an answer', tally.count('failed')),
    '',
    ...latencyLines(result),
    '',
    line('entries in the database', counts.entries),
    line('exits in the database', counts.exits),
    line('reservations in the database', counts.reservations),
    line('let out unknown, an incident each', counts.letOutUnknown),
    ...(Object.keys(INVARIANTS) as (keyof CityProof)[]).map((name) => line(INVARIANTS[name], proof[name])),
  ];
}

function latencyLines({ tally, minutes }: CityResult): string[] {
  const all = tally.latencies();
  const floor = all.find(({ name }) => name === FLOOR);
  const heads = ['count', 'a second', 'p50 ms', 'p95 ms', 'p99 ms', '× floor'];
  const row = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(10)).join('')}`;
  const sorted = all.toSorted((a, b) => b.count - a.count);
  return [
    row('operation', heads),
    ...sorted.map(({ name, count, p50Ms, p95Ms, p99Ms }) => {
      const times = floor ? (p50Ms / floor.p50Ms).toFixed(1) : '';
      const ms = [p50Ms, p95Ms, p99Ms].map((value) => value.toFixed(1));
      return row(name === FLOOR ? `${FLOOR} (floor)` : name, [
        ...[String(count), (count / (minutes * 60)).toFixed(1)],
        ...[...ms, times],
      ]);
    }),
  ];
}

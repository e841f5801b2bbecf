/** One figure of a benchmark beside its floor: what the same machine does in the same run without us. */
export interface BenchResult {
  /** What was measured, as a short sentence. */
  name: string;
  /** Of `value` and `floor`: `ms`, `requests/s`, `KB`. */
  unit: string;
  value: number;
  /** What the floor is. */
  floorName: string;
  floor: number;
  /** `value / floor`. */
  ratio: number;
  /** What is wanted, for people: `ratio ≤ 1.5`. */
  goal: string;
  /** Whether the goal was met; absent where there is none. */
  met?: boolean;
}

/** What each file of bench/ exports. */
export interface BenchFile {
  run(): Promise<BenchResult[]>;
}

interface Measured {
  name: string;
  unit: string;
  value: number;
  floorName: string;
  floor: number;
}

/** A result whose ratio to its floor may be `limit` at most. */
export function atMost(limit: number, measured: Measured): BenchResult {
  const ratio = measured.value / measured.floor;
  return { ...measured, ratio, goal: `ratio ≤ ${limit}`, met: ratio <= limit };
}

/** A result whose ratio to its floor must be `limit` at least. */
export function atLeast(limit: number, measured: Measured): BenchResult {
  const ratio = measured.value / measured.floor;
  return { ...measured, ratio, goal: `ratio ≥ ${limit}`, met: ratio >= limit };
}

/** A result that stands beside its floor without a goal. */
export function beside(measured: Measured): BenchResult {
  return { ...measured, ratio: measured.value / measured.floor, goal: '–' };
}

/** The value below which a share of the sorted values lies: 0.5 is the median. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A result that has to reach so much a minute, whatever its floor. */
export function atLeastPerMinute(limit: number, measured: Measured): BenchResult {
  const ratio = measured.value / measured.floor;
  return { ...measured, ratio, goal: `≥ ${limit} a minute`, met: measured.value >= limit };
}

/** A result that may be so much at most, whatever its floor. */
export function underLimit(limit: number, measured: Measured): BenchResult {
  const ratio = measured.value / measured.floor;
  return { ...measured, ratio, goal: `≤ ${limit} ${measured.unit}`, met: measured.value <= limit };
}

/** How far the numbers of a sensor's reports go before they begin again. */
export const SEQUENCE_NUMBERS = 8;
/** Gateways' clocks may differ by so much: within it the sequence says which of two reports is the newer, beyond it the clock does. */
export const CLOCKS_AGREE_MS = 60_000;

/** One report of a sensor. Instants in ms since 1970. */
export interface SensorReport {
  readonly occupied: boolean;
  /** 0 to 7, one more with each report. */
  readonly sequence: number;
  /** In a report of a change: how long the state before it had lasted. Null in a heartbeat. */
  readonly secondsInPreviousState: number | null;
  readonly observedAtMs: number;
}

/** What is known of a sensor by its newest report. */
export interface SensorState {
  readonly occupied: boolean;
  /** Since when it has been so. */
  readonly sinceMs: number;
  readonly sequence: number;
  readonly heardAtMs: number;
}

/** A moment at which a spot was taken or left. */
export interface SeenChange {
  readonly atMs: number;
  readonly occupied: boolean;
  /** Its own report was lost. */
  readonly recovered: boolean;
}

export const REPORT_OUTCOMES = ['CHANGED', 'UNCHANGED', 'REPEATED', 'LATE'] as const;

/** What a report leads to. */
export interface HeardReport {
  /** REPEATED: this very report again. LATE: a newer one had been heard, which told more. Neither has an effect. */
  readonly outcome: (typeof REPORT_OUTCOMES)[number];
  readonly state: SensorState;
  readonly changes: readonly SeenChange[];
  /** How many reports between the last one and this did not arrive; of eight in a row none is missed. */
  readonly lost: number;
}

/**
 * Takes in one report of a sensor, in whatever order reports come. A report of a change says how long the state before it lasted: where the
 * report of that earlier change was lost, it is recovered from there.
 */
export function hearReport(state: SensorState | undefined, report: SensorReport): HeardReport {
  if (!state) return firstReport(report);
  if (isRepeated(state, report)) return { outcome: 'REPEATED', state, changes: [], lost: 0 };
  if (!isNewer(state, report)) return { outcome: 'LATE', state, changes: [], lost: 0 };
  const changes = changesTold(state, report);
  const last = changes.at(-1);
  return {
    outcome: last ? 'CHANGED' : 'UNCHANGED',
    state: { ...stateOf(report), sinceMs: last?.atMs ?? state.sinceMs },
    changes,
    lost: (ahead(state, report) + SEQUENCE_NUMBERS - 1) % SEQUENCE_NUMBERS,
  };
}

function firstReport(report: SensorReport): HeardReport {
  const { occupied, secondsInPreviousState, observedAtMs } = report;
  const earlier =
    secondsInPreviousState === null
      ? []
      : [{ atMs: observedAtMs - secondsInPreviousState * 1000, occupied: !occupied, recovered: true }];
  const changes = [...earlier, { atMs: observedAtMs, occupied, recovered: false }];
  return { outcome: 'CHANGED', state: stateOf(report), changes, lost: 0 };
}

function stateOf({ occupied, sequence, observedAtMs }: SensorReport): SensorState {
  return { occupied, sinceMs: observedAtMs, sequence, heardAtMs: observedAtMs };
}

/** How many numbers a report is ahead of the last one: 0 to 7. */
function ahead(state: SensorState, { sequence }: SensorReport): number {
  return (sequence - state.sequence + SEQUENCE_NUMBERS) % SEQUENCE_NUMBERS;
}

function isRepeated(state: SensorState, report: SensorReport): boolean {
  const isNear = Math.abs(report.observedAtMs - state.heardAtMs) <= CLOCKS_AGREE_MS;
  return isNear && ahead(state, report) === 0 && report.occupied === state.occupied;
}

function isNewer(state: SensorState, report: SensorReport): boolean {
  const laterMs = report.observedAtMs - state.heardAtMs;
  if (Math.abs(laterMs) > CLOCKS_AGREE_MS) return laterMs > 0;
  const numbers = ahead(state, report);
  return numbers > 0 && numbers <= SEQUENCE_NUMBERS / 2;
}

/** What a newer report tells of the time since the last one. A heartbeat that contradicts it knows of a change, but not when it was. */
function changesTold(state: SensorState, report: SensorReport): SeenChange[] {
  const { occupied, secondsInPreviousState, observedAtMs } = report;
  if (secondsInPreviousState === null)
    return occupied === state.occupied ? [] : [{ atMs: observedAtMs, occupied, recovered: true }];
  const own = { atMs: observedAtMs, occupied, recovered: false };
  const earlierMs = observedAtMs - secondsInPreviousState * 1000;
  // Told before: the state before this one is the one that is known.
  if (occupied !== state.occupied && earlierMs <= state.heardAtMs + CLOCKS_AGREE_MS) return [own];
  // The report of a change that had been heard, told again under a new number.
  if (occupied === state.occupied && earlierMs < state.sinceMs) return [];
  return [{ atMs: earlierMs, occupied: !occupied, recovered: true }, own];
}

/** What is known of a device's clock; instants in ms since 1970 by our clock. */
export interface ClockWatch {
  /** Received minus told, the newest last. */
  readonly offsetsMs: readonly number[];
  readonly lastSampleAt: number;
  /** An offset that does not fit the others: something late, or a clock that was put back. */
  readonly odd: { readonly offsetMs: number; readonly receivedAt: number; readonly seenAt: number } | undefined;
}

export interface ClockReading {
  readonly watch: ClockWatch;
  /** What is to be added to the device's clock to get ours: the median of its offsets. */
  readonly skewMs: number;
  /** How long ago it saw what it tells, by the corrected clock; 0 for what is told at once. */
  readonly ageMs: number;
}

const MOST_SAMPLES = 15;
/** A burst of what was held back is one sample. */
const SAMPLE_EVERY_MS = 2000;
/** So much later than usual a message may come and still count as told at once. */
const USUAL_MS = 30_000;
/** Two messages that far apart with the same odd offset: the clock was put back. What was held back does not keep its distance. */
const STEP_APART_MS = 3000;
const SAME_OFFSET_MS = 2000;

export const UNWATCHED: ClockWatch = { offsetsMs: [], lastSampleAt: Number.NEGATIVE_INFINITY, odd: undefined };

/** A watch that begins with what was measured before. */
export function watchFrom(skewMs: number): ClockWatch {
  return { ...UNWATCHED, offsetsMs: [skewMs] };
}

/**
 * What one message says about a device's clock. The skew is the median of the last fifteen offsets, at most one of two seconds, so that
 * neither a slow message nor a burst of late ones moves it. An offset below the others is believed at once (nothing comes before it was
 * sent); one far above them is a late message, until a second one says the same: then the clock was put back.
 */
export function readClock(
  watch: ClockWatch,
  { seenAt, receivedAt }: { seenAt: number; receivedAt: number },
): ClockReading {
  const offsetMs = receivedAt - seenAt;
  const usual = medianOf(watch.offsetsMs);
  if (usual === undefined || offsetMs < usual - USUAL_MS) return afresh(offsetMs, receivedAt);
  if (offsetMs <= usual + USUAL_MS) {
    const isDue = Math.abs(receivedAt - watch.lastSampleAt) >= SAMPLE_EVERY_MS;
    const offsetsMs = isDue ? [...watch.offsetsMs, offsetMs].slice(-MOST_SAMPLES) : watch.offsetsMs;
    const skewMs = medianOf(offsetsMs) ?? offsetMs;
    const lastSampleAt = isDue ? receivedAt : watch.lastSampleAt;
    return { watch: { offsetsMs, lastSampleAt, odd: undefined }, skewMs, ageMs: Math.max(0, offsetMs - skewMs) };
  }
  const { odd } = watch;
  const isStep =
    odd !== undefined &&
    Math.abs(offsetMs - odd.offsetMs) <= SAME_OFFSET_MS &&
    receivedAt - odd.receivedAt >= STEP_APART_MS &&
    seenAt - odd.seenAt >= STEP_APART_MS;
  if (isStep) return afresh(offsetMs, receivedAt);
  const isOther = odd === undefined || Math.abs(offsetMs - odd.offsetMs) > SAME_OFFSET_MS;
  return {
    watch: { ...watch, odd: isOther ? { offsetMs, receivedAt, seenAt } : odd },
    skewMs: usual,
    ageMs: offsetMs - usual,
  };
}

function afresh(offsetMs: number, receivedAt: number): ClockReading {
  return { watch: { offsetsMs: [offsetMs], lastSampleAt: receivedAt, odd: undefined }, skewMs: offsetMs, ageMs: 0 };
}

function medianOf(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

const ALARM_MS = 120_000;
const ZONE_STEP_MS = 15 * 60_000;
const ZONE_SLACK_MS = 60_000;

/** Whether a skew is one that a person should mend: over two minutes, unless it is a time zone that the device does not tell. */
export function isClockOff(skewMs: number): boolean {
  if (Math.abs(skewMs) <= ALARM_MS) return false;
  const fromZone = Math.abs(skewMs - Math.round(skewMs / ZONE_STEP_MS) * ZONE_STEP_MS);
  return !(fromZone <= ZONE_SLACK_MS && Math.abs(skewMs) >= ZONE_STEP_MS - ZONE_SLACK_MS);
}

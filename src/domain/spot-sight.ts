/** What a person may say of a spot; UNKNOWN: its sensors are not to be believed. */
export const SPOT_SIGHTS = ['OCCUPIED', 'FREE', 'UNKNOWN'] as const;
export type SpotSight = (typeof SPOT_SIGHTS)[number];

/** Sensors of one spot do not see a vehicle in the same second. Until then, of two the one that changed last is believed. */
export const AGREE_WITHIN_MS = 60_000;

/** What one sensor of a spot says. Instants in ms since 1970. */
export interface SensorWord {
  /** Null: never heard. */
  readonly occupied: boolean | null;
  readonly sinceMs: number;
  readonly silentAfterMs: number;
}

/** What a person said of a spot. */
export interface OverrideWord {
  readonly sight: SpotSight;
  readonly saidAtMs: number;
  readonly expiresAtMs: number;
}

/** What is known of a spot, and until when nothing new has to be heard for it to change. */
export interface Sight {
  /** Null: nobody knows. */
  readonly occupied: boolean | null;
  /** Since when it has been so; of no meaning where nobody knows. */
  readonly sinceMs: number;
  /** Its sensors have contradicted each other for longer than they may. */
  readonly disagreeSinceMs: number | null;
  readonly lookAgainAtMs: number | null;
}

const OCCUPIED: Readonly<Record<SpotSight, boolean | null>> = { OCCUPIED: true, FREE: false, UNKNOWN: null };

/**
 * What is known of a spot: a person's word while it holds; else what most of its living sensors say. As many for as against: unknown, once
 * the minute is over in which they may differ. A silent sensor has no vote.
 */
export function sightOf(words: readonly SensorWord[], override: OverrideWord | undefined, nowMs: number): Sight {
  const living = words.filter(
    (word): word is SensorWord & { occupied: boolean } => word.occupied !== null && word.silentAfterMs > nowMs,
  );
  const sensed = majority(living, nowMs);
  // Also of those that were never heard: a person has to hear of it.
  const ends = words.map(({ silentAfterMs }) => silentAfterMs).filter((endsAtMs) => endsAtMs > nowMs);
  if (override && override.expiresAtMs > nowMs) {
    const { sight, saidAtMs, expiresAtMs } = override;
    return {
      ...{ occupied: OCCUPIED[sight], sinceMs: saidAtMs, disagreeSinceMs: sensed.disagreeSinceMs },
      lookAgainAtMs: earliest([expiresAtMs, ...ends]),
    };
  }
  const { settlesAtMs, ...seen } = sensed;
  return { ...seen, lookAgainAtMs: earliest(settlesAtMs === null ? ends : [settlesAtMs, ...ends]) };
}

type Votes = Omit<Sight, 'lookAgainAtMs'> & { readonly settlesAtMs: number | null };

function majority(living: readonly (SensorWord & { occupied: boolean })[], nowMs: number): Votes {
  const [newest] = living.toSorted((a, b) => b.sinceMs - a.sinceMs);
  if (!newest) return { occupied: null, sinceMs: nowMs, disagreeSinceMs: null, settlesAtMs: null };
  const against = living.filter(({ occupied }) => occupied !== newest.occupied).length;
  const alike = living.length - against;
  const { occupied, sinceMs } = newest;
  if (against === 0) {
    // The first of them to see it saw it first.
    const firstMs = Math.min(...living.map((word) => word.sinceMs));
    return { occupied, sinceMs: firstMs, disagreeSinceMs: null, settlesAtMs: null };
  }
  const isFresh = nowMs < sinceMs + AGREE_WITHIN_MS;
  const decided = alike === against ? (isFresh ? occupied : null) : alike > against ? occupied : !occupied;
  return {
    occupied: decided,
    sinceMs: sinceOf(living, decided) ?? nowMs,
    disagreeSinceMs: isFresh ? null : sinceMs,
    settlesAtMs: isFresh ? sinceMs + AGREE_WITHIN_MS : null,
  };
}

function sinceOf(living: readonly (SensorWord & { occupied: boolean })[], known: boolean | null): number | undefined {
  const saying = living.filter(({ occupied }) => occupied === known).map(({ sinceMs }) => sinceMs);
  return saying.length === 0 ? undefined : Math.min(...saying);
}

function earliest(instants: readonly number[]): number | null {
  return instants.length === 0 ? null : Math.min(...instants);
}

import { normalizePlate, plateSkeleton } from '../domain/plate.ts';
import type { CameraRead } from './cameras/camera-read.ts';

/** One vehicle in front of one camera: its first scan, and what was answered. */
export interface Arrival<T> {
  /** What the gate remembers it by; undefined: by what its plate looks like. */
  readonly key: string | undefined;
  /** The scan whose answer stands. */
  scanId: string;
  readonly carId: string | undefined;
  plate: string | undefined;
  confidence: number;
  corrections: number;
  readonly readings: Set<string>;
  lastReadAt: number;
  decidedAt: number;
  isOpen: boolean | undefined;
  answer: Promise<T>;
}

/** What is to be done about a reading: AGAIN has its answer; the others are to be asked of the gate. */
export type Placed<T> =
  | { readonly kind: 'AGAIN'; readonly arrival: Arrival<T> }
  | { readonly kind: 'FIRST'; readonly key: string | undefined }
  | { readonly kind: 'ASK_AGAIN' | 'CORRECTED'; readonly arrival: Arrival<T> };

interface Seen {
  readonly scanId: string;
  readonly read: CameraRead;
  readonly nowMs: number;
}

/** A car that stands there is read again and again; without a reading for so long it has gone. */
const GONE_MS = 15_000;
/** Whoever was not let in is asked about again after this: they may have paid or booked meanwhile. */
const ASK_AGAIN_MS = 5000;
/** While the arm goes up, what looks like the same plate is the same car: the next one is not at the camera yet. */
const ARM_MS = 5000;
/** An arm that has not let it through by then does not: the gate is asked anew. */
const LET_THROUGH_MS = 60_000;
const CORRECTED_MS = 60_000;
const MOST_CORRECTIONS = 2;
const SURER_BY = 0.05;
const MOST_READINGS = 200;
const MOST_ARRIVALS = 8;
const MOST_CAR_IDS = 1000;
/** What a camera may get wrong of one plate from one frame to the next: misread, left out or seen twice. */
const ALIKE = 2;

/** The cars in front of one camera in the last moments. */
export class Arrivals<T> {
  private readonly recent: Arrival<T>[] = [];
  /** The camera's ids of cars that have had an arrival. */
  private readonly carIds = new Set<string>();

  /** Which arrival a reading belongs to, and whether it tells anything new. */
  place({ scanId, read, nowMs }: Seen): Placed<T> {
    const plate = read.plate && normalizePlate(read.plate.text);
    const arrival = this.find({ scanId, read, nowMs }, plate);
    if (!arrival) return { kind: 'FIRST', key: this.keyFor(scanId, read) };
    arrival.lastReadAt = nowMs;
    const isResent = arrival.readings.has(scanId);
    if (arrival.readings.size < MOST_READINGS) arrival.readings.add(scanId);
    if (isResent || arrival.isOpen === undefined) return { kind: 'AGAIN', arrival };
    if (isCorrection(arrival, { plate, read, nowMs })) return { kind: 'CORRECTED', arrival };
    const isDue = !arrival.isOpen && nowMs - arrival.decidedAt >= ASK_AGAIN_MS;
    return { kind: isDue ? 'ASK_AGAIN' : 'AGAIN', arrival };
  }

  /** Notes that the gate is being asked, so that readings that come meanwhile wait for this answer. */
  begin({ scanId, read, nowMs }: Seen, placed: Exclude<Placed<T>, { kind: 'AGAIN' }>, answer: Promise<T>): Arrival<T> {
    const plate = read.plate && normalizePlate(read.plate.text);
    const confidence = read.plate?.confidence ?? 1;
    if (placed.kind !== 'FIRST') {
      const { arrival } = placed;
      arrival.corrections += placed.kind === 'CORRECTED' ? 1 : 0;
      Object.assign(arrival, { scanId, plate, confidence, decidedAt: nowMs, isOpen: undefined, answer });
      return arrival;
    }
    if (read.carId !== undefined) this.noteCarId(read.carId);
    const arrival = {
      ...{ key: placed.key, scanId, carId: read.carId, plate, confidence, corrections: 0 },
      ...{ readings: new Set([scanId]), lastReadAt: nowMs, decidedAt: nowMs, isOpen: undefined, answer },
    };
    this.recent.unshift(arrival);
    this.recent.splice(MOST_ARRIVALS);
    return arrival;
  }

  /** A question that came to nothing: the next reading asks anew. */
  forget(arrival: Arrival<T>): void {
    const at = this.recent.indexOf(arrival);
    if (at >= 0) this.recent.splice(at, 1);
  }

  /** Ends every arrival that was let through: the loop has said that it has passed. */
  passed(): void {
    this.recent.filter(({ isOpen }) => isOpen).forEach((arrival) => this.forget(arrival));
  }

  private noteCarId(carId: string): void {
    if (this.carIds.size >= MOST_CAR_IDS) this.carIds.clear();
    this.carIds.add(carId);
  }

  private find({ scanId, read, nowMs }: Seen, plate: string | undefined): Arrival<T> | undefined {
    const resent = this.recent.find(({ readings }) => readings.has(scanId));
    if (resent) return resent;
    return this.recent.find((arrival) => {
      if (nowMs - arrival.lastReadAt > GONE_MS) return false;
      if (arrival.isOpen && nowMs - arrival.decidedAt > LET_THROUGH_MS) return false;
      if (read.carId !== undefined) return arrival.carId === read.carId && isAlike(arrival.plate, plate, ALIKE + 1);
      if (arrival.plate === undefined || plate === undefined) return nowMs - arrival.decidedAt <= ARM_MS;
      if (plateSkeleton(arrival.plate) === plateSkeleton(plate)) return true;
      return arrival.isOpen !== false && nowMs - arrival.decidedAt <= ARM_MS && isAlike(arrival.plate, plate, ALIKE);
    });
  }

  /** A car id that is used anew (the camera was restarted, the car has come back) must not get the answer of the arrival before. */
  private keyFor(scanId: string, { carId }: CameraRead): string | undefined {
    if (carId === undefined) return undefined;
    return this.carIds.has(carId) ? scanId : carId;
  }
}

function isCorrection<T>(
  arrival: Arrival<T>,
  { plate, read, nowMs }: { plate: string | undefined; read: CameraRead; nowMs: number },
): boolean {
  if (plate === undefined || plate === arrival.plate || arrival.corrections >= MOST_CORRECTIONS) return false;
  if (nowMs - arrival.decidedAt > CORRECTED_MS) return false;
  // A camera that follows the car corrects itself; of one that only sees frames it takes a surer frame.
  const surerBy = (read.plate?.confidence ?? 1) - arrival.confidence;
  return surerBy >= (read.carId === undefined ? SURER_BY : 0);
}

function isAlike(a: string | undefined, b: string | undefined, most: number): boolean {
  return a === undefined || b === undefined || distance([...a], [...b]) <= most;
}

/** Levenshtein's: how many characters were changed, left out or put in. Plates have at most twelve. */
function distance(a: readonly string[], b: readonly string[]): number {
  let row = b.map((_, index) => index + 1);
  a.forEach((character, index) => {
    let diagonal = index;
    let left = index + 1;
    row = b.map((other, at) => {
      const above = row[at] ?? 0;
      left = Math.min(above + 1, left + 1, diagonal + (character === other ? 0 : 1));
      diagonal = above;
      return left;
    });
  });
  return row.at(-1) ?? a.length;
}

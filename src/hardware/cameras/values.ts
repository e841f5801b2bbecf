import { z } from 'zod';

/** A short text. Cameras send some numbers as text and some texts as numbers. */
export const text = z.union([z.string(), z.number()]).transform(String).pipe(z.string().max(200));

/** How sure a camera is, 0 to 1. */
export const share = z.number().min(0).max(1);

/** How sure a camera is, of a hundred, as a share; what is outside is brought inside. */
export function shareOfPercent(percent: number): number {
  return Math.min(1, Math.max(0, percent / 100));
}

/** Latest and earliest instant that a clock may show; what is outside is no time. */
const EARLIEST_MS = Date.UTC(1990, 0, 1);
const LATEST_MS = Date.UTC(2100, 0, 1);
/** More than this many ms is said in microseconds, and so on. */
const FINER_MS = 1e14;

/** Epoch time in milliseconds, microseconds or nanoseconds, whichever it must be. */
export function instantOfEpoch(epoch: number): Date | undefined {
  let ms = epoch;
  while (ms > FINER_MS) ms /= 1000;
  return instantOfMs(ms);
}

/** An instant, unless it is one that no clock of a camera shows. */
export function instantOfMs(ms: number): Date | undefined {
  return ms >= EARLIEST_MS && ms <= LATEST_MS ? new Date(Math.round(ms)) : undefined;
}

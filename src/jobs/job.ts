import { z } from 'zod';
import type { JobData } from '../platform/agenda.ts';
import type { Platform } from '../platform/platform.ts';

/** DONE: nothing is left to do, whatever was found. Otherwise the job wants to run again after so long. */
export type JobOutcome = 'DONE' | { readonly againInMs: number };

/** Something that is due at an instant. It decides from the rows: running it twice, early or late does no harm. */
export interface Job {
  readonly name: string;
  readonly run: (platform: Platform, data: JobData) => Promise<JobOutcome>;
}

/** Something that is looked after every so often, whether or not anybody was told of it. */
export interface Sweep {
  readonly name: string;
  readonly everySeconds: number;
  /** Gives how much it found to do: what should have been done already. */
  readonly run: (platform: Platform) => Promise<number>;
}

const keySchema = z.object({ lotId: z.uuid(), reservationId: z.uuid() });

/** The reservation a job is about. Throws for data that names none. */
export function reservationKeyOf(data: JobData): { lotId: string; reservationId: string } {
  return keySchema.parse(data);
}

import { startProjector } from '../availability/projector.ts';
import { startJournalAppliers } from '../gate/applier.ts';
import { startJobs } from '../jobs/start.ts';
import type { Platform } from '../platform/platform.ts';

/** Something that runs beside the requests until it is told to stop. */
export interface BackgroundWork {
  /** Finishes what is under way and resolves. */
  stop(): Promise<void>;
}

type Start = (platform: Platform) => BackgroundWork | Promise<BackgroundWork>;

/** What the worker role runs, in the order of starting; it is stopped in the reverse order. */
const WORKER: readonly Start[] = [startProjector, startJournalAppliers, startJobs];

/** Starts the worker role. When one of its parts does not start, the others are stopped and the error is thrown on. */
export async function startBackground(platform: Platform): Promise<BackgroundWork> {
  const running: BackgroundWork[] = [];
  const stop = async () => {
    for (const work of running.splice(0).reverse()) await work.stop();
  };
  try {
    for (const start of WORKER) running.push(await start(platform));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
}

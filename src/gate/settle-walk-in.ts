import { allocateWalkIn } from '../allocation/allocate-walk-in.ts';
import { noteMonthlyPass } from '../discounts/note-monthly-pass.ts';
import type { Concessions } from '../domain/concessions.ts';
import { Tariff } from '../entities/tariff.ts';
import type { Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { RowBatch } from '../platform/row-batch.ts';
import { writeIncident, type Applied } from './apply-context.ts';
import { concessionsOf } from './concessions-of.ts';
import { earlierVisits } from './earlier-visits.ts';
import type { JournalEntry, WalkInEntry } from './journal-entry.ts';
import { projectStay } from './project-stay.ts';

/** What a walk-in that came in without PostgreSQL is given once it is back. */
export interface SettledWalkIn {
  /** Null where no spot is left: a person has to find room. */
  readonly spotId: string | null;
  readonly concessions?: Concessions;
}

/**
 * Finds the spot of a vehicle that came in while PostgreSQL was away, or at a lane that was cut off, and what makes its stay cheaper. Its price keeps the type
 * that it was let in on. No spot left: NO_SPOT_LEFT for a person. Locks the pools that fit, unless the caller has, and the plate's
 * monthly passes; publishes lotChanged.
 */
export async function settleWalkIn(
  tx: Transaction,
  { lot, entry }: Pick<Applied, 'lot' | 'entry'>,
  walkIn: WalkInEntry,
): Promise<SettledWalkIn> {
  const { stayId, vehicleClass, plateIndex, monthlyPassIds = [], hasLeft = false } = walkIn;
  const at = new Date(walkIn.at);
  const { id: lotId, timeZone } = lot;
  const spot = hasLeft ? undefined : await seated(tx, { lot, vehicleClass, stayId });
  if (!spot && !hasLeft) {
    const note = 'It was let in while PostgreSQL was away, and no spot that fits it is free.';
    await writeIncident(tx, entry, { kind: 'NO_SPOT_LEFT', note });
  }
  const monthlyPass = await noteMonthlyPass(tx, { lotId, stayId, monthlyPassIds, at, timeZone });
  const { document } = await tx.em.findOneOrFail(Tariff, { lotId, id: walkIn.tariffId });
  const withinMinutes = document.reentry?.withinMinutes;
  const earlier = await earlierVisits(tx.em, { lotId, plateIndex, at, withinMinutes });
  return { spotId: spot?.spotId ?? null, ...concessionsOf({ monthlyPass, earlier }) };
}

/** The claim is written at once: another walk-in of the same batch must not be given the same spot. */
async function seated(
  tx: Transaction,
  walkIn: Parameters<typeof allocateWalkIn>[1],
): ReturnType<typeof allocateWalkIn> {
  const rows = new RowBatch(tx.em);
  const spot = await allocateWalkIn({ ...tx, insert: (entity, row) => void rows.add(entity, row) }, walkIn);
  await rows.write();
  return spot;
}

/** The walk-in of an entry whose spot has to be found when it is applied. */
export function unseatedOf({ effect }: JournalEntry): WalkInEntry | undefined {
  const walkIn = effect.kind === 'CORRECT' ? effect.walkIn : effect.kind === 'ENTER_WALK_IN' ? effect : undefined;
  return walkIn?.spotId === null ? walkIn : undefined;
}

/** Lets the gates know what was settled; they go on without it when Redis does not answer. */
export async function tellSettled(platform: Platform, entries: readonly JournalEntry[]): Promise<void> {
  for (const entry of entries) {
    const { lotId } = entry.answer;
    const stayId = unseatedOf(entry)?.stayId;
    if (stayId === undefined) continue;
    await projectStay(platform, { lotId, stayId }).catch((error: unknown) => {
      platform.log.warn({ err: error, stayId }, 'the gates could not be told the spot of a walk-in');
    });
  }
}

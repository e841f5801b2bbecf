import type { EntityManager } from '@mikro-orm/postgresql';
import type { EarlierVisits } from '../domain/concessions.ts';
import { addMinutes } from '../domain/period.ts';
import { Stay } from '../entities/stay.ts';
import { Validation } from '../entities/validation.ts';

/** A walk-in that comes in now. */
export interface Arrival {
  readonly lotId: string;
  /** Null where no plate was read: nobody knows it again then. */
  readonly plateIndex: string | null;
  readonly at: Date;
  /** Back within this time a visit goes on; undefined where every visit stands alone. */
  readonly withinMinutes: number | undefined;
}

/**
 * The visits from which a walk-in goes on (question 7): the last one of its plate in the lot if that ended no longer ago than the tariff
 * says, with those from which that one went on. What merchants took over of them was charged, too. Undefined when it stands alone. Reads along the
 * index of stays that have left.
 */
export async function earlierVisits(em: EntityManager, arrival: Arrival): Promise<EarlierVisits | undefined> {
  const { lotId, plateIndex, at, withinMinutes } = arrival;
  if (withinMinutes === undefined || plateIndex === null) return undefined;
  const back = { state: 'LEFT' as const, leftAt: { $gte: addMinutes(at, -withinMinutes), $lte: at } };
  const last = await em.findOne(Stay, { lotId, plateIndex, kind: 'WALK_IN', ...back }, { orderBy: { leftAt: 'desc' } });
  if (!last) return undefined;
  const { firstEntryAt = last.enteredAt.getTime(), chargedMinor = 0 } = last.concessions?.earlier ?? {};
  const takenOverMinor = await takenOver(em, last);
  return { firstEntryAt, chargedMinor: chargedMinor + (last.totalMinor ?? 0) + takenOverMinor };
}

async function takenOver(em: EntityManager, { lotId, id: stayId, concessions }: Stay): Promise<number> {
  if ((concessions?.validations ?? []).length === 0) return 0;
  const validations = await em.find(Validation, { lotId, stayId, state: 'USED' });
  return validations.reduce((sum, { worthMinor }) => sum + (worthMinor ?? 0), 0);
}

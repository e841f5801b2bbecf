import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import type { SpotType } from '../domain/spot-type.ts';
import { Spot } from '../entities/spot.ts';

/** Which spots of a lot, and which page of them. */
export interface SpotsAsked {
  readonly lotId: string;
  readonly spotType?: SpotType;
  readonly levelId?: string;
  readonly inService?: boolean;
  readonly limit: number;
  readonly direction: 'FORWARD' | 'BACKWARD';
  /** The label of the spot before the page. */
  readonly from: string | undefined;
}

/** Spots of a lot by label (BACKWARD: from the last), at most `limit`. */
export async function listSpots(em: EntityManager, asked: SpotsAsked): Promise<Spot[]> {
  const { lotId, spotType, levelId, inService, limit, direction, from } = asked;
  const forward = direction === 'FORWARD';
  const where: FilterQuery<Spot> = {
    lotId,
    ...(spotType === undefined ? {} : { spotType }),
    ...(levelId === undefined ? {} : { levelId }),
    ...(inService === undefined ? {} : { inService }),
    ...(from === undefined ? {} : { label: forward ? { $gt: from } : { $lt: from } }),
  };
  return em.find(Spot, where, { orderBy: { label: forward ? 'asc' : 'desc' }, limit });
}

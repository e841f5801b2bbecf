import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../../domain/refusal.ts';
import type { Viewer } from '../../domain/viewer.ts';
import type { Lot } from '../../entities/lot.ts';
import { Pool } from '../../entities/pool.ts';
import { Spot } from '../../entities/spot.ts';
import type { Transaction } from '../../platform/db.ts';
import { lotToServe } from './lot-access.ts';

const MAX_SPOTS_A_CALL = 500;

/**
 * The named spots of a lot as they are once the pools they belong to are locked, so that no booking chooses among them meanwhile and
 * nobody else opens or closes them. `allPools`: all pools of the lot are locked.
 * Refuses with INVALID_INPUT (none or more than 500), LOT_NOT_FOUND, SPOT_OF_ANOTHER_LOT and SPOT_NOT_FOUND.
 */
export async function lockSpots(
  tx: Transaction,
  input: { lotId: string; spots: readonly { lotId: string; id: string }[]; allPools?: true },
  viewer: Viewer | undefined,
): Promise<{ lot: Lot; spots: Spot[] }> {
  const ids = [...new Set(input.spots.map((spot) => spot.id))];
  if (ids.length === 0 || ids.length > MAX_SPOTS_A_CALL) {
    throw new Refusal('INVALID_INPUT', `Name 1 to ${MAX_SPOTS_A_CALL} spots.`, { field: ['spotIds'] });
  }
  const lot = await lotToServe(tx.em, input.lotId, viewer);
  if (input.spots.some((spot) => spot.lotId !== lot.id)) {
    throw new Refusal('SPOT_OF_ANOTHER_LOT', 'One of the spots belongs to another lot.', { field: ['spotIds'] });
  }
  const where = { lotId: lot.id, id: { $in: ids } };
  // A spot's type never changes, so it may be read before the lock; whether it is in service may not.
  const types = await tx.em.find(Spot, where, { fields: ['spotType'], disableIdentityMap: true });
  if (types.length < ids.length)
    throw new Refusal('SPOT_NOT_FOUND', 'The lot has no such spot.', { field: ['spotIds'] });
  const spotType = { $in: [...new Set(types.map((spot) => spot.spotType))] };
  await tx.em.find(
    Pool,
    { lotId: lot.id, ...(input.allPools ? {} : { spotType }) },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { spotType: 'asc' } },
  );
  const spots = await tx.em.find(Spot, where, { orderBy: { label: 'asc' } });
  return { lot, spots };
}

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Period } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { countSpots } from './count-spots.ts';

/** The percentage of a type's spots that are claimed for any part of the period; 0 for a type that the lot does not have. */
export async function occupancyPercent(
  em: EntityManager,
  asked: { readonly lotId: string; readonly spotType: SpotType; readonly period: Period; readonly now: Date },
): Promise<number> {
  const { lotId, spotType, period, now } = asked;
  const [count] = await countSpots(em, { lotIds: [lotId], period, now, spotTypes: [spotType] });
  return count === undefined ? 0 : takenPercent(count);
}

/** The claimed share of counted spots, 0–100. */
export function takenPercent({ total, free }: { readonly total: number; readonly free: number }): number {
  return total === 0 ? 0 : (100 * (total - free)) / total;
}

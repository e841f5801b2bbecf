import { Refusal } from '../../domain/refusal.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { Level } from '../../entities/level.ts';
import { inTransaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { lotToChange } from './lot-access.ts';
import { readText } from './lot-details.ts';

const MAX_ORDINAL = 1000;

/**
 * Adds a floor or area to a lot; without `ordinal` it comes after the last. Locks the lot's row.
 * Refuses with INVALID_INPUT, LOT_NOT_FOUND and NAME_TAKEN.
 */
export async function addLevel(
  platform: Platform,
  input: { lotId: string; name: string; ordinal?: number | undefined },
  viewer: Viewer | undefined,
): Promise<Level> {
  const name = readText('name', input.name);
  if (input.ordinal !== undefined && Math.abs(input.ordinal) > MAX_ORDINAL) {
    throw new Refusal('INVALID_INPUT', `An ordinal is from -${MAX_ORDINAL} to ${MAX_ORDINAL}.`, { field: ['ordinal'] });
  }
  return inTransaction(platform, async (tx) => {
    const lot = await lotToChange(tx, input.lotId, viewer);
    const levels = await tx.em.find(Level, { lotId: lot.id }, { orderBy: { ordinal: 'desc' } });
    if (levels.some((level) => level.name === name)) {
      throw new Refusal('NAME_TAKEN', 'This lot has a level of this name.', { field: ['name'] });
    }
    const ordinal = input.ordinal ?? (levels[0] ? levels[0].ordinal + 1 : 0);
    return tx.em.create(Level, { lotId: lot.id, id: newId(tx.now), name, ordinal });
  });
}

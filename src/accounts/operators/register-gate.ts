import { Refusal } from '../../domain/refusal.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { Gate, type GateDirection } from '../../entities/gate.ts';
import { inTransaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { lotToChange } from './lot-access.ts';
import { readText } from './lot-details.ts';

/**
 * Adds a gate to a lot, in service. Its devices get keys of their own. Locks the lot's row.
 * Refuses with INVALID_INPUT (name), LOT_NOT_FOUND and NAME_TAKEN. Announces `lot.changed`, so that the gates hear it.
 */
export async function registerGate(
  platform: Platform,
  input: { lotId: string; name: string; direction: GateDirection },
  viewer: Viewer | undefined,
): Promise<Gate> {
  const name = readText('name', input.name);
  return inTransaction(platform, async (tx) => {
    const lot = await lotToChange(tx, input.lotId, viewer);
    if (await tx.em.findOne(Gate, { lotId: lot.id, name })) {
      throw new Refusal('NAME_TAKEN', 'This lot has a gate of this name.', { field: ['name'] });
    }
    const { direction } = input;
    tx.announce({ lotId: lot.id, type: 'lot.changed', aggregateId: lot.id, payload: { lotId: lot.id } });
    return tx.em.create(Gate, {
      lotId: lot.id,
      id: newId(tx.now),
      name,
      direction,
      inService: true,
      createdAt: tx.now,
    });
  });
}

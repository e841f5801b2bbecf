import { Refusal } from '../../domain/refusal.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { Gate } from '../../entities/gate.ts';
import { inTransaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { lotToChange } from './lot-access.ts';
import { readText } from './lot-details.ts';

export interface UpdateGateInput {
  readonly lotId: string;
  readonly gateId: string;
  readonly name?: string | undefined;
  /** A gate that is out of service lets nobody in; it lets out whoever is there. */
  readonly inService?: boolean | undefined;
}

/**
 * Changes what is told of a gate and leaves the rest; its direction never changes. Locks the lot's row.
 * Refuses with INVALID_INPUT (name), LOT_NOT_FOUND, GATE_NOT_FOUND and NAME_TAKEN. Announces `lot.changed`, so that the gates hear it.
 */
export async function updateGate(
  platform: Platform,
  input: UpdateGateInput,
  viewer: Viewer | undefined,
): Promise<Gate> {
  const told = input.name === undefined ? undefined : readText('name', input.name);
  return inTransaction(platform, async (tx) => {
    const lot = await lotToChange(tx, input.lotId, viewer);
    const gate = await tx.em.findOne(Gate, { lotId: lot.id, id: input.gateId });
    if (!gate) throw new Refusal('GATE_NOT_FOUND', 'This lot has no such gate.', { field: ['gateId'] });
    const name = told ?? gate.name;
    if (name !== gate.name && (await tx.em.findOne(Gate, { lotId: lot.id, name }))) {
      throw new Refusal('NAME_TAKEN', 'This lot has a gate of this name.', { field: ['name'] });
    }
    Object.assign(gate, { name, inService: input.inService ?? gate.inService });
    tx.announce({ lotId: lot.id, type: 'lot.changed', aggregateId: lot.id, payload: { lotId: lot.id } });
    return gate;
  });
}

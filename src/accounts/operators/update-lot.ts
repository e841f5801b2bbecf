import type { OpeningHours } from '../../domain/opening-hours.ts';
import type { Viewer } from '../../domain/viewer.ts';
import type { Lot } from '../../entities/lot.ts';
import { inTransaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { topic } from '../../platform/topics.ts';
import { lotToChange } from './lot-access.ts';
import { readLotDetails } from './lot-details.ts';

export interface UpdateLotInput {
  readonly lotId: string;
  readonly name?: string | undefined;
  readonly address?: string | undefined;
  readonly latitude?: number | undefined;
  readonly longitude?: number | undefined;
  readonly openingHours?: OpeningHours | undefined;
  /** What is told is put over the policy in force; sections are replaced whole. */
  readonly policy?: object | undefined;
  /** CLOSED takes no new reservations and no walk-ins; who has one may still come and everybody may leave. */
  readonly state?: Lot['state'] | undefined;
}

/**
 * Changes what is told and leaves the rest. Reservations keep the policy they were made under; time zone and currency never change.
 * Locks the lot's row. Refuses with LOT_NOT_FOUND, INVALID_INPUT and POLICY_INVALID. Publishes lotChanged, announces
 * `lot.changed`.
 */
export async function updateLot(platform: Platform, input: UpdateLotInput, viewer: Viewer | undefined): Promise<Lot> {
  return inTransaction(platform, async (tx) => {
    const lot = await lotToChange(tx, input.lotId, viewer);
    const details = readLotDetails({
      name: input.name ?? lot.name,
      address: input.address ?? lot.address,
      latitude: input.latitude ?? lot.latitude,
      longitude: input.longitude ?? lot.longitude,
      openingHours: input.openingHours ?? lot.openingHours,
      policy: { ...lot.policy, ...input.policy },
    });
    Object.assign(lot, details, { state: input.state ?? lot.state });
    tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
    tx.announce({ lotId: lot.id, type: 'lot.changed', aggregateId: lot.id, payload: { lotId: lot.id } });
    return lot;
  });
}

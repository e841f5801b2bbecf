import { Reservation } from '../entities/reservation.ts';
import type { Platform } from '../platform/platform.ts';
import type { ReservationKey } from './move.ts';

/** When time alone will end a reservation's state: its hold runs out, or its driver's grace. */
export interface Deadline {
  readonly ends: 'HOLD' | 'GRACE';
  readonly at: Date;
}

/** The next deadline of a reservation as its row says now; undefined when there is none (any more), or no such reservation. */
export async function nextDeadline(platform: Platform, key: ReservationKey): Promise<Deadline | undefined> {
  const reservation = await platform.orm.em
    .fork()
    .findOne(
      Reservation,
      { lotId: key.lotId, id: key.reservationId },
      { fields: ['state', 'holdExpiresAt', 'graceEndsAt'] },
    );
  if (reservation?.state === 'HELD') return { ends: 'HOLD', at: reservation.holdExpiresAt };
  if (reservation?.state === 'CONFIRMED') return { ends: 'GRACE', at: reservation.graceEndsAt };
  return undefined;
}

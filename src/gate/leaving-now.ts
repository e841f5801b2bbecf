import type { EntityManager } from '@mikro-orm/postgresql';
import type { Lot } from '../entities/lot.ts';
import type { Reservation } from '../entities/reservation.ts';
import { Stay } from '../entities/stay.ts';
import { Tariff } from '../entities/tariff.ts';
import { reservedSettlement } from './apply-exit.ts';
import { unpromisedTariff } from './tariff-versions.ts';

/** In minor units: what leaving would give back, and what would still be owed; at most one is above zero. */
export interface LeavingMoney {
  readonly refundMinor: number;
  readonly dueMinor: number;
}

/** What the exit would settle if the vehicle of a reservation left at `now`, by what was promised to it; undefined when it is not inside. */
export async function settledIfLeaving(
  em: EntityManager,
  { reservation, lot }: { reservation: Reservation; lot: Lot },
  now: Date,
): Promise<LeavingMoney | undefined> {
  if (reservation.state !== 'CHECKED_IN') return undefined;
  const { lotId, id: reservationId } = reservation;
  const stay = await em.findOne(Stay, { lotId, reservationId, leftAt: null });
  const tariff = stay && (await em.findOne(Tariff, { lotId, id: stay.tariffId }));
  if (!stay || !tariff) return undefined;
  const { document } = tariff;
  const unpromised = await unpromisedTariff(em, document, { lotId, enteredAt: stay.enteredAt, leftAt: now });
  const terms = { tariff: document, unpromisedTariff: unpromised, leftAt: now, timeZone: lot.timeZone };
  return reservedSettlement({ stay, reservation, state: reservation.state, ...terms });
}

import type { EntityManager } from '@mikro-orm/postgresql';
import { Stay } from '../entities/stay.ts';

interface ReservationKey {
  readonly lotId: string;
  readonly id: string;
}

/** The latest visit of each reservation, in their order; undefined where no vehicle came. One statement. */
export async function visitsOf(
  em: EntityManager,
  reservations: readonly ReservationKey[],
): Promise<(Stay | undefined)[]> {
  const keys = reservations.map(({ lotId, id }) => ({ lotId, reservationId: id }));
  const stays = await em.find(Stay, { $or: keys }, { orderBy: { enteredAt: 'asc' } });
  const latest = new Map(stays.map((stay) => [stay.reservationId, stay]));
  return reservations.map(({ id }) => latest.get(id));
}

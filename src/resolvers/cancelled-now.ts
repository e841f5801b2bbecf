import { refundIfCancelled } from '../booking/cancel-reservation.ts';
import type { Context } from '../context.ts';
import type { Reservation } from '../entities/reservation.ts';

/** What cancelling a reservation at this moment would mean in money; null when it can no longer be cancelled. */
export async function cancelledNow(
  { now, loaders }: Context,
  reservation: Reservation,
): Promise<ReturnType<typeof refundIfCancelled> | null> {
  const { lotId, tariffId, state } = reservation;
  if (state !== 'HELD' && state !== 'CONFIRMED') return null;
  const [lot, tariff] = await Promise.all([loaders.lot(lotId), loaders.tariff({ lotId, id: tariffId })]);
  if (!lot || !tariff) return null;
  return refundIfCancelled({ reservation, tariff, lot }, now);
}

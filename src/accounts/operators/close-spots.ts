import { reseatConflicts } from '../../allocation/reseat.ts';
import { DAY_MS } from '../../domain/period.ts';
import { Refusal } from '../../domain/refusal.ts';
import { holdLapsed } from '../../domain/reservation.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { Allocation } from '../../entities/allocation.ts';
import { Reservation } from '../../entities/reservation.ts';
import type { Spot } from '../../entities/spot.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { topic } from '../../platform/topics.ts';
import { lockSpots } from './spots-in-service.ts';

/** A claim that keeps a spot from being closed. */
export interface ClaimedSpot {
  readonly spotId: string;
  readonly label: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/**
 * Takes spots out of service: they are no longer sold or counted. Who has reserved one is moved to another, and told. A spot can't be closed on which
 * somebody stands or may be about to, or whose driver has nowhere else to go. All or none. Locks the lot's pools, and the reservations that
 * move. Closing a closed spot changes nothing.
 * Refuses with INVALID_INPUT, LOT_NOT_FOUND, SPOT_OF_ANOTHER_LOT, SPOT_NOT_FOUND and SPOTS_IN_USE (details: `lotId` and `spots`, the claims).
 * Publishes lotChanged and reservation.
 */
export async function closeSpots(
  platform: Platform,
  input: { lotId: string; spots: readonly { lotId: string; id: string }[] },
  viewer: Viewer | undefined,
): Promise<Spot[]> {
  return inTransaction(platform, async (tx) => {
    const { lot, spots } = await lockSpots(tx, { ...input, allPools: true }, viewer);
    for (const spot of spots) spot.inService = false;
    // Nobody is moved to one of the others that close.
    await tx.em.flush();
    await moveAway(tx, lot.id, spots);
    const claimed = await claimsOn(tx, lot.id, spots);
    if (claimed.length > 0) {
      const labels = [...new Set(claimed.map((claim) => claim.label))].join(', ');
      const message = `These spots are taken or reserved: ${labels}. Close them when they are free, or when there is room for their drivers elsewhere.`;
      throw new Refusal('SPOTS_IN_USE', message, { field: ['spotIds'], details: { lotId: lot.id, spots: claimed } });
    }
    tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
    return spots;
  });
}

/** Longer than any claim. */
const FAR_AHEAD_MS = 10 * 366 * DAY_MS;

async function moveAway(tx: Transaction, lotId: string, spots: readonly Spot[]): Promise<void> {
  const period = { startsAt: tx.now, endsAt: new Date(tx.now.getTime() + FAR_AHEAD_MS) };
  for (const { id: spotId } of spots)
    await reseatConflicts(tx, { lotId, spotId, period, reason: 'CLOSURE', leaveDue: true });
}

/** Claims that still count: a hold that has lapsed does not, whether or not it has been swept. */
async function claimsOn(tx: Transaction, lotId: string, spots: Spot[]): Promise<ClaimedSpot[]> {
  const labels = new Map(spots.map((spot) => [spot.id, spot.label]));
  const claims = await tx.em.find(
    Allocation,
    { lotId, spotId: { $in: [...labels.keys()] }, endsAt: { $gt: tx.now } },
    { orderBy: { startsAt: 'asc' } },
  );
  const held = claims.flatMap(({ reservationId }) => reservationId ?? []);
  const holds = held.length === 0 ? [] : await tx.em.find(Reservation, { lotId, id: { $in: held }, state: 'HELD' });
  const lapsed = new Set(holds.filter((hold) => holdLapsed(hold, tx.now)).map((hold) => hold.id));
  const living = claims.filter(({ reservationId }) => !reservationId || !lapsed.has(reservationId));
  return living.map(({ spotId, startsAt, endsAt }) => ({ spotId, label: labels.get(spotId) ?? '', startsAt, endsAt }));
}

import type { Period } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { Allocation, type ALLOCATION_KINDS } from '../entities/allocation.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

/** Whose claim it is. */
export type ClaimHolder = { readonly lotId: string } & (
  | { readonly reservationId: string; readonly stayId?: never }
  | { readonly stayId: string; readonly reservationId?: never }
);

/** Claims a spot that `chooseSpot` found under the same pool lock; written when the verb ends, and checked by the table's constraint. */
export function claimSpot(
  tx: Transaction,
  claim: {
    lotId: string;
    spot: { spotId: string; spotType: SpotType };
    period: Period;
    kind: (typeof ALLOCATION_KINDS)[number];
    reservationId?: string;
    stayId?: string;
  },
): void {
  tx.insert(Allocation, {
    lotId: claim.lotId,
    id: newId(tx.now),
    kind: claim.kind,
    spotId: claim.spot.spotId,
    spotType: claim.spot.spotType,
    startsAt: claim.period.startsAt,
    endsAt: claim.period.endsAt,
    reservationId: claim.reservationId ?? null,
    stayId: claim.stayId ?? null,
    createdAt: tx.now,
  });
}

/**
 * Ends a claim at `endsAt` if that is earlier than it would end; a claim of which nothing is left is deleted. Whoever asks next may
 * have the rest of the period. The pool must be locked.
 */
export async function endAllocation(tx: Transaction, holder: ClaimHolder & { endsAt: Date }): Promise<void> {
  const [column, id] = holderColumn(holder);
  await tx.em.execute(`DELETE FROM allocation WHERE lot_id = ? AND ${column} = ? AND starts_at >= ?`, [
    holder.lotId,
    id,
    holder.endsAt,
  ]);
  await tx.em.execute(`UPDATE allocation SET ends_at = ? WHERE lot_id = ? AND ${column} = ? AND ends_at > ?`, [
    holder.endsAt,
    holder.lotId,
    id,
    holder.endsAt,
  ]);
}

/**
 * Lengthens a claim to `endsAt`. False, and nothing changed, when somebody else holds the spot before that, or there is no claim.
 * The pool must be locked.
 */
export async function extendAllocation(tx: Transaction, holder: ClaimHolder & { endsAt: Date }): Promise<boolean> {
  const [column, id] = holderColumn(holder);
  const extended = await tx.em.execute<{ id: string }[]>(
    `UPDATE allocation mine SET ends_at = greatest(mine.ends_at, ?)
     WHERE mine.lot_id = ? AND mine.${column} = ? AND NOT EXISTS (
       SELECT 1 FROM allocation other WHERE other.lot_id = mine.lot_id AND other.spot_id = mine.spot_id AND other.id <> mine.id
         AND tstzrange(other.starts_at, other.ends_at) && tstzrange(mine.starts_at, greatest(mine.ends_at, ?))
     ) RETURNING mine.id`,
    [holder.endsAt, holder.lotId, id, holder.endsAt],
  );
  return extended.length > 0;
}

/** The claim as it stands, or undefined. Read under the pool's lock, or it may be another one by the next line. */
export async function claimOf(tx: Transaction, holder: ClaimHolder): Promise<Allocation | undefined> {
  const { lotId } = holder;
  const whose =
    holder.reservationId === undefined ? { stayId: holder.stayId } : { reservationId: holder.reservationId };
  return (await tx.em.findOne(Allocation, { lotId, ...whose }, { disableIdentityMap: true })) ?? undefined;
}

/** Gives a claim back whole. The pool must be locked. */
export async function releaseAllocation(tx: Transaction, holder: ClaimHolder): Promise<void> {
  const [column, id] = holderColumn(holder);
  await tx.em.execute(`DELETE FROM allocation WHERE lot_id = ? AND ${column} = ?`, [holder.lotId, id]);
}

function holderColumn(holder: ClaimHolder): [string, string] {
  return holder.reservationId === undefined ? ['stay_id', holder.stayId] : ['reservation_id', holder.reservationId];
}

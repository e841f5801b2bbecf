import { laterOf } from '../domain/period.ts';
import { TryAgain, type Transaction } from '../platform/db.ts';
import { partitionOf } from '../platform/redis.ts';
import { topic } from '../platform/topics.ts';
import type { ClaimRow, SeatRow } from './reseat-rows.ts';

/** Why drivers are moved: to make room for somebody, or because their own spot can't be had. */
export const RESEAT_REASONS = ['ROOM', 'OVERSTAY', 'WRONG_PARKER', 'CLOSURE', 'LATE_ENTRY'] as const;
export type ReseatReason = (typeof RESEAT_REASONS)[number];

export interface ClaimMove {
  readonly claim: ClaimRow & { readonly reservationId: string };
  readonly to: SeatRow;
}

/**
 * Moves reservations to other spots, all at once: the claims are deleted, then inserted, because a swap of two rows would trip the table's
 * constraint. What of a claim is past stays unclaimed. The pools of both spots must be locked; locks the reservations, which are read
 * after the lock: one whose vehicle came in meanwhile starts the transaction again. Raises their revisions, publishes reservation and
 * lotChanged and announces `reservation.reseated` with the old and the new label.
 */
export async function moveClaims(
  tx: Transaction,
  moved: { lotId: string; moves: readonly ClaimMove[]; reason: ReseatReason },
): Promise<void> {
  const { lotId, moves } = moved;
  if (moves.length === 0) return;
  const before = await lockUnmoved(tx, lotId, moves);
  await tx.em.execute('DELETE FROM allocation WHERE lot_id = ? AND id IN (?)', [
    lotId,
    moves.map(({ claim }) => claim.id),
  ]);
  const row = '(?, ?, ?, ?, ?, ?, ?, ?, ?)';
  await tx.em.execute(
    `INSERT INTO allocation (lot_id, id, kind, spot_id, spot_type, starts_at, ends_at, reservation_id, created_at)
     VALUES ${moves.map(() => row).join(', ')}`,
    moves.flatMap(({ claim, to }) => [
      ...[lotId, claim.id, 'RESERVATION', to.id, to.spotType, laterOf(claim.startsAt, tx.now), claim.endsAt],
      ...[claim.reservationId, tx.now],
    ]),
  );
  const revisions = await setSpots(tx, lotId, moves);
  for (const { claim, to } of moves) {
    const { reservationId } = claim;
    tx.publish(topic.reservation(reservationId), { lotId, reservationId });
    const from = { spotId: claim.spotId, label: before.get(reservationId) ?? '' };
    const payload = {
      ...{ reservationId, revision: revisions.get(reservationId), reason: moved.reason },
      ...{ from, to: { spotId: to.id, label: to.label } },
    };
    tx.announce({ lotId, type: 'reservation.reseated', aggregateId: reservationId, payload });
  }
  tx.publish(topic.lotChanged(partitionOf(lotId)), { lotId });
}

/** The labels of the spots they leave. */
async function lockUnmoved(tx: Transaction, lotId: string, moves: readonly ClaimMove[]): Promise<Map<string, string>> {
  const ids = moves.map(({ claim }) => claim.reservationId);
  const rows = await tx.em.execute<{ id: string; state: string; spotId: string; label: string }[]>(
    `SELECT r.id, r.state, r.spot_id AS "spotId", s.label FROM reservation r JOIN spot s ON s.lot_id = r.lot_id AND s.id = r.spot_id
     WHERE r.lot_id = ? AND r.id IN (?) ORDER BY r.id FOR UPDATE OF r`,
    [lotId, ids],
  );
  const mayStillMove = ({ state }: { state: string }) => state === 'HELD' || state === 'CONFIRMED';
  if (rows.length < ids.length || !rows.every(mayStillMove)) throw new TryAgain();
  return new Map(rows.map(({ id, label }) => [id, label]));
}

async function setSpots(tx: Transaction, lotId: string, moves: readonly ClaimMove[]): Promise<Map<string, number>> {
  const rows = await tx.em.execute<{ id: string; revision: number }[]>(
    `UPDATE reservation r SET spot_id = seat.spot_id, spot_type = seat.spot_type, revision = r.revision + 1
     FROM (VALUES ${moves.map(() => '(?::uuid, ?::uuid, ?)').join(', ')}) AS seat (id, spot_id, spot_type)
     WHERE r.lot_id = ? AND r.id = seat.id RETURNING r.id, r.revision`,
    [...moves.flatMap(({ claim, to }) => [claim.reservationId, to.id, to.spotType]), lotId],
  );
  return new Map(rows.map(({ id, revision }) => [id, revision]));
}

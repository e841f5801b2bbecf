import { endAllocation } from '../allocation/claim.ts';
import { addMinutes, earlierOf, laterOf } from '../domain/period.ts';
import { moveReservation } from '../domain/reservation.ts';
import type { Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';
import { PoisonEntry, type Applied } from './apply-context.ts';
import type { Effect } from './journal-entry.ts';

/**
 * A vehicle backed out of the entry: its visit ends and costs nothing. A walk-in's claim is given back; a reservation is CONFIRMED again,
 * keeps its spot, and has its grace anew, because it did come in time. The pools of the lot are locked by the batch.
 */
export async function applyBackOut(
  tx: Transaction,
  { rows, lot, entry }: Applied,
  effect: Extract<Effect, { kind: 'LEAVE' }>,
): Promise<void> {
  const stay = rows.stays.get(effect.stayId);
  if (!stay) throw new PoisonEntry('the journal undoes an entry that never was');
  if (stay.state === 'LEFT') return;
  const leftAt = laterOf(new Date(effect.at), stay.enteredAt);
  Object.assign(stay, { state: 'LEFT', leftAt, totalMinor: 0 });
  Object.assign(stay, { exitGateId: entry.answer.gateId, exitScanId: entry.answer.scanId });
  const { lotId } = stay;
  tx.publish(topic.lotChanged(lot.partition), { lotId });
  const reservation = stay.reservationId == null ? undefined : rows.reservations.get(stay.reservationId);
  if (!reservation) {
    await endAllocation(tx, { lotId, stayId: stay.id, endsAt: leftAt });
    return;
  }
  const move = moveReservation(reservation.state, 'BACK_OUT');
  // It had ended before the vehicle came in, which the entry has told of; an end is not changed.
  if (!('state' in move)) return;
  const graceAnew = earlierOf(addMinutes(leftAt, reservation.policy.graceMinutes), reservation.endsAt);
  reservation.state = move.state;
  reservation.checkedInAt = null;
  reservation.graceEndsAt = laterOf(reservation.graceEndsAt, graceAnew);
  reservation.revision += 1;
  const { id: reservationId, revision } = reservation;
  tx.publish(topic.reservation(reservationId), { lotId, reservationId });
  const payload = { reservationId, revision };
  tx.announce({ lotId, type: 'reservation.backed_out', aggregateId: reservationId, payload });
}

import { claimSpot } from '../allocation/claim.ts';
import { moveReservation } from '../domain/reservation.ts';
import { Allocation } from '../entities/allocation.ts';
import type { Reservation } from '../entities/reservation.ts';
import { Stay } from '../entities/stay.ts';
import { voidNoShowFee } from '../payments/no-show-fee.ts';
import type { Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';
import { PoisonEntry, tellOfMove, writeIncident, type Applied } from './apply-context.ts';
import type { Effect, WalkInEntry } from './journal-entry.ts';
import { reinstate } from './reinstatement.ts';
import { seatInside } from './seat-inside.ts';
import { settleWalkIn } from './settle-walk-in.ts';

/**
 * A vehicle came in on its reservation: the stay begins, the reservation is CHECKED_IN. An arrival from before its no-show was fired
 * overturns the no-show. A reservation that had ended otherwise before the gate heard of it keeps its end: the stay is written all the
 * same, because the vehicle is inside, and an incident.
 */
export async function enter(
  tx: Transaction,
  applied: Applied,
  effect: Extract<Effect, { kind: 'ENTER' }>,
): Promise<void> {
  const { rows } = applied;
  if (rows.stays.has(effect.stayId)) return;
  const reservation = rows.reservations.get(effect.reservationId);
  if (!reservation) throw new PoisonEntry('the journal names a reservation that does not exist');
  const cause = { kind: 'RESERVED', reservationId: reservation.id } as const;
  beginStay(tx, applied, { stayId: effect.stayId, at: effect.at, cause, terms: reservation });
  await arrive(tx, applied, { reservation, at: effect.at });
}

/** The reservation of a vehicle that is inside is CHECKED_IN, or an incident says why it cannot be. */
export async function arrive(
  tx: Transaction,
  applied: Applied,
  { reservation, at }: { reservation: Reservation; at: number },
): Promise<void> {
  const { lot, entry } = applied;
  const wasReleased = reservation.state === 'NO_SHOW';
  const move = moveReservation(reservation.state, wasReleased ? 'REINSTATE' : 'CHECK_IN');
  tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
  if (!('state' in move)) {
    await writeIncident(tx, entry, {
      kind: 'ENTERED_WITHOUT_RIGHT',
      note: `The reservation was ${reservation.state} before the gate heard of it.`,
    });
    return;
  }
  reservation.state = move.state;
  reservation.checkedInAt = new Date(at);
  reservation.revision += 1;
  if (wasReleased) await seatAgain(tx, applied, reservation);
  tellOfMove(tx, lot, reservation);
}

/** What a stay takes over from the reservation or the walk-in with which it begins. */
type StayTerms = Omit<WalkInEntry, 'stayId' | 'at' | 'code' | 'concessions' | 'monthlyPassIds' | 'hasLeft'>;
type StayCause =
  | { kind: 'RESERVED'; reservationId: string }
  | { kind: 'WALK_IN'; code: string; concessions: WalkInEntry['concessions'] | null };

function beginStay(
  tx: Transaction,
  { rows, lot, entry }: Applied,
  { stayId, at, cause, terms }: { stayId: string; at: number; cause: StayCause; terms: StayTerms },
): void {
  const { spotId, spotType, vehicleClass, tariffId, multiplierPercent, currency } = terms;
  const { plateCipher, plateIndex, plateSkeletonIndex } = terms;
  const stay = tx.em.create(Stay, {
    ...cause,
    ...{ spotId, spotType, vehicleClass, tariffId, multiplierPercent, currency },
    ...{ plateCipher, plateIndex, plateSkeletonIndex },
    lotId: lot.id,
    id: stayId,
    state: 'INSIDE',
    enteredAt: new Date(at),
    entryGateId: entry.answer.gateId,
    entryScanId: entry.answer.scanId,
    paidMinor: 0,
  });
  rows.stays.set(stayId, stay);
}

/** Its spot was given back with the no-show. It gets that one again (`seatInside`), or another that fits, or a person has to find room. */
async function seatAgain(tx: Transaction, { rows, lot, entry }: Applied, reservation: Reservation): Promise<void> {
  const { lotId, id: reservationId, endsAt } = reservation;
  reinstate(reservation, await voidNoShowFee(tx, reservation));
  // Seated at the barrier already: the driver was late, and the no-show was right.
  if (await tx.em.findOne(Allocation, { lotId, reservationId })) return;
  await writeIncident(tx, entry, {
    kind: 'NO_SHOW_OVERTURNED',
    note: 'The vehicle was inside when its no-show was fired. The fee is void; what was paid back is owed again.',
  });
  if (endsAt <= tx.now || (entry.effect.kind === 'ENTER' && entry.effect.hasLeft)) return;
  const spot = await seatInside(tx, { lot, reservation, keep: [...rows.reservations.keys()] });
  if (!spot) {
    await writeIncident(tx, entry, {
      kind: 'NO_SPOT_LEFT',
      note: 'A vehicle is inside and its spot was sold again meanwhile.',
    });
    return;
  }
  const period = { startsAt: tx.now, endsAt };
  claimSpot(tx, { lotId, spot, period, kind: 'RESERVATION', reservationId });
  reservation.spotId = spot.spotId;
  reservation.spotType = spot.spotType;
  const stay = rows.stays.get(entry.answer.stayId ?? '');
  if (stay) stay.spotId = spot.spotId;
}

/** A walk-in came in; its spot was claimed before the barrier opened, or is found now where PostgreSQL was away then. */
export async function enterWalkIn(tx: Transaction, applied: Applied, walkIn: WalkInEntry): Promise<void> {
  const { rows, lot } = applied;
  const { stayId, at, code } = walkIn;
  if (rows.stays.has(stayId)) return;
  const settled = walkIn.spotId === null ? await settleWalkIn(tx, applied, walkIn) : walkIn;
  const cause = { kind: 'WALK_IN', code, concessions: settled.concessions ?? null } as const;
  beginStay(tx, applied, { stayId, at, cause, terms: { ...walkIn, spotId: settled.spotId } });
  tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
}

import { LockMode } from '@mikro-orm/postgresql';
import { percentOf } from '../domain/money.ts';
import { addMinutes } from '../domain/period.ts';
import { DEFAULT_NO_SPOT_REFUND_PERCENT } from '../domain/policies.ts';
import type { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { raiseIncident } from '../incidents/raise-incident.ts';
import { refundReservation } from '../payments/refund-reservation.ts';
import type { Transaction } from '../platform/db.ts';
import { tellOfMove } from './apply-context.ts';

/**
 * A driver's spot is taken and no other was found: an incident for a person, and what the policy says comes back, each once. The driver may
 * still come and be found a place. IN_TURN, for whoever asks again every minute: the incident only from when they may come, the money only from when
 * their period has begun. True: their time has come, and they stand there without a spot. Locks the reservation; publishes alerts and
 * reservation.
 */
export async function strand(
  tx: Transaction,
  stranded: { lot: Lot; reservationId: string; spotId: string; note: string; told: 'NOW' | 'IN_TURN' },
): Promise<boolean> {
  const { lot, reservationId, spotId, note, told } = stranded;
  const lotId = lot.id;
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const reservation = await tx.em.findOneOrFail(Reservation, { lotId, id: reservationId }, { lockMode });
  if (reservation.state !== 'CONFIRMED') return false;
  const { startsAt } = reservation;
  if (told === 'IN_TURN' && addMinutes(startsAt, -lot.policy.earlyEntryMinutes) > tx.now) return false;
  const onceKey = `stranded:${reservationId}`;
  await raiseIncident(tx, { lotId, kind: 'NEXT_DRIVER_STRANDED', reservationId, spotId, note, onceKey });
  const hasBegun = startsAt <= tx.now;
  if (told === 'NOW' || hasBegun) await compensate(tx, lot, reservation);
  return hasBegun;
}

async function compensate(tx: Transaction, lot: Lot, reservation: Reservation): Promise<void> {
  if (reservation.compensatedAt != null) return;
  const { lotId, id: reservationId, policy, paidMinor, refundedMinor, feeMinor } = reservation;
  const percent = policy.noSpotRefundPercent ?? DEFAULT_NO_SPOT_REFUND_PERCENT;
  const amountMinor = percentOf(paidMinor - refundedMinor - feeMinor, percent);
  reservation.compensatedAt = tx.now;
  reservation.refundedMinor += await refundReservation(tx, { lotId, reservationId, amountMinor, reason: 'NO_SPOT' });
  reservation.outcomeRule = 'NO_SPOT';
  reservation.revision += 1;
  tellOfMove(tx, lot, reservation);
}

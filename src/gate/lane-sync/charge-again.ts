import { exitGraceMinutes } from '../../domain/tariff/engine.ts';
import { addMinutes } from '../../domain/period.ts';
import type { Lot } from '../../entities/lot.ts';
import type { Reservation } from '../../entities/reservation.ts';
import type { Stay } from '../../entities/stay.ts';
import { Tariff } from '../../entities/tariff.ts';
import { raiseIncident } from '../../incidents/raise-incident.ts';
import { amendDebts } from '../../payments/amend-debts.ts';
import { refundStay } from '../../payments/refund-stay.ts';
import type { Transaction } from '../../platform/db.ts';
import { reservedSettlement } from '../apply-exit.ts';
import { walkInPrice } from '../stay-due.ts';
import { unpromisedTariff, walkInTariff } from '../tariff-versions.ts';

interface Corrected {
  readonly lot: Lot;
  readonly stay: Stay;
  readonly reservation: Reservation | undefined;
}

/**
 * Prices a stay that is over anew, because its entry or exit was corrected: its debts add up to what it owes now, and a walk-in gets back
 * what it has paid too much. What cannot be set right so is left for a person. The caller has locked the stay and its reservation.
 */
export async function chargeAgain(tx: Transaction, corrected: Corrected): Promise<void> {
  const { stay, reservation } = corrected;
  const { lotId, id: stayId, currency } = stay;
  const owed = reservation ? await owedByReserved(tx, corrected, reservation) : await owedByWalkIn(tx, corrected);
  const driverId = reservation?.driverId ?? null;
  const about = { lotId, stayId, currency, driverId, reservationId: reservation?.id ?? null };
  stay.totalMinor = owed.totalMinor;
  const { overpaidMinor } = await amendDebts(tx, { ...about, owedMinor: owed.dueMinor });
  const tooMuchMinor = overpaidMinor + owed.paidTooMuchMinor;
  if (tooMuchMinor === 0) return;
  const refundedMinor = reservation
    ? 0
    : await refundStay(tx, { lotId, stayId, amountMinor: tooMuchMinor, reason: 'PAID_TWICE' });
  if (refundedMinor >= tooMuchMinor) return;
  await raiseIncident(tx, {
    ...{ lotId, stayId, kind: 'STAY_CORRECTED', reservationId: about.reservationId },
    note: `Its times were corrected, and it has paid ${tooMuchMinor - refundedMinor} ${currency} (minor units) more than it costs.`,
    onceKey: `merge/overpaid/${stayId}/${tooMuchMinor}`,
  });
}

interface Owed {
  readonly totalMinor: number;
  readonly dueMinor: number;
  readonly paidTooMuchMinor: number;
}

async function owedByWalkIn(tx: Transaction, { lot, stay }: Corrected): Promise<Owed> {
  const leftAt = stay.leftAt ?? tx.now;
  const { document: tariff } = await walkInTariff(tx.em, stay, leftAt);
  const graceMinutes = exitGraceMinutes(tariff, lot.policy.exitGraceMinutes, stay.payPoint ?? undefined);
  const isPaid = stay.paidUntil != null && leftAt <= addMinutes(stay.paidUntil, graceMinutes);
  const pricedAt = isPaid && stay.paidUntil != null && stay.paidUntil < leftAt ? stay.paidUntil : leftAt;
  const { totalMinor } = walkInPrice(stay, { now: pricedAt, tariff, timeZone: lot.timeZone });
  const dueMinor = Math.max(0, totalMinor - stay.paidMinor);
  return { totalMinor, dueMinor, paidTooMuchMinor: Math.max(0, stay.paidMinor - totalMinor) };
}

async function owedByReserved(tx: Transaction, { lot, stay }: Corrected, reservation: Reservation): Promise<Owed> {
  const { lotId, enteredAt, tariffId } = stay;
  const leftAt = stay.leftAt ?? tx.now;
  const { document: tariff } = await tx.em.findOneOrFail(Tariff, { lotId, id: tariffId });
  const unpromised = await unpromisedTariff(tx.em, tariff, { lotId, enteredAt, leftAt });
  // It was on its right when it came, whatever has become of the reservation since.
  const state = reservation.state === 'COMPLETED' ? 'CHECKED_IN' : reservation.state;
  const terms = { tariff, unpromisedTariff: unpromised, leftAt, timeZone: lot.timeZone };
  const { totalMinor, dueMinor } = reservedSettlement({ stay, reservation, state, ...terms });
  return { totalMinor, dueMinor, paidTooMuchMinor: 0 };
}

import { endAllocation } from '../allocation/claim.ts';
import { durationMinutes, earlierOf, laterOf } from '../domain/period.ts';
import { moveReservation } from '../domain/reservation.ts';
import { concededTerms, promisedConcessions } from '../domain/concessions.ts';
import { settleReservedStay, standingOf } from '../domain/settle-stay.ts';
import type { TariffDocument } from '../domain/tariff/document.ts';
import { validatedSettlement, type ValidatedSettlement } from '../domain/validated-settlement.ts';
import type { Reservation } from '../entities/reservation.ts';
import type { Stay } from '../entities/stay.ts';
import { Tariff } from '../entities/tariff.ts';
import { chargeDebt } from '../payments/collect-debts.ts';
import { openDebt } from '../payments/debts.ts';
import { openPayment } from '../payments/open-payment.ts';
import { refundReservation } from '../payments/refund-reservation.ts';
import type { Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';
import { PoisonEntry, tellOfMove, writeIncident, type Applied } from './apply-context.ts';
import { burnValidations, settleValidatedWalkIn } from './apply-validations.ts';
import type { Effect } from './journal-entry.ts';
import { dropUnstarted } from './pay-stay.ts';
import { paidForStay, reinstatementOf } from './reinstatement.ts';
import { walkInDue, walkInPrice } from './stay-due.ts';
import { unpromisedTariff, walkInTariff } from './tariff-versions.ts';

type Leave = Extract<Effect, { kind: 'LEAVE' }>;

/**
 * A vehicle left: the stay ends, the rest of its claim is given back at once, and the money is settled by what was promised: an early
 * departure is refunded; an overstay, what a no-show had paid back, and a stay without a right are charged to the saved card (a debt
 * until that has worked); an unpaid walk-in leaves a debt. A stay beyond the tariff's longest is an incident.
 */
export async function leave(tx: Transaction, applied: Applied, effect: Leave): Promise<void> {
  const { rows, lot, entry } = applied;
  const stay = rows.stays.get(effect.stayId);
  if (!stay) throw new PoisonEntry('the journal ends a stay that never began');
  if (stay.state === 'LEFT') return;
  stay.state = 'LEFT';
  stay.leftAt = new Date(effect.at);
  stay.exitGateId = entry.answer.gateId;
  stay.exitScanId = entry.answer.scanId;
  const reservation = stay.reservationId == null ? undefined : rows.reservations.get(stay.reservationId);
  await noteLongStay(tx, applied, stay);
  if (reservation) await leaveReserved(tx, applied, { stay, reservation });
  else await leaveWalkIn(tx, applied, { stay, effect });
  tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
}

/** A stay beyond the tariff's longest is priced by the same rules, and a person looks at it. */
async function noteLongStay(tx: Transaction, { entry }: Applied, stay: Stay): Promise<void> {
  const { lotId, tariffId, enteredAt } = stay;
  const { document } = await tx.em.findOneOrFail(Tariff, { lotId, id: tariffId });
  const minutes = durationMinutes({ startsAt: enteredAt, endsAt: stay.leftAt ?? tx.now });
  const { longestStayMinutes = Infinity } = document;
  if (minutes <= longestStayMinutes) return;
  const note = `It took ${Math.floor(minutes)} minutes; the tariff takes stays of ${longestStayMinutes}.`;
  await writeIncident(tx, entry, { kind: 'STAY_TOO_LONG', note });
}

async function leaveReserved(
  tx: Transaction,
  applied: Applied,
  { stay, reservation }: { stay: Stay; reservation: Reservation },
): Promise<void> {
  const { lot } = applied;
  const { lotId, id: reservationId } = reservation;
  const leftAt = stay.leftAt ?? tx.now;
  const { document: tariff } = await tx.em.findOneOrFail(Tariff, { lotId, id: stay.tariffId });
  const unpromised = await unpromisedTariff(tx.em, tariff, { lotId, enteredAt: stay.enteredAt, leftAt });
  const terms = { tariff, unpromisedTariff: unpromised, leftAt, timeZone: lot.timeZone };
  const settlement = reservedSettlement({ stay, reservation, state: reservation.state, ...terms });
  const { worthMinor } = settlement;
  await burnValidations(tx, { lotId, currency: reservation.currency, tariff, worthMinor });
  stay.totalMinor = settlement.totalMinor;
  if (settlement.dueMinor > 0) await chargeLater(tx, { stay, reservation, dueMinor: settlement.dueMinor });
  const move = moveReservation(reservation.state, 'CHECK_OUT');
  // It had ended before the vehicle came in, which the entry has told of; an end is not changed.
  if (!('state' in move)) return;
  await endAllocation(tx, { lotId, reservationId, endsAt: leftAt });
  const { earlyMinor } = settlement;
  const early = { lotId, reservationId, amountMinor: earlyMinor, reason: 'EARLY_DEPARTURE' } as const;
  const refundedMinor = await refundReservation(tx, early);
  reservation.refundedMinor += refundedMinor;
  if (refundedMinor > 0) reservation.outcomeRule = 'EARLY_DEPARTURE';
  const validated = {
    lotId,
    reservationId,
    amountMinor: settlement.refundMinor - earlyMinor,
    reason: 'VALIDATED',
  } as const;
  reservation.refundedMinor += await refundReservation(tx, validated);
  reservation.state = move.state;
  reservation.completedAt = leftAt;
  reservation.revision += 1;
  tellOfMove(tx, lot, reservation);
}

/** What a reserved stay costs and owes, and what comes back of it. `state` is what its right is taken for. */
export function reservedSettlement({
  stay,
  reservation,
  state,
  ...terms
}: {
  stay: Stay;
  reservation: Reservation;
  state: Reservation['state'];
  tariff: TariffDocument;
  unpromisedTariff: TariffDocument | undefined;
  leftAt: Date;
  timeZone: string;
}): ValidatedSettlement & { readonly earlyMinor: number } {
  const { policy, multiplierPercent, pricedSpotType: spotType, startsAt, endsAt, concessions } = reservation;
  const { vehicleClass } = reservation;
  const whole = { startsAt: earlierOf(startsAt, stay.enteredAt), endsAt: laterOf(endsAt, terms.leftAt) };
  const asked = {
    ...terms,
    ...concededTerms(promisedConcessions(concessions), { period: whole, timeZone: terms.timeZone }),
    ...{ state, policy, multiplierPercent, spotType, vehicleClass },
    period: { startsAt, endsAt },
    paidMinor: paidForStay(reservation),
    earlyDeparture: policy.earlyDeparture,
    reinstatement: reinstatementOf(reservation),
    enteredAt: stay.enteredAt,
    displaced: reservation.displacedAt != null,
  };
  const plain = settleReservedStay(asked);
  const settlement = validatedSettlement(asked, plain, concessions);
  return { ...settlement, earlyMinor: Math.min(plain.refundMinor, settlement.refundMinor) };
}

/** What a stay is billed for, by the standing of its right. */
const DEBT_REASONS = { PROMISED: 'OVERSTAY', REINSTATED: 'REINSTATED', ENDED: 'UNPAID_STAY' } as const;

/** The debt stands until the saved card has paid it. */
async function chargeLater(
  tx: Transaction,
  { stay, reservation, dueMinor }: { stay: Stay; reservation: Reservation; dueMinor: number },
): Promise<void> {
  const { lotId, id: reservationId, driverId, currency } = reservation;
  const standing = standingOf({ state: reservation.state, reinstatement: reinstatementOf(reservation) });
  const owed = { lotId, stayId: stay.id, driverId, amountMinor: dueMinor, currency };
  const paymentId = openPayment(tx, { ...owed, kind: 'OVERSTAY', reservationId });
  await openDebt(tx, { ...owed, reservationId, paymentId, reason: DEBT_REASONS[standing] });
  if (standing === 'PROMISED') reservation.outcomeRule = 'OVERSTAY';
}

async function leaveWalkIn(
  tx: Transaction,
  { lot }: Applied,
  { stay, effect }: { stay: Stay; effect: Leave },
): Promise<void> {
  const { lotId, id: stayId } = stay;
  const { payerDriverId = null } = effect;
  const endsAt = stay.leftAt ?? tx.now;
  const { id: tariffId, document: tariff } = await walkInTariff(tx.em, stay, endsAt);
  stay.tariffId = tariffId;
  await endAllocation(tx, { lotId, stayId, endsAt });
  const { timeZone } = lot;
  // The gate had no price for it: what it owed when it left is worked out here.
  const billedMinor = effect.unpriced ? walkInDue(stay, { now: endsAt, tariff, timeZone }) : effect.billedMinor;
  const validations = stay.concessions?.validations ?? [];
  if (validations.length > 0) {
    const { owedMinor } = await settleValidatedWalkIn(tx, { stay, validations, tariff, timeZone, billedMinor });
    return oweUnpaid(tx, stay, { amountMinor: owedMinor, driverId: payerDriverId });
  }
  if (billedMinor > 0) {
    stay.totalMinor = walkInPrice(stay, { now: endsAt, tariff, timeZone }).totalMinor;
    // It may have been paid since the gate worked out the bill.
    const amountMinor = Math.min(billedMinor, stay.totalMinor - stay.paidMinor);
    return oweUnpaid(tx, stay, { amountMinor, driverId: payerDriverId });
  }
  // What was paid (nothing, within the free minutes) is what it cost: the way to the exit is in the exit grace.
  stay.totalMinor = stay.paidMinor;
}

/** The debt of whoever lets exits charge their card is charged to it, unless what was begun at the exit may still pay it. */
async function oweUnpaid(
  tx: Transaction,
  { lotId, id: stayId, currency }: Stay,
  { amountMinor, driverId }: { amountMinor: number; driverId: string | null },
): Promise<void> {
  if (amountMinor <= 0) return;
  const owed = { lotId, stayId, driverId, paymentId: null, amountMinor, currency };
  const debtId = await openDebt(tx, { ...owed, reason: 'UNPAID_STAY' });
  if (debtId === undefined || driverId === null) return;
  if ((await dropUnstarted(tx, { lotId, stayId })) === 'STARTED') return;
  await chargeDebt(tx, { lotId, id: debtId });
}

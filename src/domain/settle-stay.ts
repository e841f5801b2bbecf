import type { EarlyDeparturePolicy } from './policies.ts';
import type { PricedReservation } from './refunds.ts';
import { earlyDepartureRefund } from './refunds.ts';
import type { ReservationState } from './reservation.ts';
import { isTerminal } from './reservation.ts';
import type { TariffDocument } from './tariff/document.ts';
import { priceStayTotal } from './tariff/engine.ts';
import { unpromisedMinors } from './tariff/segments.ts';

/** By what a late driver is charged whom a no-show had taken the right from: the whole promised price, in minor units, and its policy. */
export interface Reinstatement {
  readonly promisedMinor: number;
  readonly earlyDeparture: EarlyDeparturePolicy;
}

/** PROMISED: the right holds. REINSTATED: a no-show took it and the driver came all the same. ENDED: it was over before the stay. */
export type RightStanding = 'PROMISED' | 'REINSTATED' | 'ENDED';

/** What has become of the right on which a vehicle that is inside came in. */
export function standingOf(right: {
  readonly state: ReservationState;
  readonly reinstatement?: Reinstatement | undefined;
}): RightStanding {
  if (isTerminal(right.state)) return 'ENDED';
  return right.reinstatement === undefined ? 'PROMISED' : 'REINSTATED';
}

/** A reserved stay at its end. `period` is the promised one; `paidMinor` is what was paid for it less what was promised back. */
export interface ReservedStayToSettle extends Omit<PricedReservation, 'policy'> {
  readonly policy: { readonly exitGraceMinutes: number };
  readonly state: ReservationState;
  readonly earlyDeparture: EarlyDeparturePolicy;
  readonly reinstatement?: Reinstatement | undefined;
  readonly enteredAt: Date;
  readonly leftAt: Date;
  /** Whether another driver had to be moved because this one stayed on. */
  readonly displaced?: boolean | undefined;
  /** The version that prices what was not promised; the promised one unless told. */
  readonly unpromisedTariff?: TariffDocument | undefined;
}

/** In minor units, none negative: what the whole stay costs, what is still owed for it, and what comes back. */
export interface StaySettlement {
  readonly totalMinor: number;
  readonly dueMinor: number;
  readonly refundMinor: number;
}

/**
 * Settles a reserved stay. PROMISED: leaving early gives back by the policy; coming before the start and staying past the exit grace cost
 * what the tariff says, against each other where a driver did both.
 * REINSTATED: the stay costs what it would have cost without the no-show, and whatever came back with the no-show is owed again; the
 * kept fee is a part of the price paid. ENDED: as a walk-in from the entry on, less what is still paid; a reservation that was used
 * up pays nothing twice. What comes back never exceeds `paidMinor`.
 */
export function settleReservedStay(stay: ReservedStayToSettle): StaySettlement {
  switch (standingOf(stay)) {
    case 'PROMISED':
      return settlePromised(stay);
    case 'REINSTATED':
      return settleReinstated(stay);
    case 'ENDED':
      return settleEnded(stay);
  }
}

function settlePromised(stay: ReservedStayToSettle): StaySettlement {
  const { leftAt, period, earlyDeparture } = stay;
  const segments = unpromisedMinors({ ...stay, exitGraceMinutes: stay.policy.exitGraceMinutes });
  const unpromisedMinor = segments.earlyArrivalMinor + segments.overstayMinor;
  if (leftAt >= period.endsAt) {
    return { totalMinor: priceStayTotal(stay) + unpromisedMinor, dueMinor: unpromisedMinor, refundMinor: 0 };
  }
  const { refundMinor, chargedMinor } = earlyDepartureRefund({ ...stay, policy: { earlyDeparture } });
  return { totalMinor: chargedMinor + unpromisedMinor, ...balance(unpromisedMinor, refundMinor) };
}

function settleReinstated(stay: ReservedStayToSettle): StaySettlement {
  const promisedMinor = stay.reinstatement?.promisedMinor ?? stay.paidMinor;
  const { dueMinor, refundMinor } = settlePromised({ ...stay, paidMinor: promisedMinor });
  const totalMinor = promisedMinor - refundMinor + dueMinor;
  return { totalMinor, ...balance(totalMinor, stay.paidMinor) };
}

function settleEnded(stay: ReservedStayToSettle): StaySettlement {
  const totalMinor = priceStayTotal({ ...stay, period: { startsAt: stay.enteredAt, endsAt: stay.leftAt } });
  const paidMinor = stay.state === 'COMPLETED' ? 0 : stay.paidMinor;
  return { totalMinor, dueMinor: balance(totalMinor, paidMinor).dueMinor, refundMinor: 0 };
}

function balance(totalMinor: number, paidMinor: number): { dueMinor: number; refundMinor: number } {
  return { dueMinor: Math.max(0, totalMinor - paidMinor), refundMinor: Math.max(0, paidMinor - totalMinor) };
}

import type { Right } from './admission.ts';
import { concededTerms, promisedConcessions, type Concessions } from './concessions.ts';
import { earlierOf, laterOf } from './period.ts';
import { settleReservedStay, standingOf } from './settle-stay.ts';
import type { SpotType } from './spot-type.ts';
import type { TariffDocument } from './tariff/document.ts';
import { validatedSettlement } from './validated-settlement.ts';
import type { VehicleClass } from './vehicle.ts';

/** A right with what prices an overstay. */
export interface PricedRight extends Right {
  readonly pricedSpotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly multiplierPercent: number;
  readonly exitGraceMinutes: number;
  readonly concessions?: Concessions;
  /** Whether another driver had to be moved because its vehicle stayed on. */
  readonly displaced?: true;
}

/** A reserved visit at its end. */
export interface ReservedVisit {
  readonly right: PricedRight;
  readonly enteredAt: Date;
  readonly leftAt: Date;
  readonly timeZone: string;
  /** The version that was promised. */
  readonly tariff: TariffDocument;
  /** The version in force. */
  readonly currentTariff: TariffDocument;
}

/** A right that was not taken back is asked only what it owes. */
const NOTHING_BACK = { refundPercent: 0, minimumChargeMinutes: 0 };

/** Whether a reserved visit is over within what was promised: then it owes nothing, whatever the tariff says. */
export function isWithinPromise(right: Right, leftAt: Date): boolean {
  return standingOf(right) === 'PROMISED' && leftAt.getTime() <= right.endsAt;
}

/** What a reserved visit still owes when it leaves, in minor units: what it stayed on, and whatever its right no longer covers. */
export function reservedDue({ right, enteredAt, leftAt, timeZone, tariff, currentTariff }: ReservedVisit): number {
  if (isWithinPromise(right, leftAt)) return 0;
  const { state, reinstatement, paidMinor, pricedSpotType: spotType, multiplierPercent, exitGraceMinutes } = right;
  const { concessions, vehicleClass } = right;
  const period = { startsAt: new Date(right.startsAt), endsAt: new Date(right.endsAt) };
  const whole = { startsAt: earlierOf(period.startsAt, enteredAt), endsAt: laterOf(period.endsAt, leftAt) };
  const stay = {
    ...concededTerms(promisedConcessions(concessions), { period: whole, timeZone }),
    ...{ state, reinstatement, paidMinor, spotType, vehicleClass, multiplierPercent, tariff, leftAt, timeZone },
    policy: { exitGraceMinutes },
    earlyDeparture: reinstatement?.earlyDeparture ?? NOTHING_BACK,
    unpromisedTariff: tariff.versionAt === 'EXIT' ? currentTariff : undefined,
    period,
    enteredAt,
    displaced: right.displaced,
  };
  return validatedSettlement(stay, settleReservedStay(stay), concessions).dueMinor;
}

import { concededPrice, validationShares, type Concessions } from './concessions.ts';
import { addMinutes, earlierOf, laterOf } from './period.ts';
import type { Period } from './period.ts';
import { standingOf, type ReservedStayToSettle, type StaySettlement } from './settle-stay.ts';

/** A settlement after its validations; `refundMinor` includes what they give back of what had been paid ahead. */
export interface ValidatedSettlement extends StaySettlement {
  /** What each validation took off, in minor units by its id. */
  readonly worthMinor: ReadonlyMap<string, number>;
}

const NOTHING: ReadonlyMap<string, number> = new Map();

/**
 * What merchants take over of a reserved stay at its end. It was paid ahead, so what they take over comes off what is still owed, and the
 * rest goes back to the driver. Each takes off what it takes off the tariff's price of the time that was charged, and together never more
 * than the stay costs. Without validations the settlement is as it was.
 */
export function validatedSettlement(
  stay: ReservedStayToSettle,
  settlement: StaySettlement,
  concessions: Concessions | null | undefined,
): ValidatedSettlement {
  const validations = concessions?.validations ?? [];
  if (validations.length === 0) return { ...settlement, worthMinor: NOTHING };
  const period = chargedPeriod(stay, settlement);
  const shares = validationShares(validations, (some) =>
    concededPrice({ ...stay, period }, { ...concessions, validations: some }),
  );
  const costMinor = Math.max(0, stay.paidMinor - settlement.refundMinor + settlement.dueMinor);
  const worthMinor = atMost(shares, costMinor);
  const takenMinor = [...worthMinor.values()].reduce((sum, minor) => sum + minor, 0);
  const owedMinor = settlement.dueMinor - settlement.refundMinor - takenMinor;
  return {
    totalMinor: Math.max(0, settlement.totalMinor - takenMinor),
    dueMinor: Math.max(0, owedMinor),
    refundMinor: Math.min(stay.paidMinor, Math.max(0, -owedMinor)),
    worthMinor,
  };
}

/** The time that the driver pays for: what was used where the rest came back, what was overstayed where that is owed, else what was promised. */
function chargedPeriod(stay: ReservedStayToSettle, { dueMinor, refundMinor }: StaySettlement): Period {
  const { period, leftAt, enteredAt, earlyDeparture } = stay;
  if (standingOf(stay) === 'ENDED') return { startsAt: enteredAt, endsAt: leftAt };
  if (dueMinor > 0) return { startsAt: period.startsAt, endsAt: laterOf(leftAt, period.endsAt) };
  if (refundMinor === 0) return period;
  const usedUntil = laterOf(leftAt, addMinutes(period.startsAt, earlyDeparture.minimumChargeMinutes));
  return { startsAt: period.startsAt, endsAt: earlierOf(usedUntil, period.endsAt) };
}

/** The shares, the first ones first, until the limit is reached. Pure. */
export function atMost(shares: ReadonlyMap<string, number>, limitMinor: number): Map<string, number> {
  let leftMinor = limitMinor;
  return new Map(
    [...shares].map(([id, minor]) => {
      const kept = Math.min(minor, leftMinor);
      leftMinor -= kept;
      return [id, kept] as const;
    }),
  );
}

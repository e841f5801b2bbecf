import { Field, Int, ObjectType } from 'type-graphql';
import {
  ALLOCATION_STRATEGIES,
  NO_SHOW_FEES,
  type AllocationStrategy,
  type NoShowFeeKind,
} from '../domain/policies.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { Money } from './money.ts';

export const AllocationStrategyEnum = enumOf<AllocationStrategy>('AllocationStrategy', ALLOCATION_STRATEGIES, {
  description: 'How a spot is chosen among the free ones.',
  values: {
    NEAREST: 'The shortest way from the entrance.',
    BEST_FIT: 'The type that fits the vehicle best, then the shortest way.',
    TIGHTEST_GAP: 'The type that fits best, then the spot whose free time is filled best.',
  },
});

export const NoShowFeeEnum = enumOf<NoShowFeeKind>('NoShowFee', NO_SHOW_FEES, {
  description:
    'What a driver who does not come pays: kept of what was paid for the reservation. Only a FIXED fee can be more than that.',
  values: {
    NONE: 'Nothing.',
    FIXED: 'An amount; what it is above what was paid is charged to the saved card.',
    PERCENT: 'A share of what was paid.',
    FIRST_HOURS: 'The price of the first hours.',
    FULL: 'Everything that was paid.',
  },
});

@Allow('PUBLIC')
@ObjectType('CancellationPolicy', { description: 'What cancelling gives back.' })
export class CancellationPolicyType {
  @Field(() => Int, { description: 'Until how many minutes before the start everything comes back.' })
  freeUntilMinutesBefore!: number;

  @Field(() => Int, { description: 'How many per cent come back after that.' })
  refundPercentAfter!: number;
}

@Allow('PUBLIC')
@ObjectType('EarlyDeparturePolicy', { description: 'What leaving early gives back.' })
export class EarlyDeparturePolicyType {
  @Field(() => Int, { description: 'How many per cent of the unused part come back.' })
  refundPercent!: number;

  @Field(() => Int, { description: 'How many minutes are charged in any case.' })
  minimumChargeMinutes!: number;
}

@Allow('PUBLIC')
@ObjectType('NoShowPolicy', { description: 'What not coming costs.' })
export class NoShowPolicyType {
  @Field(() => NoShowFeeEnum, { description: 'The kind of fee.' })
  fee!: NoShowFeeKind;

  @Field(() => Money, { nullable: true, description: 'The amount of a FIXED fee; null for others.' })
  fixed?: Money | null;

  @Field(() => Int, { nullable: true, description: 'The share of a PERCENT fee; null for others.' })
  percent?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many hours a FIRST_HOURS fee covers; null for others.' })
  hours?: number | null;
}

@Allow('PUBLIC')
@ObjectType('PlateMatchingPolicy', {
  description: 'When a plate that was read is taken for one that is expected, though it is not spelled the same.',
})
export class PlateMatchingPolicyType {
  @Field(() => Int, { description: 'In how many characters that cameras confuse (0 and O, 8 and B) it may differ.' })
  maxConfusions!: number;

  @Field(() => Money, {
    description:
      'From this much at stake only the exact plate counts; below it, the more the surer the camera must be.',
  })
  exactFrom!: Money;
}

@Allow('PUBLIC')
@ObjectType('LotPolicy', {
  description: 'What a lot promises and asks beside its prices. A reservation keeps the policy it was made under.',
})
export class LotPolicyType {
  @Field(() => Int, { description: 'How many minutes a spot is held while the driver pays.' })
  holdMinutes!: number;

  @Field(() => Int, { description: 'How many minutes after the start a driver may come before the spot is let go.' })
  graceMinutes!: number;

  @Field(() => Int, {
    description:
      'How many minutes longer the spot waits for a driver who says that they are late: `announceLateArrival`.',
  })
  lateNoticeMinutes!: number;

  @Field(() => Int, { description: 'How many minutes before the start a driver may enter.' })
  earlyEntryMinutes!: number;

  @Field(() => Int, {
    description: 'How many minutes after the end, or after paying, the exit opens without a further charge.',
  })
  exitGraceMinutes!: number;

  @Field(() => Int, { description: 'The shortest period in minutes.' })
  minStayMinutes!: number;

  @Field(() => Int, { description: 'The longest period in minutes.' })
  maxStayMinutes!: number;

  @Field(() => Int, { description: 'How many days ahead a period may start.' })
  maxAdvanceDays!: number;

  @Field(() => Int, { description: 'How many minutes a vehicle without a reservation is expected to stay.' })
  usualStayMinutes!: number;

  @Field(() => CancellationPolicyType, { description: 'What cancelling gives back.' })
  cancellation!: CancellationPolicyType;

  @Field(() => EarlyDeparturePolicyType, { description: 'What leaving early gives back.' })
  earlyDeparture!: EarlyDeparturePolicyType;

  @Field(() => NoShowPolicyType, { description: 'What not coming costs.' })
  noShow!: NoShowPolicyType;

  @Field(() => Int, {
    description:
      'How much of the price comes back, in percent, when a driver’s spot can’t be had and there is no other.',
  })
  noSpotRefundPercent!: number;

  @Field(() => Boolean, {
    description: 'Whether a driver who comes too late gets a spot for the rest of the period, if one is free.',
  })
  reinstateLateArrival!: boolean;

  @Field(() => AllocationStrategyEnum, { description: 'How a spot is chosen.' })
  allocationStrategy!: AllocationStrategy;

  @Field(() => PlateMatchingPolicyType, { description: 'How sure a camera must be.' })
  plateMatching!: PlateMatchingPolicyType;

  @Field(() => Boolean, {
    description: 'Whether a pass opens an entry only with the code of the moment (`Reservation.passMoment`).',
  })
  livePass!: boolean;
}

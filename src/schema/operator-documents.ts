import { Field, InputType, Int, ObjectType } from 'type-graphql';
import type { AllocationStrategy, NoShowFeeKind } from '../domain/policies.ts';
import { Allow } from './access.ts';
import { OneOf } from './build-schema.ts';
import { AllocationStrategyEnum, NoShowFeeEnum } from './lot-policy.ts';
import { WeekdayEnum, type Weekday } from './lot.ts';
import { SafeInt, ShortText } from './scalars.ts';
import { UserError } from './user-error.ts';

@InputType('OpeningWindowInput', { description: 'When vehicles may come in on one day, on the lot’s own clock.' })
export class OpeningWindowInput {
  @Field(() => WeekdayEnum, { description: 'The day.' })
  day!: Weekday;

  @Field(() => ShortText, { description: 'From then on: `06:00`.' })
  opens!: string;

  @Field(() => ShortText, { description: 'Until then, later on the same day: `24:00` is its end.' })
  closes!: string;
}

@OneOf()
@InputType('OpeningHoursInput', { description: 'When a lot lets vehicles in. Leaving is always possible.' })
export class OpeningHoursInput {
  @Field(() => Boolean, { nullable: true, description: 'Day and night; true is the only value it takes.' })
  always?: boolean | null;

  @Field(() => [OpeningWindowInput], {
    nullable: true,
    description: 'Windows, at most 28; a day without one is closed.',
  })
  weekly?: OpeningWindowInput[] | null;
}

@InputType('CancellationPolicyInput', { description: 'What cancelling gives back.' })
export class CancellationPolicyInput {
  @Field(() => Int, { description: 'Until how many minutes before the start everything comes back.' })
  freeUntilMinutesBefore!: number;

  @Field(() => Int, { description: 'How many per cent come back after that, 0 to 100.' })
  refundPercentAfter!: number;
}

@InputType('EarlyDeparturePolicyInput', { description: 'What leaving early gives back.' })
export class EarlyDeparturePolicyInput {
  @Field(() => Int, { description: 'How many per cent of the unused part come back, 0 to 100.' })
  refundPercent!: number;

  @Field(() => Int, { description: 'How many minutes are charged in any case.' })
  minimumChargeMinutes!: number;
}

@InputType('NoShowPolicyInput', { description: 'What not coming costs; never more than was paid.' })
export class NoShowPolicyInput {
  @Field(() => NoShowFeeEnum, { description: 'The kind of fee.' })
  fee!: NoShowFeeKind;

  @Field(() => SafeInt, { nullable: true, description: 'For FIXED: the amount in minor units of the lot’s currency.' })
  fixedMinor?: number | null;

  @Field(() => Int, { nullable: true, description: 'For PERCENT: the share of what was paid, 0 to 100.' })
  percent?: number | null;

  @Field(() => Int, { nullable: true, description: 'For FIRST_HOURS: how many hours.' })
  hours?: number | null;
}

@InputType('PlateMatchingPolicyInput', {
  description: 'When a plate that was read is taken for one that is expected, though it is not spelled the same.',
})
export class PlateMatchingPolicyInput {
  @Field(() => Int, {
    nullable: true,
    description: 'In how many characters that cameras confuse it may differ: 0, 1 or 2; 1 unless told.',
  })
  maxConfusions?: number | null;

  @Field(() => SafeInt, {
    nullable: true,
    description:
      'From this much at stake (minor units of the lot’s currency) only the exact plate counts; below it, the more the surer the camera must be. 20000 unless told.',
  })
  exactFromMinor?: number | null;
}

@InputType('LotPolicyInput', {
  description:
    'What a lot promises and asks beside its prices. What is left out stays as it is (for a new lot: as is usual).',
})
export class LotPolicyInput {
  @Field(() => Int, { nullable: true, description: 'How many minutes a spot is held while the driver pays.' })
  holdMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many minutes after the start a driver may come before the spot is let go.',
  })
  graceMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many minutes longer the spot waits for a driver who says that they are late; 30 unless told.',
  })
  lateNoticeMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many minutes before the start a driver may enter.' })
  earlyEntryMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many minutes after the end, or after paying, the exit opens without a further charge.',
  })
  exitGraceMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: 'The shortest period in minutes.' })
  minStayMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: 'The longest period in minutes.' })
  maxStayMinutes?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many days ahead a period may start.' })
  maxAdvanceDays?: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many minutes a vehicle without a reservation is expected to stay.',
  })
  usualStayMinutes?: number | null;

  @Field(() => CancellationPolicyInput, { nullable: true, description: 'What cancelling gives back.' })
  cancellation?: CancellationPolicyInput | null;

  @Field(() => EarlyDeparturePolicyInput, { nullable: true, description: 'What leaving early gives back.' })
  earlyDeparture?: EarlyDeparturePolicyInput | null;

  @Field(() => NoShowPolicyInput, { nullable: true, description: 'What not coming costs.' })
  noShow?: NoShowPolicyInput | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'How much of the price comes back, in percent, when a driver’s spot can’t be had and there is no other; 100 unless told.',
  })
  noSpotRefundPercent?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether a driver who comes too late gets a spot for the rest of the period, if one is free.',
  })
  reinstateLateArrival?: boolean | null;

  @Field(() => AllocationStrategyEnum, { nullable: true, description: 'How a spot is chosen among the free ones.' })
  allocationStrategy?: AllocationStrategy | null;

  @Field(() => PlateMatchingPolicyInput, { nullable: true, description: 'How sure a camera must be.' })
  plateMatching?: PlateMatchingPolicyInput | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether a pass opens an entry only with the code of the moment from its driver’s phone, so that a picture of it does not.',
  })
  livePass?: boolean | null;
}

@Allow('PUBLIC')
@ObjectType('DocumentProblem', { description: 'One thing that is wrong with a document that was sent.' })
export class DocumentProblem {
  @Field(() => String, {
    nullable: true,
    description: 'The rule that it breaks, for a tariff: `BAND`, `CAP`, `OFFER`.',
  })
  rule!: string | null;

  @Field(() => String, { description: 'Where in the document: `rates[0].bands[1].from`.' })
  path!: string;

  @Field(() => String, { description: 'What it must be.' })
  message!: string;
}

@Allow('PUBLIC')
@ObjectType('TariffInvalid', { implements: UserError, description: 'The tariff breaks rules.' })
export class TariffInvalid extends UserError {
  @Field(() => [DocumentProblem], { description: 'All of them at once.' })
  problems!: DocumentProblem[];
}

@Allow('PUBLIC')
@ObjectType('PolicyInvalid', { implements: UserError, description: 'The policy breaks rules.' })
export class PolicyInvalid extends UserError {
  @Field(() => [DocumentProblem], { description: 'All of them at once.' })
  problems!: DocumentProblem[];
}

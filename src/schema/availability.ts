import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { ALTERNATIVE_KINDS, type AlternativeKind } from '../domain/alternative.ts';
import type { Period as PeriodValue } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Allow } from './access.ts';
import { enumOf, SpotTypeEnum, VehicleClassEnum } from './enums.ts';
import { LotPolicyType } from './lot-policy.ts';
import { LotType } from './lot.ts';
import { Period, PeriodInput } from './period.ts';
import { NextPriceType, PriceType } from './price.ts';
import { DateTime, ShortText } from './scalars.ts';
import { UserError } from './user-error.ts';

export const AlternativeKindEnum = enumOf<AlternativeKind>('AlternativeKind', ALTERNATIVE_KINDS, {
  description: 'In what an alternative differs from what was asked for.',
  values: {
    OTHER_TYPE: 'Another type of spot in the same lot that takes the vehicle, for the same period.',
    LATER: 'The same lot and types, the nearest later start for a period of the same length.',
    OTHER_LOT: 'The nearest other lot, for the same period.',
  },
});

@Allow('PUBLIC')
@ObjectType('Alternative', {
  description:
    'Something like what was asked for that is free at this moment. Nothing is held for it: reserve it, or ask for its quote.',
})
export class AlternativeType {
  @Field(() => AlternativeKindEnum, { description: 'In what it differs.' })
  kind!: AlternativeKind;

  @Field(() => LotType, { description: 'Where.' })
  lot!: LotType;

  @Field(() => SpotTypeEnum, { description: 'Which type of spot.' })
  spotType!: SpotType;

  @Field(() => Period, { description: 'When.' })
  period!: PeriodValue;

  @Field(() => Int, { description: 'How many such spots are free, at least.' })
  spotsFree!: number;

  @Field(() => Int, { description: 'Metres from the lot that was asked for, as the crow flies; 0 for that lot.' })
  distanceMeters!: number;
}

@InputType('QuoteInput', { description: 'What a price is wanted for.' })
export class QuoteInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => PeriodInput, {
    description: 'When. Starts at most five minutes ago; length and advance within the lot’s policy.',
  })
  period!: PeriodInput;

  @Field(() => SpotTypeEnum, {
    nullable: true,
    description: 'Only this type; null: the first type that takes the vehicle and is free.',
  })
  spotType?: SpotType | null;

  @Field(() => VehicleClassEnum, {
    nullable: true,
    description: 'What vehicle it is; null: a usual car. Not together with `vehicleId`.',
  })
  vehicleClass?: VehicleClass | null;

  @Field(() => ID, {
    nullable: true,
    description: 'One of the signed-in driver’s vehicles, instead of `vehicleClass`.',
  })
  vehicleId?: string | null;

  @Field(() => ShortText, { nullable: true, description: 'A promo code, in any spelling of its letters.' })
  promoCode?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The monthly pass of the signed-in driver to use: what it covers costs nothing.',
  })
  monthlyPassId?: string | null;
}

@Allow('PUBLIC')
@ObjectType('Quote', {
  description:
    'Whether a lot is free for a period, and what it costs. Holds no spot; the price is kept for whoever reserves with its id in time.',
})
export class QuoteType {
  @Field(() => ID, { description: 'Send it as `quoteId` to `reserveSpot` to get this price.' })
  id!: string;

  @Field(() => LotType, { description: 'The lot.' })
  lot!: LotType;

  @Field(() => Period, { description: 'The period.' })
  period!: PeriodValue;

  @Field(() => SpotTypeEnum, { description: 'The type of spot that the price is for.' })
  spotType!: SpotType;

  @Field(() => VehicleClassEnum, { description: 'The vehicle that the spot takes.' })
  vehicleClass!: VehicleClass;

  @Field(() => Boolean, { description: 'Whether a spot was free for the whole period when it was asked.' })
  available!: boolean;

  @Field(() => Int, { description: 'How many spots of the type were free for the whole period.' })
  spotsFree!: number;

  @Field(() => PriceType, { description: 'The price with its lines.' })
  price!: PriceType;

  @Field(() => [NextPriceType], {
    description: 'What staying longer would cost by the same terms: the next four prices within a day of the end.',
  })
  next!: NextPriceType[];

  @Field(() => Int, { description: 'What demand makes of the rate, in percent: 100 is the rate itself.' })
  multiplierPercent!: number;

  @Field(() => LotPolicyType, {
    description: 'What the lot promises and asks beside the price: cancelling, late arrival, leaving early.',
  })
  policy!: LotPolicyType;

  @Field(() => DateTime, { description: 'Until when the price is kept: ten minutes from now.' })
  expiresAt!: Date;

  @Field(() => [AlternativeType], {
    description: 'What is near when it is not available: at most one of each kind; empty while it is available.',
  })
  alternatives!: AlternativeType[];
}

@Allow('PUBLIC')
@ObjectType('QuotePayload', {
  description:
    'Refused with LOT_NOT_FOUND, LOT_CLOSED, VEHICLE_NOT_FOUND, the PERIOD_ reasons, SPOT_DOES_NOT_FIT, SPOT_NOT_FOUND, the PROMO_CODE_ reasons, MONTHLY_PASS_NOT_FOUND, MONTHLY_PASS_USED_UP or TOO_MANY_ATTEMPTS. A full lot is no refusal: see `available`.',
})
export class QuotePayload {
  @Field(() => QuoteType, { nullable: true, description: 'The quote; null when it was refused.' })
  quote?: QuoteType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('SpotUnavailable', {
  implements: UserError,
  description: 'No fitting spot is free for the whole period (code SPOT_UNAVAILABLE).',
})
export class SpotUnavailable extends UserError {
  @Field(() => [AlternativeType], { description: 'What is near: at most one of each kind.' })
  alternatives!: AlternativeType[];
}

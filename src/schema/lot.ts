import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { SpotType } from '../domain/spot-type.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Allow } from './access.ts';
import { PageInfo } from './connection.ts';
import { enumOf, SpotTypeEnum, VehicleClassEnum } from './enums.ts';
import { Node } from './node.ts';
import { PeriodInput } from './period.ts';
import { PriceType } from './price.ts';
import { CountryCode, Currency, DateTime, PositiveInt, SafeInt, ShortText, TimeZone } from './scalars.ts';

const STATES = ['OPEN', 'CLOSED'] as const;
export const WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const LotStateEnum = enumOf<(typeof STATES)[number]>('LotState', STATES, {
  description: 'Whether a lot takes vehicles.',
  values: { OPEN: 'It does, within its opening hours.', CLOSED: 'It takes no new reservations and lets nobody in.' },
});

export const WeekdayEnum = enumOf<Weekday>('Weekday', WEEKDAYS, {
  description: 'A day of the week.',
  values: {
    MONDAY: 'The first day.',
    TUESDAY: 'The second day.',
    WEDNESDAY: 'The third day.',
    THURSDAY: 'The fourth day.',
    FRIDAY: 'The fifth day.',
    SATURDAY: 'The sixth day.',
    SUNDAY: 'The seventh day.',
  },
});

@Allow('PUBLIC')
@ObjectType('GeoPoint', { description: 'A place on earth, WGS 84.' })
export class GeoPointType {
  @Field(() => Float, { description: 'Degrees north, −90 to 90.' })
  latitude!: number;

  @Field(() => Float, { description: 'Degrees east, −180 to 180.' })
  longitude!: number;
}

@InputType('GeoPointInput', { description: 'A place on earth, WGS 84.' })
export class GeoPointInput {
  @Field(() => Float, { description: 'Degrees north, −90 to 90.' })
  latitude!: number;

  @Field(() => Float, { description: 'Degrees east, −180 to 180.' })
  longitude!: number;
}

@Allow('PUBLIC')
@ObjectType('OpeningWindow', { description: 'When vehicles may come in on one day.' })
export class OpeningWindowType {
  @Field(() => WeekdayEnum, { description: 'The day.' })
  day!: Weekday;

  @Field(() => String, { description: 'From then on, on the lot’s own clock: `06:00`.' })
  opens!: string;

  @Field(() => String, { description: 'Until then, on the lot’s own clock: `24:00` is the end of the day.' })
  closes!: string;
}

@Allow('PUBLIC')
@ObjectType('OpeningHours', {
  description: 'When a lot lets vehicles in, on its own clock. Leaving is always possible.',
})
export class OpeningHoursType {
  @Field(() => Boolean, { description: 'Day and night; then there are no windows.' })
  alwaysOpen!: boolean;

  @Field(() => [OpeningWindowType], { description: 'The windows; a day without one is closed.' })
  windows!: OpeningWindowType[];
}

@Allow('PUBLIC')
@ObjectType('SpotCount', { description: 'Spots of one type.' })
export class SpotCount {
  @Field(() => SpotTypeEnum, { description: 'The type.' })
  spotType!: SpotType;

  @Field(() => Int, { description: 'How many there are in service.' })
  total!: number;

  @Field(() => Int, { nullable: true, description: 'How many of them are free; null where that was not asked.' })
  free!: number | null;
}

@Allow('PUBLIC')
@ObjectType('LevelCount', { description: 'Spots of one level.' })
export class LevelCount {
  @Field(() => ID, { description: 'The level.' })
  levelId!: string;

  @Field(() => Int, { description: 'How many there are in service.' })
  total!: number;

  @Field(() => Int, { description: 'How many of them are free.' })
  free!: number;
}

@Allow('PUBLIC')
@ObjectType('Availability', {
  description:
    'What is free in a lot right now: spots in service that nobody has claimed for this moment and on which no vehicle is sensed.',
})
export class AvailabilityType {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => SafeInt, {
    description: 'Grows strictly with each change of the lot: of two answers the one with the higher version is newer.',
  })
  version!: number;

  @Field(() => DateTime, { description: 'When it was counted.' })
  asOf!: Date;

  @Field(() => Int, { description: 'How many spots are in service.' })
  total!: number;

  @Field(() => Int, { description: 'How many of them are free.' })
  free!: number;

  @Field(() => Int, {
    description:
      'How many of the free ones nobody claims within the lot’s usual stay: what is left for vehicles without a reservation.',
  })
  freeForWalkIns!: number;

  @Field(() => [SpotCount], { description: 'The same by type.' })
  byType!: SpotCount[];

  @Field(() => [LevelCount], { description: 'The same by level.' })
  byLevel!: LevelCount[];
}

@Allow('PUBLIC')
@ObjectType('Lot', {
  implements: Node,
  description: 'A place with spots. Clocks in it show `timeZone`, prices are in `currency`.',
})
export class LotType extends Node {
  @Field(() => String, { description: 'Short name for people and addresses ("HEL1"), unique.' })
  code!: string;

  @Field(() => String, { description: 'Its name.' })
  name!: string;

  @Field(() => String, { description: 'Where it is, for people.' })
  address!: string;

  @Field(() => CountryCode, { description: 'The country it is in.' })
  country!: string;

  @Field(() => TimeZone, { description: 'The zone of all its clock times.' })
  timeZone!: string;

  @Field(() => Currency, { description: 'The currency of all its prices.' })
  currency!: string;

  @Field(() => LotStateEnum, { description: 'Whether it takes vehicles.' })
  state!: (typeof STATES)[number];
}

@Allow('PUBLIC')
@ObjectType('LotEdge', { description: 'One of the lots found and its place in the list.' })
export class LotEdge {
  @Field(() => String, { description: 'Send it as `after` to go on from here.' })
  cursor!: string;

  @Field(() => LotType, { description: 'The lot itself.' })
  node!: LotType;

  @Field(() => Int, { nullable: true, description: 'Metres from `near`, as the crow flies; null without `near`.' })
  distanceMeters!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many spots (of `spotType`, if given) are free for the whole `period`; null without `period`.',
  })
  spotsFree!: number | null;

  @Field(() => PriceType, {
    nullable: true,
    description:
      'The price of `period` for `spotType`, else for STANDARD, else for the first type of the lot; null without `period`.',
  })
  price!: PriceType | null;
}

@Allow('PUBLIC')
@ObjectType('LotConnection', { description: 'A page of lots.' })
export class LotConnection {
  @Field(() => [LotEdge], { description: 'The page with cursors, distances and prices.' })
  edges!: LotEdge[];

  @Field(() => [LotType], { description: 'The page without.' })
  nodes!: LotType[];

  @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
  pageInfo!: PageInfo;
}

@ArgsType()
export class LotsArgs {
  @Field(() => GeoPointInput, { nullable: true, description: 'Around here, nearest first; null: all lots, by code.' })
  near?: GeoPointInput | null;

  @Field(() => PositiveInt, { defaultValue: 5000, description: 'How far from `near`, in metres, at most 100,000.' })
  radiusMeters!: number;

  @Field(() => PeriodInput, {
    nullable: true,
    description: 'When: each lot then says how many spots are free and what it costs.',
  })
  period?: PeriodInput | null;

  @Field(() => SpotTypeEnum, { nullable: true, description: 'Only lots with spots of this type.' })
  spotType?: SpotType | null;

  @Field(() => ShortText, {
    nullable: true,
    description: 'Only lots whose name, address or code contains each of these words, in any case.',
  })
  text?: string | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'Only lots where a vehicle of this height (cm) fits any spot, or any of `spotType`.',
  })
  heightCm?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many, 1 to 100; 20 unless told.' })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string | null;
}

@ArgsType()
export class AvailabilityBetweenArgs {
  @Field(() => PeriodInput, { description: 'Not in the past, a year long at most.' })
  period!: PeriodInput;

  @Field(() => VehicleClassEnum, {
    nullable: true,
    description: 'Only types that take such a vehicle, best fit first.',
  })
  vehicleClass?: VehicleClass | null;
}

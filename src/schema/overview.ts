import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { MOMENT_KINDS, type MomentKind } from '../domain/moment.ts';
import { SPOT_STATES, type SpotState } from '../domain/spot-state.ts';
import { Allow } from './access.ts';
import { ConnectionArgs } from './connection.ts';
import { enumOf } from './enums.ts';
import { SpotCount } from './lot.ts';
import { Money } from './money.ts';
import { ReservationStateEnum } from './reservation.ts';
import { DateTime, LongText, ShortText } from './scalars.ts';

export const SpotStateEnum = enumOf<SpotState>('SpotState', SPOT_STATES, {
  description: 'How a spot stands at this moment.',
  values: {
    FREE: 'Nobody has claimed it for now, and nothing is sensed on it.',
    RESERVED: 'It is kept for a reservation whose vehicle is not there yet.',
    OCCUPIED: 'A vehicle is on it, by its entry or by what is sensed.',
    OUT_OF_SERVICE: 'It is closed.',
  },
});

export const MomentKindEnum = enumOf<MomentKind>('MomentKind', MOMENT_KINDS, {
  description: 'What happened in the life of a reservation.',
  values: {
    MADE: 'It was made, and held for its payment.',
    CONFIRMED: 'It was paid, and is a right to park.',
    SCANNED: 'A gate decided about it; `detail` is the reason, `note` what the gate did.',
    CHECKED_IN: 'Its vehicle came in.',
    COMPLETED: 'Its vehicle left.',
    CANCELLED: 'It was called off.',
    EXPIRED: 'It was not paid in time.',
    NO_SHOW: 'Nobody came.',
    DISPLACED: 'Its vehicle stayed on, and another driver had to be moved.',
    PAID: 'Money came; `detail` is what for.',
    REFUND_PROMISED: 'Money goes back; `detail` is why.',
    REFUNDED: 'Money has gone back.',
    INCIDENT: 'Something happened that a person should look at; `detail` is its kind.',
    ACT_OF_STAFF: 'A person did something by hand; `detail` is what, `note` why.',
  },
});

@Allow('PUBLIC')
@ObjectType('ReservationMoment', { description: 'One thing that happened in the life of a reservation.' })
export class ReservationMomentType {
  @Field(() => DateTime, { description: 'When.' })
  at!: Date;

  @Field(() => MomentKindEnum, { description: 'What.' })
  kind!: MomentKind;

  @Field(() => String, { nullable: true, description: 'More of it, in one word that `kind` gives its meaning.' })
  detail!: string | null;

  @Field(() => String, { nullable: true, description: 'In somebody’s own words; null when nobody said anything.' })
  note!: string | null;
}

@Allow('PUBLIC')
@ObjectType('Takings', {
  description:
    'What was paid in one currency from midnight until now, less what went back of it; beside the same weekday.',
})
export class TakingsType {
  @Field(() => Money, { description: 'Today.' })
  today!: Money;

  @Field(() => Money, { description: 'A week ago, until the same time of day.' })
  weekBefore!: Money;
}

@Allow('PUBLIC')
@ObjectType('LotDay', { description: 'What the staff of a lot look at first. Days are those of the lot’s own zone.' })
export class LotDayType {
  @Field(() => Int, { description: 'Confirmed reservations that start within the next three hours.' })
  arrivalsSoon!: number;

  @Field(() => Int, { description: 'Reservations of today whose driver did not come.' })
  noShows!: number;

  @Field(() => Int, { description: 'The same a week ago, until the same time of day.' })
  noShowsWeekBefore!: number;

  @Field(() => Int, { description: 'Incidents that nobody has dealt with.' })
  openIncidents!: number;

  @Field(() => Int, { description: 'Those of them that are URGENT.' })
  urgentIncidents!: number;
}

@Allow('PUBLIC')
@ObjectType('Overview', { description: 'The day of all lots that a member of staff serves, summed.' })
export class OverviewType extends LotDayType {
  @Field(() => Int, { description: 'How many lots they serve.' })
  lots!: number;

  @Field(() => Int, { description: 'Spots in service.' })
  spotsTotal!: number;

  @Field(() => Int, { description: 'Spots free right now.' })
  spotsFree!: number;

  @Field(() => [SpotCount], { description: 'The same by type.' })
  byType!: SpotCount[];

  @Field(() => Int, {
    nullable: true,
    description:
      'In how many milliseconds 95 % of the gate decisions were taken that the answering process took since it started; null when it took none.',
  })
  gateP95Ms!: number | null;
}

@ArgsType()
export class ServedLotsArgs extends ConnectionArgs {
  @Field(() => ShortText, { nullable: true, description: 'Only lots with this in their code, name or address.' })
  text?: string | null;
}

@ArgsType()
export class FindReservationsArgs {
  @Field(() => LongText, {
    description:
      'A code or a plate; for operators also a driver’s e-mail address or name, or a payment’s id, ours or the provider’s. Whole.',
  })
  text!: string;
}

@ArgsType()
export class LotReservationsArgs extends ConnectionArgs {
  @Field(() => [ReservationStateEnum], { nullable: true, description: 'Only those in one of these states.' })
  states?: string[] | null;

  @Field(() => DateTime, { nullable: true, description: 'Only those that start then or later.' })
  startsFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Only those that start before then.' })
  startsUntil?: Date | null;
}

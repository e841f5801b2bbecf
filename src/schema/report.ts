import { ArgsType, Field, Float, Int, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';
import { Money } from './money.ts';
import { ShortText } from './scalars.ts';

@Allow('PUBLIC')
@ObjectType('ReportDay', { description: 'A date of a lot, by its own clock, in figures.' })
export class ReportDayType {
  @Field(() => String, { description: 'The date, `2026-11-20`.' })
  day!: string;

  @Field(() => Float, {
    nullable: true,
    description: 'How full it was on average, 0 to 100, of the spots in service now; null when it is yet to come.',
  })
  occupancyPercent!: number | null;

  @Field(() => Int, { description: 'Vehicles that came in.' })
  entries!: number;

  @Field(() => Int, { description: 'Paid reservations that start on it, without those that were cancelled.' })
  reservations!: number;

  @Field(() => Int, { description: 'Those of them whose driver did not come.' })
  noShows!: number;

  @Field(() => Money, { description: 'What was paid on it, less what has gone back of that.' })
  taken!: Money;
}

@Allow('PUBLIC')
@ObjectType('ReportHour', { description: 'An hour of the week, over all its occurrences that have passed.' })
export class ReportHourType {
  @Field(() => Int, { description: '1 is Monday, 7 is Sunday.' })
  weekday!: number;

  @Field(() => Int, { description: '0 to 23, by the lot’s clock.' })
  hour!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'How full it was on average, 0 to 100, of the spots in service now; null without any.',
  })
  occupancyPercent!: number | null;

  @Field(() => Int, { description: 'Vehicles that came in within it, on all of `days` together.' })
  entries!: number;

  @Field(() => Int, {
    description: 'On how many of the dates it has begun; an hour that occurs twice on one counts once.',
  })
  days!: number;
}

@Allow('PUBLIC')
@ObjectType('ReportDuration', { description: 'Visits of about one length, by when they ended.' })
export class ReportDurationType {
  @Field(() => Int, { description: 'They lasted at least this long, in minutes.' })
  fromMinutes!: number;

  @Field(() => Int, { nullable: true, description: 'They were shorter than this, in minutes; null: any length.' })
  untilMinutes!: number | null;

  @Field(() => Int, { description: 'How many.' })
  stays!: number;
}

@Allow('PUBLIC')
@ObjectType('LotReport', { description: 'How a lot did on some days.' })
export class LotReportType {
  @Field(() => Int, { description: 'Its spots in service now, which shares are of.' })
  spots!: number;

  @Field(() => [ReportDayType], { description: 'Every day that was asked for, the first one first.' })
  days!: ReportDayType[];

  @Field(() => [ReportHourType], { description: 'The hours of the week that occurred, Monday’s first.' })
  hours!: ReportHourType[];

  @Field(() => [ReportDurationType], {
    description: 'How long visits were that ended on these days, the short ones first.',
  })
  durations!: ReportDurationType[];
}

@ArgsType()
export class LotReportArgs {
  @Field(() => ShortText, { description: 'The first date, `2026-11-20`.' })
  from!: string;

  @Field(() => ShortText, { description: 'The last date, the same or a later one.' })
  through!: string;
}

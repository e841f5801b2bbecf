import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { REPORT_OUTCOMES } from '../domain/sensor-report.ts';
import { SPOT_SIGHTS, type SpotSight } from '../domain/spot-sight.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { Node } from './node.ts';
import { DateTime, LongText, PositiveInt, ShortText } from './scalars.ts';
import { SpotObject } from './spot.ts';
import { UserError } from './user-error.ts';

const OUTCOMES = [...REPORT_OUTCOMES, 'UNKNOWN_SENSOR'] as const;
export type SpotReportOutcome = (typeof OUTCOMES)[number];

export const SpotReportOutcomeEnum = enumOf<SpotReportOutcome>('SpotReportOutcome', OUTCOMES, {
  description: 'What became of a sensor’s report. None of them is to be sent again.',
  values: {
    CHANGED: 'What is known of the sensor has changed.',
    UNCHANGED: 'It said what was known: a heartbeat.',
    REPEATED: 'This very report had been heard; nothing follows from it.',
    LATE: 'A newer report had been heard; nothing follows from it.',
    UNKNOWN_SENSOR: 'The lot has no sensor with this serial.',
  },
});

export const SpotSightEnum = enumOf<SpotSight>('SpotSight', SPOT_SIGHTS, {
  description: 'What a person says of a spot.',
  values: {
    OCCUPIED: 'Something stands on it.',
    FREE: 'Nothing stands on it.',
    UNKNOWN: 'Its sensors are not to be believed.',
  },
});

@Allow('PUBLIC')
@ObjectType('Sensor', { implements: Node, description: 'A sensor of one spot. For the staff of its lot.' })
export class SensorType extends Node {
  @Field(() => String, { description: 'What it calls itself; unique in its lot.' })
  serial!: string;

  @Field(() => Boolean, { nullable: true, description: 'What it said last; null: never heard.' })
  occupied!: boolean | null;

  @Field(() => DateTime, { nullable: true, description: 'Since when it says so.' })
  since!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it made its newest report.' })
  heardAt!: Date | null;

  @Field(() => Int, { description: 'How often it reports although nothing changes, in minutes.' })
  heartbeatMinutes!: number;

  @Field(() => Int, { nullable: true, description: 'What is left in its battery, in percent; null: it does not say.' })
  batteryPercent!: number | null;

  @Field(() => Int, { description: 'How many of its reports did not arrive, as far as their numbers tell.' })
  lostTotal!: number;
}

@Allow('PUBLIC')
@ObjectType('SpotOverride', {
  description: 'What a person said of a spot; it counts more than its sensors until it expires.',
})
export class SpotOverrideType {
  @Field(() => SpotSightEnum, { description: 'What was said.' })
  sight!: SpotSight;

  @Field(() => String, { description: 'Why.' })
  reason!: string;

  @Field(() => DateTime, { description: 'When it was said.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'Until when it counts.' })
  expiresAt!: Date;
}

@InputType('SpotReportInput', { description: 'One report of one sensor.' })
export class SpotReportInput {
  @Field(() => ShortText, { description: 'What the sensor calls itself.' })
  serial!: string;

  @Field(() => Boolean, { description: 'Whether it sees a vehicle.' })
  occupied!: boolean;

  @Field(() => Int, { description: 'The number of the report, 0 to 7 and round again, one more with each.' })
  sequence!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'In a report of a change: how many seconds the state before it lasted, so that a change whose own report was lost is recovered. Absent in a heartbeat.',
  })
  secondsInPreviousState?: number | null;

  @Field(() => DateTime, { description: 'When the report was made. A clock that is ahead counts as now.' })
  observedAt!: Date;

  @Field(() => Int, { nullable: true, description: 'What is left in its battery, in percent.' })
  batteryPercent?: number | null;
}

@InputType('ReportSpotsInput', { description: 'What sensors of the device’s lot say.' })
export class ReportSpotsInput {
  @Field(() => [SpotReportInput], { description: '1 to 500 reports, in any order.' })
  reports!: SpotReportInput[];
}

@Allow('PUBLIC')
@ObjectType('ReportSpotsPayload', { description: 'What became of the reports.' })
export class ReportSpotsPayload {
  @Field(() => [SpotReportOutcomeEnum], {
    nullable: true,
    description: 'One for each report, in the order of the input.',
  })
  outcomes?: SpotReportOutcome[];

  @Field(() => [UserError], { description: 'Why nothing was taken in; empty when it was.' })
  userErrors!: UserError[];
}

@InputType('RegisterSensorInput', { description: 'A sensor is put on a spot.' })
export class RegisterSensorInput {
  @Field(() => ID, { description: 'The spot.' })
  spotId!: string;

  @Field(() => ShortText, { description: 'What the sensor calls itself (a DevEUI, a serial number).' })
  serial!: string;

  @Field(() => PositiveInt, {
    description:
      'How often it reports although nothing changes, in minutes, up to a week. Silent for two of them, it is believed no more.',
  })
  heartbeatMinutes!: number;
}

@InputType('RemoveSensorInput', { description: 'A sensor is taken away.' })
export class RemoveSensorInput {
  @Field(() => ID, { description: 'Which.' })
  sensorId!: string;
}

@Allow('PUBLIC')
@ObjectType('SensorPayload', { description: 'What came of it.' })
export class SensorPayload {
  @Field(() => SensorType, { nullable: true, description: 'The sensor.' })
  sensor?: SensorType;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

@InputType('OverrideSpotInput', { description: 'A person says what is on a spot.' })
export class OverrideSpotInput {
  @Field(() => ID, { description: 'The spot.' })
  spotId!: string;

  @Field(() => SpotSightEnum, { description: 'What is on it.' })
  sight!: SpotSight;

  @Field(() => PositiveInt, { description: 'How many minutes that counts; a week at most.' })
  minutes!: number;

  @Field(() => LongText, { description: 'Why; it is recorded with your name.' })
  reason!: string;
}

@InputType('EndSpotOverrideInput', { description: 'The sensors of a spot count again.' })
export class EndSpotOverrideInput {
  @Field(() => ID, { description: 'The spot.' })
  spotId!: string;

  @Field(() => LongText, { description: 'Why; it is recorded with your name.' })
  reason!: string;
}

@Allow('PUBLIC')
@ObjectType('SpotOverridePayload', { description: 'What came of it.' })
export class SpotOverridePayload {
  @Field(() => SpotObject, { nullable: true, description: 'The spot.' })
  spot?: SpotObject;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

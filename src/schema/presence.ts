import { Field, ID, InputType, ObjectType } from 'type-graphql';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Allow } from './access.ts';
import { OneOf } from './build-schema.ts';
import { VehicleClassEnum } from './enums.ts';
import { CredentialInput, GateDecisionType } from './gate.ts';
import { DateTime, LongText, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

@InputType('MarkLeftInput', { description: 'A visit that is over, although no gate saw it end.' })
export class MarkLeftInput {
  @Field(() => ID, { description: 'The visit.' })
  stayId!: string;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'When it ended: it is paid until then. Now, unless told. For a vehicle that turned round, when it came.',
  })
  at?: Date | null;
}

@InputType('MarkInsideInput', { description: 'A vehicle that is inside, although no gate saw it come.' })
export class MarkInsideInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => CredentialInput, {
    description: 'How it is known: its plate, its pass, its code; `ticket` for one whose plate cannot be read.',
  })
  credential!: CredentialInput;

  @Field(() => VehicleClassEnum, {
    nullable: true,
    description: 'What it is, for a vehicle without a reservation; CAR unless told.',
  })
  vehicleClass?: VehicleClass | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it came, up to a week ago: it is paid from then on. Now, unless told.',
  })
  at?: Date | null;
}

@OneOf()
@InputType('PresenceCorrectionInput', {
  description: 'What a person saw that the gates did not: exactly one of these.',
})
export class PresenceCorrectionInput {
  @Field(() => MarkLeftInput, { nullable: true, description: 'A visit is over.' })
  left?: MarkLeftInput | null;

  @Field(() => MarkInsideInput, { nullable: true, description: 'A vehicle is inside.' })
  inside?: MarkInsideInput | null;
}

@InputType('CorrectPresenceInput', { description: 'A person puts right who is inside.' })
export class CorrectPresenceInput {
  @Field(() => UUID, { description: 'The same key has the same answer and one effect. Send it again until `durable`.' })
  idempotencyKey!: string;

  @Field(() => PresenceCorrectionInput, { description: 'What was seen.' })
  correction!: PresenceCorrectionInput;

  @Field(() => LongText, { description: 'Why; it is recorded with your name.' })
  reason!: string;
}

@Allow('PUBLIC')
@ObjectType('CorrectPresencePayload', { description: 'What the correction led to.' })
export class CorrectPresencePayload {
  @Field(() => GateDecisionType, {
    nullable: true,
    description: 'As a gate would have decided; null when it was refused.',
  })
  decision?: GateDecisionType;

  @Field(() => Boolean, { description: 'True when the key had been used.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was corrected; empty when it was.' })
  userErrors!: UserError[];
}

@InputType('PrintInsideListInput', { description: 'Who should be inside, on paper.' })
export class PrintInsideListInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => LongText, { description: 'What for; it is recorded with your name.' })
  reason!: string;
}

@Allow('PUBLIC')
@ObjectType('PrintInsideListPayload', { description: 'Where the list is.' })
export class PrintInsideListPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'A page to print: who is inside by spot, and who is due within twelve hours, with plates. Whoever has the address sees it.',
  })
  url?: string;

  @Field(() => String, { nullable: true, description: 'The same for a spreadsheet.' })
  csvUrl?: string;

  @Field(() => DateTime, { nullable: true, description: 'Until when the addresses show it.' })
  expiresAt?: Date;

  @Field(() => [UserError], { description: 'Why there is no list; empty when there is.' })
  userErrors!: UserError[];
}

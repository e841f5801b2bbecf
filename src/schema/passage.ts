import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { PASSAGE_OUTCOMES, type PassageOutcome } from '../domain/hardware.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { DateTime, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

export const PassageOutcomeEnum = enumOf<PassageOutcome>('PassageOutcome', PASSAGE_OUTCOMES, {
  description: 'What became of a vehicle at an open gate.',
  values: {
    PASSED: 'It drove over the loop behind the barrier.',
    BACKED_OUT: 'It backed away. An entry is undone: nothing is billed, and a reservation may come again.',
  },
});

@InputType('ReportPassageInput', { description: 'What a loop at a gate has felt.' })
export class ReportPassageInput {
  @Field(() => UUID, { description: 'Made by the device; the same passage told twice is one.' })
  passageId!: string;

  @Field(() => ID, { description: 'The gate.' })
  gateId!: string;

  @Field(() => PassageOutcomeEnum, { description: 'What became of the vehicle.' })
  outcome!: PassageOutcome;

  @Field(() => UUID, {
    nullable: true,
    description: 'The scan that had opened the gate for it. Without one it is found among the openings of the moment.',
  })
  scanId?: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When, by the device’s clock; now unless told.' })
  observedAt?: Date | null;
}

@Allow('PUBLIC')
@ObjectType('ReportPassagePayload', { description: 'Refused with GATE_NOT_FOUND or IDEMPOTENCY_KEY_REUSED.' })
export class ReportPassagePayload {
  @Field(() => UUID, {
    nullable: true,
    description: 'The scan it belongs to; null while nobody knows, or when nothing had opened the gate.',
  })
  scanId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it has been brought together with its opening; a moment later otherwise.',
  })
  settled?: boolean | null;

  @Field(() => [UserError], { description: 'Why it was not taken down; empty when it was.' })
  userErrors!: UserError[];
}

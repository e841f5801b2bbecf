import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { HELP_REASONS, type HelpReason } from '../domain/incident.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { UserError } from './user-error.ts';

export const HelpReasonEnum = enumOf<HelpReason>('HelpReason', HELP_REASONS, {
  description: 'Why a driver at a gate calls for help.',
  values: {
    HELP: 'Whatever it is.',
    LOST_TICKET: 'The ticket is lost.',
    PAYING: 'Paying does not work.',
  },
});

@InputType('CallAttendantInput', { description: 'A driver at a gate presses the button for help.' })
export class CallAttendantInput {
  @Field(() => ID, { description: 'The gate.' })
  gateId!: string;

  @Field(() => HelpReasonEnum, { description: 'Why, as far as the device knows.', defaultValue: 'HELP' })
  reason!: HelpReason;
}

@Allow('PUBLIC')
@ObjectType('CallAttendantPayload', { description: 'Refused with GATE_NOT_FOUND.' })
export class CallAttendantPayload {
  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the staff were called by this call; false: they were called for the same two minutes before.',
  })
  isFirst?: boolean | null;

  @Field(() => [UserError], { description: 'Why nobody was called; empty when somebody was.' })
  userErrors!: UserError[];
}

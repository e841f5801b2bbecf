import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { JournalText, SafeInt } from './scalars.ts';
import { UserError } from './user-error.ts';

const PROBLEMS = ['HOLE', 'FORGED', 'UNREADABLE'] as const;
export const LaneEntryProblemEnum = enumOf<(typeof PROBLEMS)[number]>('LaneEntryProblem', PROBLEMS, {
  description: 'What is wrong with an entry of a lane’s journal.',
  values: {
    HOLE: 'What comes before it is missing. It was taken; send again from the acknowledged entry on.',
    FORGED: 'It is not what the agent can have written at this place. It has no effect until a person has settled it.',
    UNREADABLE: 'It is no scan of this lot. It has no effect.',
  },
});

@InputType('LaneEntryInput', { description: 'One entry of a lane agent’s journal, as it was written.' })
export class LaneEntryInput {
  @Field(() => SafeInt, { description: 'Its place: 1, 2, 3 and so on.' })
  seq!: number;

  @Field(() => JournalText, { description: 'The journal’s chain at this entry.' })
  chain!: string;

  @Field(() => JournalText, { description: 'The canonical JSON of the scan.' })
  body!: string;
}

@InputType('UploadLaneJournalInput', { description: 'What lanes have decided alone.' })
export class UploadLaneJournalInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => [LaneEntryInput], {
    description: '1 to 500 entries, and no more than fit into a request of 64 KiB (some sixty).',
  })
  entries!: LaneEntryInput[];
}

@Allow('PUBLIC')
@ObjectType('BrokenLaneEntry', { description: 'An entry that something is wrong with.' })
export class BrokenLaneEntryType {
  @Field(() => SafeInt, { description: 'Its place.' })
  seq!: number;

  @Field(() => LaneEntryProblemEnum, { description: 'What is wrong.' })
  problem!: (typeof PROBLEMS)[number];
}

@Allow('PUBLIC')
@ObjectType('UploadLaneJournalPayload', { description: 'Refused with INVALID_INPUT or LOT_NOT_FOUND.' })
export class UploadLaneJournalPayload {
  @Field(() => SafeInt, {
    nullable: true,
    description: 'This entry and all before it are durable and may be forgotten; null when refused.',
  })
  acknowledgedSeq!: number | null;

  @Field(() => [BrokenLaneEntryType], {
    nullable: true,
    description: 'What is wrong with which entries; null when refused.',
  })
  broken!: BrokenLaneEntryType[] | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

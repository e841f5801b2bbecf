import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { WATCH_PURPOSES, type WatchPurpose } from '../domain/watch-purpose.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { DateTime, LongText, PositiveInt, ShortText, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

export const WatchPurposeEnum = enumOf<WatchPurpose>('WatchPurpose', WATCH_PURPOSES, {
  description: 'Why a plate is watched for. There is no other reason to.',
  values: {
    UNPAID_DEBTS: 'Its driver left without paying, again and again.',
    BANNED: 'Its driver may not use the lot.',
    STOLEN: 'It was reported as stolen.',
    DAMAGE: 'It caused damage and drove on.',
    SAFETY: 'Somebody’s safety depends on it.',
  },
});

@Allow('PUBLIC')
@ObjectType('WatchEntry', {
  description:
    'A plate that staff want to be told of. It changes nothing at a barrier, and is forgotten when it is over.',
})
export class WatchEntryType {
  @Field(() => ID, { description: 'Opaque; gone when the entry is forgotten.' })
  id!: string;

  @Field(() => String, { nullable: true, description: 'The plate, where the list was read with a reason; else null.' })
  plate!: string | null;

  @Field(() => WatchPurposeEnum, { description: 'Why it is watched for.' })
  purpose!: WatchPurpose;

  @Field(() => String, { description: 'What to do when it comes.' })
  note!: string;

  @Field(() => DateTime, { description: 'Since when.' })
  createdAt!: Date;

  @Field(() => DateTime, { description: 'Until when.' })
  expiresAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was taken off; null while it is watched for.' })
  endedAt!: Date | null;
}

@InputType('AddWatchInput', { description: 'A plate is put on the watch list of a lot.' })
export class AddWatchInput {
  @Field(() => UUID, { description: 'The same key puts it there once.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ShortText, { description: 'The plate, however written.' })
  plate!: string;

  @Field(() => WatchPurposeEnum, { description: 'Why.' })
  purpose!: WatchPurpose;

  @Field(() => LongText, {
    description: 'What to do when it comes. Do not name the plate: the note is shown with the alert.',
  })
  note!: string;

  @Field(() => PositiveInt, { description: 'For how many days; 90 at most.' })
  days!: number;
}

@InputType('EndWatchInput', { description: 'A plate is taken off the watch list.' })
export class EndWatchInput {
  @Field(() => ID, { description: 'Which entry.' })
  entryId!: string;

  @Field(() => LongText, { description: 'Why; it is recorded with your name.' })
  reason!: string;
}

@Allow('PUBLIC')
@ObjectType('WatchPayload', { description: 'What came of it.' })
export class WatchPayload {
  @Field(() => WatchEntryType, { nullable: true, description: 'The entry.' })
  entry?: WatchEntryType;

  @Field(() => Boolean, { description: 'True when the key had been used.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

@InputType('ReadWatchListInput', { description: 'The watch list of a lot is read.' })
export class ReadWatchListInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => LongText, { description: 'Why you look; it is recorded with your name.' })
  reason!: string;
}

@Allow('PUBLIC')
@ObjectType('ReadWatchListPayload', { description: 'What is watched for.' })
export class ReadWatchListPayload {
  @Field(() => [WatchEntryType], {
    nullable: true,
    description: 'The entries that are not over, the newest first, at most 1,000.',
  })
  entries?: WatchEntryType[];

  @Field(() => [UserError], { description: 'Why nothing is shown; empty when it is.' })
  userErrors!: UserError[];
}

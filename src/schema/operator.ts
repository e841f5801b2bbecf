import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { SpotType } from '../domain/spot-type.ts';
import type { DeviceRole, StaffRole } from '../domain/viewer.ts';
import type { GateDirection } from '../entities/gate.ts';
import type { Lot } from '../entities/lot.ts';
import { DeviceRoleEnum, DeviceType, StaffMemberType, StaffRoleEnum } from './account.ts';
import { Allow } from './access.ts';
import { SpotTypeEnum } from './enums.ts';
import { GateDirectionEnum, GateType } from './lot-gate.ts';
import { GeoPointInput, LotStateEnum, LotType } from './lot.ts';
import { LotPolicyInput, OpeningHoursInput } from './operator-documents.ts';
import { Refusable } from './refusable.ts';
import {
  CountryCode,
  Currency,
  EmailAddress,
  LongText,
  PositiveInt,
  ShortText,
  TariffDocumentScalar,
  TimeZone,
} from './scalars.ts';
import { LevelType, SpotObject } from './spot.ts';
import { TariffType } from './tariff.ts';

@InputType('CreateLotInput', { description: 'A new lot. It has no spots yet.' })
export class CreateLotInput {
  @Field(() => ID, {
    nullable: true,
    description: 'Whose lot it is. Only an admin has to name it; others make lots for their own operator.',
  })
  operatorId?: string | null;

  @Field(() => ShortText, {
    description: 'Short name for people and addresses, 2 to 16 letters, digits and hyphens; unique over all operators.',
  })
  code!: string;

  @Field(() => LongText, { description: 'Its name, at most 200 characters.' })
  name!: string;

  @Field(() => LongText, { description: 'Where it is, for people; at most 200 characters.' })
  address!: string;

  @Field(() => GeoPointInput, { description: 'Where it is on the map.' })
  location!: GeoPointInput;

  @Field(() => CountryCode, { description: 'The country it is in.' })
  country!: string;

  @Field(() => TimeZone, { description: 'The zone of all its clock times. It never changes.' })
  timeZone!: string;

  @Field(() => Currency, { description: 'The currency of all its prices. It never changes.' })
  currency!: string;

  @Field(() => OpeningHoursInput, { nullable: true, description: 'Day and night unless told.' })
  openingHours?: OpeningHoursInput | null;

  @Field(() => LotPolicyInput, { nullable: true, description: 'What differs from the usual policy.' })
  policy?: LotPolicyInput | null;

  @Field(() => TariffDocumentScalar, { description: 'Its first prices; `version` and `currency` may be left out.' })
  tariff!: Record<string, unknown>;
}

@InputType('UpdateLotInput', { description: 'What is to change of a lot; what is left out stays.' })
export class UpdateLotInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => LongText, { nullable: true, description: 'Its name, at most 200 characters.' })
  name?: string | null;

  @Field(() => LongText, { nullable: true, description: 'Where it is, for people; at most 200 characters.' })
  address?: string | null;

  @Field(() => GeoPointInput, { nullable: true, description: 'Where it is on the map.' })
  location?: GeoPointInput | null;

  @Field(() => OpeningHoursInput, { nullable: true, description: 'When it lets vehicles in.' })
  openingHours?: OpeningHoursInput | null;

  @Field(() => LotPolicyInput, {
    nullable: true,
    description: 'What changes of its policy. Reservations keep the policy they were made under.',
  })
  policy?: LotPolicyInput | null;

  @Field(() => LotStateEnum, { nullable: true, description: 'Whether it takes vehicles.' })
  state?: Lot['state'] | null;
}

@InputType('AddLevelInput', { description: 'A floor or area of a lot.' })
export class AddLevelInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ShortText, { description: 'What stands on the wall; unique in the lot.' })
  name!: string;

  @Field(() => Int, { nullable: true, description: 'Order from the entrance; after the last level unless told.' })
  ordinal?: number | null;
}

@InputType('AddSpotsInput', {
  description: 'A row of spots of one type on a level, farther from the entrance than all that are there.',
})
export class AddSpotsInput {
  @Field(() => ID, { description: 'The level.' })
  levelId!: string;

  @Field(() => SpotTypeEnum, { description: 'Their type; it never changes.' })
  spotType!: SpotType;

  @Field(() => ShortText, {
    description: 'At most 16 characters with one run of #, which becomes the number: `2-###` makes 2-101, 2-102, …',
  })
  labelPattern!: string;

  @Field(() => Int, { description: 'The first number.' })
  firstNumber!: number;

  @Field(() => PositiveInt, { description: 'How many spots, at most 2000 at a time.' })
  count!: number;

  @Field(() => LongText, { nullable: true, description: 'How to get there, one sentence of at most 300 characters.' })
  directions?: string | null;

  @Field(() => PositiveInt, { nullable: true, description: 'The highest vehicle they take, in centimetres.' })
  maxHeightCm?: number | null;

  @Field(() => PositiveInt, { nullable: true, description: 'The longest vehicle they take, in centimetres.' })
  maxLengthCm?: number | null;
}

@InputType('CloseSpotsInput', { description: 'Spots to take out of use.' })
export class CloseSpotsInput {
  @Field(() => ID, { description: 'Their lot.' })
  lotId!: string;

  @Field(() => [ID], { description: '1 to 500 spots.' })
  spotIds!: string[];
}

@InputType('OpenSpotsInput', { description: 'Spots to put back into use.' })
export class OpenSpotsInput {
  @Field(() => ID, { description: 'Their lot.' })
  lotId!: string;

  @Field(() => [ID], { description: '1 to 500 spots.' })
  spotIds!: string[];
}

@InputType('PublishTariffInput', { description: 'New prices of a lot.' })
export class PublishTariffInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => TariffDocumentScalar, {
    description: 'The whole tariff; nothing of the one before is kept. `version` and `currency` may be left out.',
  })
  tariff!: Record<string, unknown>;
}

@InputType('RegisterGateInput', { description: 'A new gate of a lot.' })
export class RegisterGateInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ShortText, { description: 'What stands on it; unique in the lot.' })
  name!: string;

  @Field(() => GateDirectionEnum, { description: 'Which way vehicles pass it.' })
  direction!: GateDirection;
}

@InputType('UpdateGateInput', { description: 'What is to change of a gate; what is left out stays.' })
export class UpdateGateInput {
  @Field(() => ID, { description: 'The gate.' })
  gateId!: string;

  @Field(() => ShortText, { nullable: true, description: 'What stands on it; unique in the lot.' })
  name?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether it is in use. One that is not lets nobody in, and lets out whoever is there.',
  })
  inService?: boolean | null;
}

@InputType('IssueDeviceKeyInput', { description: 'A new device of a lot.' })
export class IssueDeviceKeyInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ShortText, { description: 'What staff call it.' })
  name!: string;

  @Field(() => DeviceRoleEnum, { description: 'What it may do.' })
  role!: DeviceRole;

  @Field(() => ID, { nullable: true, description: 'For a GATE device, and only for one: its gate.' })
  gateId?: string | null;

  @Field(() => ID, {
    nullable: true,
    description: 'For a MERCHANT device, and only for one: the merchant whose till it is.',
  })
  merchantId?: string | null;
}

@InputType('RevokeDeviceKeyInput', { description: 'The device whose key ends.' })
export class RevokeDeviceKeyInput {
  @Field(() => ID, { description: 'The device.' })
  deviceId!: string;
}

@InputType('InviteStaffInput', { description: 'A new member of staff. Nobody gives more than they have.' })
export class InviteStaffInput {
  @Field(() => EmailAddress, { description: 'What they will sign in with.' })
  email!: string;

  @Field(() => LongText, { description: 'Their name, at most 200 characters.' })
  name!: string;

  @Field(() => StaffRoleEnum, { description: 'What they may do.' })
  role!: StaffRole;

  @Field(() => ID, {
    nullable: true,
    description: 'Whom they work for. Only an admin has to name it, unless `lotIds` tell.',
  })
  operatorId?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: 'The only lots they serve; left out: all of the operator, also those to come.',
  })
  lotIds?: string[] | null;
}

@InputType('UpdateStaffInput', { description: 'What a member of staff may do from now on, and where.' })
export class UpdateStaffInput {
  @Field(() => ID, { description: 'The member of staff.' })
  staffId!: string;

  @Field(() => StaffRoleEnum, { description: 'What they may do; nobody becomes an ADMIN this way.' })
  role!: StaffRole;

  @Field(() => [ID], {
    nullable: true,
    description: 'The only lots they serve; left out: all of the operator, also those to come.',
  })
  lotIds?: string[] | null;
}

@InputType('DisableStaffInput', { description: 'Whose account is closed.' })
export class DisableStaffInput {
  @Field(() => ID, { description: 'The member of staff.' })
  staffId!: string;
}

@Allow('PUBLIC')
@ObjectType('CreateLotPayload', {
  description:
    'Refused with NOT_ALLOWED, INVALID_INPUT, POLICY_INVALID, TARIFF_INVALID, NOT_FOUND (the operator) or CODE_TAKEN.',
})
export class CreateLotPayload extends Refusable {
  @Field(() => LotType, { nullable: true, description: 'The new lot; null when refused.' })
  lot!: LotType | null;
}

@Allow('PUBLIC')
@ObjectType('UpdateLotPayload', { description: 'Refused with LOT_NOT_FOUND, INVALID_INPUT or POLICY_INVALID.' })
export class UpdateLotPayload extends Refusable {
  @Field(() => LotType, { nullable: true, description: 'The lot as it is now; null when refused.' })
  lot!: LotType | null;
}

@Allow('PUBLIC')
@ObjectType('AddLevelPayload', { description: 'Refused with INVALID_INPUT, LOT_NOT_FOUND or NAME_TAKEN.' })
export class AddLevelPayload extends Refusable {
  @Field(() => LevelType, { nullable: true, description: 'The new level; null when refused.' })
  level!: LevelType | null;
}

@Allow('PUBLIC')
@ObjectType('AddSpotsPayload', {
  description:
    'Refused with INVALID_INPUT, LOT_NOT_FOUND, NOT_FOUND (the level) or NAME_TAKEN (a label); then none is added.',
})
export class AddSpotsPayload extends Refusable {
  @Field(() => [SpotObject], { nullable: true, description: 'The new spots by label; null when refused.' })
  spots!: SpotObject[] | null;
}

@Allow('PUBLIC')
@ObjectType('CloseSpotsPayload', {
  description:
    'Refused with INVALID_INPUT, LOT_NOT_FOUND, SPOT_OF_ANOTHER_LOT, SPOT_NOT_FOUND or SPOTS_IN_USE; then none is closed.',
})
export class CloseSpotsPayload extends Refusable {
  @Field(() => [SpotObject], { nullable: true, description: 'The spots as they are now; null when refused.' })
  spots!: SpotObject[] | null;
}

@Allow('PUBLIC')
@ObjectType('OpenSpotsPayload', {
  description: 'Refused with INVALID_INPUT, LOT_NOT_FOUND, SPOT_OF_ANOTHER_LOT or SPOT_NOT_FOUND.',
})
export class OpenSpotsPayload extends Refusable {
  @Field(() => [SpotObject], { nullable: true, description: 'The spots as they are now; null when refused.' })
  spots!: SpotObject[] | null;
}

@Allow('PUBLIC')
@ObjectType('PublishTariffPayload', { description: 'Refused with LOT_NOT_FOUND or TARIFF_INVALID.' })
export class PublishTariffPayload extends Refusable {
  @Field(() => TariffType, { nullable: true, description: 'The tariff in force; null when refused.' })
  tariff!: TariffType | null;
}

@Allow('PUBLIC')
@ObjectType('RegisterGatePayload', { description: 'Refused with INVALID_INPUT, LOT_NOT_FOUND or NAME_TAKEN.' })
export class RegisterGatePayload extends Refusable {
  @Field(() => GateType, { nullable: true, description: 'The new gate; null when refused.' })
  gate!: GateType | null;
}

@Allow('PUBLIC')
@ObjectType('UpdateGatePayload', {
  description: 'Refused with INVALID_INPUT, LOT_NOT_FOUND, GATE_NOT_FOUND or NAME_TAKEN.',
})
export class UpdateGatePayload extends Refusable {
  @Field(() => GateType, { nullable: true, description: 'The gate as it is now; null when refused.' })
  gate!: GateType | null;
}

@Allow('PUBLIC')
@ObjectType('IssueDeviceKeyPayload', { description: 'Refused with INVALID_INPUT, LOT_NOT_FOUND or GATE_NOT_FOUND.' })
export class IssueDeviceKeyPayload extends Refusable {
  @Field(() => DeviceType, { nullable: true, description: 'The new device; null when refused.' })
  device!: DeviceType | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its key, shown this once: `Authorization: Bearer pwk_…`. Null when refused.',
  })
  key!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'For a LANE device: the key that its bundles are signed with, for the agent to be started with.',
  })
  cloudKey!: string | null;
}

@Allow('PUBLIC')
@ObjectType('RevokeDeviceKeyPayload', { description: 'Refused with LOT_NOT_FOUND or DEVICE_NOT_FOUND.' })
export class RevokeDeviceKeyPayload extends Refusable {
  @Field(() => DeviceType, { nullable: true, description: 'The device, whose key is dead; null when refused.' })
  device!: DeviceType | null;
}

@Allow('PUBLIC')
@ObjectType('InviteStaffPayload', {
  description: 'Refused with NOT_ALLOWED, INVALID_INPUT, NOT_FOUND (the operator), LOT_NOT_FOUND or EMAIL_TAKEN.',
})
export class InviteStaffPayload extends Refusable {
  @Field(() => StaffMemberType, { nullable: true, description: 'The new member of staff; null when refused.' })
  staff!: StaffMemberType | null;

  @Field(() => String, { nullable: true, description: 'Their password, shown this once; null when refused.' })
  oneTimePassword!: string | null;
}

@Allow('PUBLIC')
@ObjectType('UpdateStaffPayload', {
  description: 'Refused with NOT_ALLOWED, INVALID_INPUT, NOT_FOUND or LOT_NOT_FOUND.',
})
export class UpdateStaffPayload extends Refusable {
  @Field(() => StaffMemberType, { nullable: true, description: 'The member of staff; null when refused.' })
  staff!: StaffMemberType | null;
}

@Allow('PUBLIC')
@ObjectType('DisableStaffPayload', { description: 'Refused with NOT_ALLOWED or NOT_FOUND.' })
export class DisableStaffPayload extends Refusable {
  @Field(() => StaffMemberType, { nullable: true, description: 'The member of staff; null when refused.' })
  staff!: StaffMemberType | null;
}

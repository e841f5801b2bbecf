import { createUnionType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DEVICE_ROLES, STAFF_ROLES, type DeviceRole, type StaffRole } from '../domain/viewer.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Allow } from './access.ts';
import { enumOf, VehicleClassEnum } from './enums.ts';
import { Node, typeNameOf } from './node.ts';
import { CountryCode, DateTime, EmailAddress, Locale, LongText, ShortText } from './scalars.ts';
import { UserError } from './user-error.ts';

export const StaffRoleEnum = enumOf<StaffRole>('StaffRole', STAFF_ROLES, {
  description: 'What a member of staff may do.',
  values: {
    ATTENDANT: 'Watches lanes, opens gates with a reason, helps drivers; within their lots.',
    OPERATOR: 'Runs lots: spots, prices, gates, devices, staff, refunds; within their lots.',
    ADMIN: 'Runs the installation, with every operator and lot.',
  },
});

export const DeviceRoleEnum = enumOf<DeviceRole>('DeviceRole', DEVICE_ROLES, {
  description: 'What a machine of a lot may do.',
  values: {
    GATE: 'Scans at its gate and opens it.',
    BOARD: 'Shows availability and nothing else.',
    MERCHANT: 'The till of a merchant: takes over a part of what its guests pay, and nothing else.',
    LANE: 'The agent of a lot’s lanes: scans at any gate of the lot, and decides alone while it is cut off.',
    SENSOR: 'The gateway of a lot’s sensors: tells what they see on the spots, and nothing else.',
  },
});

@Allow('PUBLIC')
@ObjectType('Vehicle', { implements: Node, description: 'A vehicle of the signed-in driver.' })
export class VehicleType extends Node {
  @Field(() => String, { description: 'The plate in clear, in its one spelling: capitals, no separators.' })
  plate!: string;

  @Field(() => CountryCode, { nullable: true, description: 'Where the plate was issued; null when not told.' })
  plateCountry!: string | null;

  @Field(() => VehicleClassEnum, { description: 'Decides which spots it fits.' })
  vehicleClass!: VehicleClass;

  @Field(() => String, { nullable: true, description: 'What its driver calls it; null when nothing.' })
  nickname!: string | null;

  @Field(() => DateTime, { description: 'When it was added.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was taken off the list; null while it is on it.' })
  removedAt!: Date | null;
}

@Allow('PUBLIC')
@ObjectType('Driver', { implements: Node, description: 'A person who parks. Only they themselves get to see it.' })
export class DriverType extends Node {
  @Field(() => EmailAddress, { description: 'What they sign in with, in lower case.' })
  email!: string;

  @Field(() => String, { description: 'Their name.' })
  name!: string;

  @Field(() => Locale, { description: 'The language of what we send them.' })
  locale!: string;

  @Field(() => Boolean, { description: 'Whether a card is saved for later charges.' })
  hasSavedCard!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'The saved card, to be sent as `paymentMethodId`; null without one. It is of no use to anybody else.',
  })
  savedPaymentMethodId!: string | null;

  @Field(() => DateTime, { description: 'When the account was made.' })
  createdAt!: Date;
}

@Allow('PUBLIC')
@ObjectType('StaffMember', {
  description: 'A person who works for an operator or, as ADMIN, for the installation.',
})
export class StaffMemberType {
  @Field(() => ID, { description: 'Opaque and lasting.' })
  id!: string;

  @Field(() => EmailAddress, { description: 'What they sign in with, in lower case.' })
  email!: string;

  @Field(() => String, { description: 'Their name.' })
  name!: string;

  @Field(() => StaffRoleEnum, { description: 'What they may do.' })
  role!: StaffRole;

  @Field(() => ID, { nullable: true, description: 'The operator they work for; null for an admin.' })
  operatorId!: string | null;

  @Field(() => [ID], { nullable: true, description: 'The lots they serve; null: every lot of their operator.' })
  lotIds!: string[] | null;

  @Field(() => DateTime, { description: 'When the account was made.' })
  createdAt!: Date;
}

@Allow('PUBLIC')
@ObjectType('Device', {
  implements: Node,
  description: 'A machine of a lot that speaks with its own key: a gate controller, a kiosk, a display board.',
})
export class DeviceType extends Node {
  @Field(() => String, { description: 'What staff call it.' })
  name!: string;

  @Field(() => DeviceRoleEnum, { description: 'What it may do.' })
  role!: DeviceRole;

  @Field(() => ID, { description: 'The lot it belongs to; it can do nothing elsewhere.' })
  lotId!: string;

  @Field(() => ID, { nullable: true, description: 'The gate it serves; null for a board.' })
  gateId!: string | null;

  @Field(() => DateTime, { description: 'When its key was issued.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When its key was revoked; null while it works.' })
  revokedAt!: Date | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'When it last spoke, to the minute; null: not yet, or not since the gates’ memory was last emptied.',
  })
  lastSeenAt?: Date | null;
}

/** The rows' classes are named for tables; only one name differs from its type. */
export function viewerTypeName(value: unknown): string | undefined {
  const name = typeNameOf(value);
  return name === 'Staff' ? 'StaffMember' : name;
}

export const ViewerType = createUnionType({
  name: 'Viewer',
  description: 'Whoever is signed in.',
  types: () => [DriverType, StaffMemberType, DeviceType] as const,
  resolveType: viewerTypeName,
});

@Allow('PUBLIC')
@ObjectType('Login', { description: 'What a client keeps of a sign-in.' })
export class LoginType {
  @Field(() => String, {
    description: 'Send it as `Authorization: Bearer …`. An EdDSA JWT; its keys are at `/.well-known/jwks.json`.',
  })
  accessToken!: string;

  @Field(() => DateTime, { description: 'When the access token stops being good: 15 minutes after it was made.' })
  accessTokenExpiresAt!: Date;

  @Field(() => String, {
    description: 'Good for one `refreshLogin`, which gives the next one. Sent twice, the whole login ends.',
  })
  refreshToken!: string;

  @Field(() => DateTime, { description: 'When the refresh token stops being good: 30 days after it was made.' })
  refreshTokenExpiresAt!: Date;
}

@Allow('PUBLIC')
@ObjectType('TooManyAttempts', {
  implements: UserError,
  description: 'Too many wrong guesses. Right ones are not counted.',
})
export class TooManyAttempts extends UserError {
  @Field(() => Int, { description: 'How many seconds to wait.' })
  retryAfterSeconds!: number;
}

@InputType('SignUpInput', { description: 'A new driver. Staff are invited instead.' })
export class SignUpInput {
  @Field(() => EmailAddress, { description: 'What they will sign in with.' })
  email!: string;

  @Field(() => LongText, { description: '10 to 200 characters, not made of the e-mail address.' })
  password!: string;

  @Field(() => LongText, { description: 'Their name, 1 to 100 characters.' })
  name!: string;

  @Field(() => Locale, { nullable: true, description: 'The language of what we send them; English when not told.' })
  locale?: string | null;
}

@InputType('SignInInput', {
  description: 'Drivers and staff sign in alike. Five wrong guesses a minute for one account.',
})
export class SignInInput {
  @Field(() => EmailAddress, { description: 'In any case.' })
  email!: string;

  @Field(() => LongText, { description: 'The password.' })
  password!: string;
}

@InputType('RefreshLoginInput', { description: 'The latest refresh token of a login.' })
export class RefreshLoginInput {
  @Field(() => LongText, { description: 'From the last sign-in or refresh.' })
  refreshToken!: string;
}

@InputType('SignOutInput', { description: 'Any refresh token of the login to end.' })
export class SignOutInput {
  @Field(() => LongText, { description: 'From the last sign-in or refresh.' })
  refreshToken!: string;
}

@InputType('ChangePasswordInput', { description: 'Another password for the person who is signed in.' })
export class ChangePasswordInput {
  @Field(() => LongText, { description: 'The password so far. Five wrong guesses a minute.' })
  oldPassword!: string;

  @Field(() => LongText, { description: '10 to 200 characters, not made of the e-mail address.' })
  newPassword!: string;
}

@InputType('AddVehicleInput', { description: 'A vehicle of the signed-in driver.' })
export class AddVehicleInput {
  @Field(() => ShortText, {
    description: 'The plate as it is written on the vehicle: 2 to 12 letters and digits, separators do not matter.',
  })
  plate!: string;

  @Field(() => CountryCode, { nullable: true, description: 'Where the plate was issued.' })
  plateCountry?: string | null;

  @Field(() => VehicleClassEnum, { description: 'Decides which spots it fits.' })
  vehicleClass!: VehicleClass;

  @Field(() => ShortText, { nullable: true, description: 'What its driver calls it.' })
  nickname?: string | null;
}

@InputType('RemoveVehicleInput', { description: 'The vehicle to take off the list.' })
export class RemoveVehicleInput {
  @Field(() => ID, { description: 'A vehicle of the signed-in driver.' })
  vehicleId!: string;
}

@Allow('PUBLIC')
@ObjectType('SignUpPayload', {
  description: 'Refused with INVALID_INPUT, PASSWORD_TOO_WEAK, TOO_MANY_ATTEMPTS or EMAIL_TAKEN.',
})
export class SignUpPayload {
  @Field(() => DriverType, { nullable: true, description: 'The new account; null when refused.' })
  driver!: DriverType | null;

  @Field(() => LoginType, { nullable: true, description: 'They are signed in at once; null when refused.' })
  login!: LoginType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('SignInPayload', { description: 'Refused with TOO_MANY_ATTEMPTS or CREDENTIALS_INVALID.' })
export class SignInPayload {
  @Field(() => LoginType, { nullable: true, description: 'The login; null when refused.' })
  login!: LoginType | null;

  @Field(() => ViewerType, { nullable: true, description: 'Who has signed in; null when refused.' })
  viewer!: typeof ViewerType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('RefreshLoginPayload', { description: 'Refused with TOKEN_INVALID.' })
export class RefreshLoginPayload {
  @Field(() => LoginType, { nullable: true, description: 'The login with its next tokens; null when refused.' })
  login!: LoginType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('SignOutPayload', { description: 'Afterwards the login has ended, whatever it was before.' })
export class SignOutPayload {
  @Field(() => Boolean, { description: 'Always true.' })
  signedOut!: boolean;

  @Field(() => [UserError], { description: 'Always empty.' })
  userErrors!: UserError[];
}

@InputType('DeleteAccountInput', { description: 'How a driver proves that they mean it.' })
export class DeleteAccountInput {
  @Field(() => LongText, { description: 'Their password.' })
  password!: string;
}

@Allow('PUBLIC')
@ObjectType('DeleteAccountPayload', {
  description: 'Refused with TOO_MANY_ATTEMPTS, CREDENTIALS_INVALID, ACCOUNT_IN_USE or PAYMENT_UNAVAILABLE.',
})
export class DeleteAccountPayload {
  @Field(() => Boolean, { nullable: true, description: 'True: the account is gone. Null when it was refused.' })
  deleted?: boolean | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('ChangePasswordPayload', {
  description: 'Refused with TOO_MANY_ATTEMPTS, CREDENTIALS_INVALID (the old one) or PASSWORD_TOO_WEAK (the new one).',
})
export class ChangePasswordPayload {
  @Field(() => LoginType, {
    nullable: true,
    description: 'A new login, the only one that goes on; null when refused.',
  })
  login!: LoginType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('AddVehiclePayload', { description: 'Refused with PLATE_INVALID or INVALID_INPUT.' })
export class AddVehiclePayload {
  @Field(() => VehicleType, {
    nullable: true,
    description: 'The vehicle, new or already on the list; null when refused.',
  })
  vehicle!: VehicleType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('RemoveVehiclePayload', { description: 'Refused with VEHICLE_NOT_FOUND.' })
export class RemoveVehiclePayload {
  @Field(() => VehicleType, { nullable: true, description: 'The vehicle that is off the list; null when refused.' })
  vehicle!: VehicleType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}

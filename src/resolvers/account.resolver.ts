import { Arg, Ctx, FieldResolver, ID, Mutation, Query, Resolver, Root } from 'type-graphql';
import { addVehicle } from '../accounts/add-vehicle.ts';
import { changePassword } from '../accounts/change-password.ts';
import { deleteAccount } from '../accounts/delete-account.ts';
import { deviceSeenAt } from '../accounts/device-seen.ts';
import { listVehicles, plateOfVehicle } from '../accounts/list-vehicles.ts';
import { refreshLogin } from '../accounts/refresh-login.ts';
import { removeVehicle } from '../accounts/remove-vehicle.ts';
import { signIn } from '../accounts/sign-in.ts';
import { signOut } from '../accounts/sign-out.ts';
import { signUp } from '../accounts/sign-up.ts';
import type { Context } from '../context.ts';
import { encodeId } from '../domain/public-id.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import { Device } from '../entities/device.ts';
import { Driver } from '../entities/driver.ts';
import { Staff } from '../entities/staff.ts';
import type { Vehicle } from '../entities/vehicle.ts';
import { removePaymentMethod } from '../payments/remove-payment-method.ts';
import { Allow } from '../schema/access.ts';
import {
  AddVehicleInput,
  AddVehiclePayload,
  ChangePasswordInput,
  ChangePasswordPayload,
  DeleteAccountInput,
  DeleteAccountPayload,
  DeviceType,
  DriverType,
  RefreshLoginInput,
  RefreshLoginPayload,
  RemoveVehicleInput,
  RemoveVehiclePayload,
  SignInInput,
  SignInPayload,
  SignOutInput,
  SignOutPayload,
  SignUpInput,
  SignUpPayload,
  StaffMemberType,
  TooManyAttempts,
  VehicleType,
  ViewerType,
} from '../schema/account.ts';
import { DateTime } from '../schema/scalars.ts';
import { registerNode } from './node.resolver.ts';
import { answer, forbidden, registerUserError, requireId, type Answer } from './payload.ts';
import { requireDriver, requirePerson } from './who-asks.ts';

registerUserError('TOO_MANY_ATTEMPTS', ({ details }) => ({
  __typename: TooManyAttempts.name,
  retryAfterSeconds: details['retryAfterSeconds'],
}));

registerNode('drv', async ({ viewer, em }, { id }) => (isDriver(viewer, id) ? em.findOne(Driver, { id }) : null));
registerNode('veh', async ({ viewer, loaders }, { id }) => {
  if (viewer?.kind !== 'DRIVER') return null;
  const vehicle = await loaders.vehicle(id);
  return vehicle?.driverId === viewer.driverId ? vehicle : null;
});
registerNode('dev', async ({ viewer, loaders }, { lotId, id }) => {
  if (lotId === null) return null;
  if (viewer?.kind === 'DEVICE')
    return viewer.lotId === lotId && viewer.deviceId === id ? loaders.device({ lotId, id }) : null;
  const lot = viewer?.kind === 'STAFF' ? await loaders.lot(lotId) : undefined;
  return lot && mayServeLot(viewer, lot) ? loaders.device({ lotId, id }) : null;
});

type Person = Driver | Staff | Device;

function isDriver(viewer: Viewer | undefined, driverId: string): boolean {
  return viewer?.kind === 'DRIVER' && viewer.driverId === driverId;
}

async function personOf({ em }: Context, viewer: Viewer | undefined): Promise<Person | null> {
  if (viewer?.kind === 'DRIVER') return em.findOne(Driver, { id: viewer.driverId });
  if (viewer?.kind === 'STAFF') return em.findOne(Staff, { id: viewer.staffId });
  if (viewer?.kind === 'DEVICE') return em.findOne(Device, { lotId: viewer.lotId, id: viewer.deviceId });
  return null;
}

@Resolver()
export class AccountResolver {
  @Allow('PUBLIC')
  @Query(() => ViewerType, { nullable: true, description: 'The signed-in person or device; null when anonymous.' })
  async viewer(@Ctx() context: Context): Promise<Person | null> {
    return personOf(context, context.viewer);
  }

  @Allow('PUBLIC')
  @Mutation(() => SignUpPayload, { description: 'Makes an account for a driver and signs them in.' })
  async signUp(
    @Ctx() { platform, clientAddress }: Context,
    @Arg('input', () => SignUpInput, { description: 'The new driver.' }) input: SignUpInput,
  ): Promise<Answer<object>> {
    return answer(() => signUp(platform, { ...input, locale: input.locale ?? undefined, clientAddress }));
  }

  @Allow('PUBLIC')
  @Mutation(() => SignInPayload, { description: 'Signs a driver or a member of staff in.' })
  async signIn(
    @Ctx() context: Context,
    @Arg('input', () => SignInInput, { description: 'Who, and how they prove it.' }) input: SignInInput,
  ): Promise<Answer<object>> {
    const { platform, clientAddress } = context;
    return answer(async () => {
      const login = await signIn(platform, { ...input, clientAddress });
      return { login, viewer: await personOf(context, login.viewer) };
    });
  }

  @Allow('PUBLIC')
  @Mutation(() => RefreshLoginPayload, {
    description: 'Goes on with a login: the next access token and the next refresh token.',
  })
  async refreshLogin(
    @Ctx() { platform }: Context,
    @Arg('input', () => RefreshLoginInput, { description: 'The login to go on with.' }) input: RefreshLoginInput,
  ): Promise<Answer<object>> {
    return answer(async () => ({ login: await refreshLogin(platform, input) }));
  }

  @Allow('PUBLIC')
  @Mutation(() => SignOutPayload, { description: 'Ends a login with all its tokens, within five seconds everywhere.' })
  async signOut(
    @Ctx() { platform }: Context,
    @Arg('input', () => SignOutInput, { description: 'The login to end.' }) input: SignOutInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      await signOut(platform, input);
      return { signedOut: true };
    });
  }

  @Allow('DRIVER', 'ATTENDANT', 'OPERATOR')
  @Mutation(() => ChangePasswordPayload, {
    description: 'Gives the signed-in person another password and ends all their other logins within five seconds.',
  })
  async changePassword(
    @Ctx() context: Context,
    @Arg('input', () => ChangePasswordInput, { description: 'The passwords.' }) input: ChangePasswordInput,
  ): Promise<Answer<object>> {
    const { platform, clientAddress } = context;
    const person = requirePerson(context);
    return answer(async () => ({ login: await changePassword(platform, { ...input, clientAddress }, person) }));
  }

  @Allow('DRIVER')
  @Mutation(() => DeleteAccountPayload, {
    description:
      'Forgets the signed-in driver: name, e-mail, card, vehicles, plates. What the books need stays, without the person. All logins end.',
  })
  async deleteAccount(
    @Ctx() context: Context,
    @Arg('input', () => DeleteAccountInput, { description: 'The password.' }) { password }: DeleteAccountInput,
  ): Promise<Answer<object>> {
    const { platform, clientAddress } = context;
    const driver = requireDriver(context);
    const forgetCard = () => removePaymentMethod(platform, driver);
    return answer(async () => {
      await deleteAccount(platform, { password, clientAddress, forgetCard }, driver);
      return { deleted: true };
    });
  }

  @Allow('DRIVER')
  @Mutation(() => AddVehiclePayload, {
    description: 'Adds a vehicle; one that is on the list already is given back with what was sent.',
  })
  async addVehicle(
    @Ctx() context: Context,
    @Arg('input', () => AddVehicleInput, { description: 'The vehicle.' }) input: AddVehicleInput,
  ): Promise<Answer<object>> {
    const { vehicleClass, nickname } = input;
    const plate = { text: input.plate, country: input.plateCountry ?? undefined };
    const vehicle = { plate, vehicleClass, nickname: nickname ?? undefined };
    return answer(async () => ({ vehicle: await addVehicle(context.platform, vehicle, requireDriver(context)) }));
  }

  @Allow('DRIVER')
  @Mutation(() => RemoveVehiclePayload, {
    description: 'Takes a vehicle off the list; reservations made with it stay.',
  })
  async removeVehicle(
    @Ctx() context: Context,
    @Arg('input', () => RemoveVehicleInput, { description: 'Which one.' }) input: RemoveVehicleInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const vehicleId = requireId('veh', input.vehicleId, 'vehicleId').id;
      return { vehicle: await removeVehicle(context.platform, { vehicleId }, requireDriver(context)) };
    });
  }
}

@Resolver(() => DriverType)
export class DriverResolver {
  @FieldResolver(() => ID)
  id(@Root() driver: Driver): string {
    return encodeId('drv', null, driver.id);
  }

  @FieldResolver(() => Boolean)
  hasSavedCard(@Root() driver: Driver): boolean {
    return driver.savedPaymentMethodId != null;
  }

  @Allow('DRIVER')
  @FieldResolver(() => [VehicleType], { description: 'Their vehicles, oldest first, without the removed ones.' })
  async vehicles(@Root() driver: Driver, @Ctx() { viewer, em }: Context): Promise<Vehicle[]> {
    if (!isDriver(viewer, driver.id)) throw forbidden();
    return listVehicles(em, driver.id);
  }
}

@Resolver(() => VehicleType)
export class VehicleResolver {
  @FieldResolver(() => ID)
  id(@Root() vehicle: Vehicle): string {
    return encodeId('veh', null, vehicle.id);
  }

  @Allow('DRIVER')
  @FieldResolver(() => String)
  plate(@Root() vehicle: Vehicle, @Ctx() { viewer, platform }: Context): string {
    if (!isDriver(viewer, vehicle.driverId)) throw forbidden();
    return plateOfVehicle(platform, vehicle);
  }
}

@Resolver(() => StaffMemberType)
export class StaffMemberResolver {
  @FieldResolver(() => ID)
  id(@Root() staff: Staff): string {
    return encodeId('stf', null, staff.id);
  }

  @FieldResolver(() => ID, { nullable: true })
  operatorId(@Root() { operatorId }: Staff): string | null {
    return operatorId == null ? null : encodeId('opr', null, operatorId);
  }

  @FieldResolver(() => [ID], { nullable: true })
  lotIds(@Root() { lotIds }: Staff): string[] | null {
    return lotIds?.map((lotId) => encodeId('lot', null, lotId)) ?? null;
  }
}

@Resolver(() => DeviceType)
export class DeviceResolver {
  @FieldResolver(() => ID)
  id(@Root() device: Device): string {
    return encodeId('dev', device.lotId, device.id);
  }

  @FieldResolver(() => ID)
  lotId(@Root() device: Device): string {
    return encodeId('lot', null, device.lotId);
  }

  @FieldResolver(() => ID, { nullable: true })
  gateId(@Root() { lotId, gateId }: Device): string | null {
    return gateId == null ? null : encodeId('gat', lotId, gateId);
  }

  @FieldResolver(() => DateTime, { nullable: true })
  async lastSeenAt(@Root() { lotId, id }: Device, @Ctx() { platform }: Context): Promise<Date | null> {
    return deviceSeenAt(platform, { lotId, id });
  }
}

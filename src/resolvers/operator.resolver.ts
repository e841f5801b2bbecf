import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import { addLevel } from '../accounts/operators/add-level.ts';
import { addSpots } from '../accounts/operators/add-spots.ts';
import { disableStaff, updateStaff } from '../accounts/operators/change-staff.ts';
import { closeSpots, type ClaimedSpot } from '../accounts/operators/close-spots.ts';
import { createLot } from '../accounts/operators/create-lot.ts';
import { createOperator } from '../accounts/operators/create-operator.ts';
import { inviteStaff } from '../accounts/operators/invite-staff.ts';
import { issueDeviceKey } from '../accounts/operators/issue-device-key.ts';
import { openSpots } from '../accounts/operators/open-spots.ts';
import { publishTariff } from '../accounts/operators/publish-tariff.ts';
import { registerGate } from '../accounts/operators/register-gate.ts';
import { revokeDeviceKey } from '../accounts/operators/revoke-device-key.ts';
import { updateGate } from '../accounts/operators/update-gate.ts';
import { updateLot } from '../accounts/operators/update-lot.ts';
import type { Context } from '../context.ts';
import { encodeId, type IdKind } from '../domain/public-id.ts';
import type { Refusal } from '../domain/refusal.ts';
import { mayServeLot } from '../domain/viewer.ts';
import type { Device } from '../entities/device.ts';
import type { Lot } from '../entities/lot.ts';
import type { Operator } from '../entities/operator.ts';
import { laneKeysOf } from '../gate/lane-sync/lane-keys.ts';
import { Allow } from '../schema/access.ts';
import { DeviceType } from '../schema/account.ts';
import { CreateOperatorInput, CreateOperatorPayload, OperatorType } from '../schema/create-operator.ts';
import { LotType } from '../schema/lot.ts';
import { PolicyInvalid, TariffInvalid } from '../schema/operator-documents.ts';
import {
  AddLevelInput,
  AddLevelPayload,
  AddSpotsInput,
  AddSpotsPayload,
  CloseSpotsInput,
  CloseSpotsPayload,
  CreateLotInput,
  CreateLotPayload,
  DisableStaffInput,
  DisableStaffPayload,
  InviteStaffInput,
  InviteStaffPayload,
  IssueDeviceKeyInput,
  IssueDeviceKeyPayload,
  OpenSpotsInput,
  OpenSpotsPayload,
  PublishTariffInput,
  PublishTariffPayload,
  RegisterGateInput,
  RegisterGatePayload,
  RevokeDeviceKeyInput,
  RevokeDeviceKeyPayload,
  UpdateGateInput,
  UpdateGatePayload,
  UpdateLotInput,
  UpdateLotPayload,
  UpdateStaffInput,
  UpdateStaffPayload,
} from '../schema/operator.ts';
import { SpotsInUse } from '../schema/spots-in-use.ts';
import { lotLoaders } from './lot-loaders.ts';
import { shownTariff } from './lot-views.ts';
import { openingHoursOf, told } from './operator-inputs.ts';
import { answer, forbidden, registerUserError, requireId, requireLotId, type Answer } from './payload.ts';

registerUserError('TARIFF_INVALID', (refusal) => ({ __typename: TariffInvalid.name, problems: problemsOf(refusal) }));
registerUserError('POLICY_INVALID', (refusal) => ({ __typename: PolicyInvalid.name, problems: problemsOf(refusal) }));
registerUserError('SPOTS_IN_USE', ({ details }) => {
  const { lotId, spots } = details as { lotId: string; spots: readonly ClaimedSpot[] };
  const claims = spots.map(({ spotId, label, ...period }) => ({
    spotId: encodeId('spt', lotId, spotId),
    label,
    period,
  }));
  return { __typename: SpotsInUse.name, claims };
});

function problemsOf({ details }: Refusal): { rule: string | null; path: string; message: string }[] {
  const { errors } = details as { errors: readonly { rule?: string; field: string; message: string }[] };
  return errors.map(({ rule, field, message }) => ({ rule: rule ?? null, path: field, message }));
}

/** An id that may be left out. */
function optionalId(kind: IdKind, text: string | null | undefined, field: string): string | undefined {
  return text == null ? undefined : requireId(kind, text, field).id;
}

function spotsOf({ lotId, spotIds }: CloseSpotsInput | OpenSpotsInput) {
  const spots = spotIds.map((spotId, index) => requireLotId('spt', spotId, ['spotIds', String(index)]));
  return { lotId: requireId('lot', lotId, 'lotId').id, spots };
}

@Resolver(() => OperatorType)
export class OperatorResolver {
  @FieldResolver(() => ID)
  id(@Root() operator: Operator): string {
    return encodeId('opr', null, operator.id);
  }

  @Allow('ADMIN')
  @Mutation(() => CreateOperatorPayload, { description: 'Makes a company that runs lots.' })
  async createOperator(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CreateOperatorInput, { description: 'The company.' }) input: CreateOperatorInput,
  ): Promise<Answer<object>> {
    const operator = { ...input, taxNumber: input.taxNumber ?? undefined };
    return answer(async () => ({ operator: await createOperator(platform, operator, viewer) }));
  }

  @Allow('OPERATOR')
  @Mutation(() => CreateLotPayload, { description: 'Makes a lot with its first prices; it has no spots yet.' })
  async createLot(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CreateLotInput, { description: 'The lot.' }) input: CreateLotInput,
  ): Promise<Answer<object>> {
    const { location, openingHours, policy, code, name, address, country, timeZone, currency } = input;
    const place = { code, name, address, country, timeZone, currency };
    return answer(async () => {
      const lot = {
        operatorId: optionalId('opr', input.operatorId, 'operatorId'),
        tariff: input.tariff,
        openingHours: openingHours ? openingHoursOf(openingHours) : undefined,
        policy: policy ? told(policy) : undefined,
      };
      return { lot: await createLot(platform, { ...place, ...location, ...lot }, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => UpdateLotPayload, { description: 'Changes what is told of a lot, its hours and its policy.' })
  async updateLot(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => UpdateLotInput, { description: 'What changes.' }) input: UpdateLotInput,
  ): Promise<Answer<object>> {
    const { name, address, location, openingHours, policy, state } = input;
    return answer(async () => {
      const change = {
        lotId: requireId('lot', input.lotId, 'lotId').id,
        name: name ?? undefined,
        address: address ?? undefined,
        state: state ?? undefined,
        openingHours: openingHours ? openingHoursOf(openingHours) : undefined,
        policy: policy ? told(policy) : undefined,
      };
      return { lot: await updateLot(platform, { ...change, ...location }, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => AddLevelPayload, { description: 'Adds a floor or area to a lot.' })
  async addLevel(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => AddLevelInput, { description: 'The level.' }) { lotId, name, ordinal }: AddLevelInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const level = { lotId: requireId('lot', lotId, 'lotId').id, name, ordinal: ordinal ?? undefined };
      return { level: await addLevel(platform, level, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => AddSpotsPayload, { description: 'Adds a row of spots to a level; they can be booked at once.' })
  async addSpots(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => AddSpotsInput, { description: 'The spots.' }) input: AddSpotsInput,
  ): Promise<Answer<object>> {
    const { spotType, labelPattern, firstNumber, count, directions, maxHeightCm, maxLengthCm } = input;
    return answer(async () => {
      const { lotId, id: levelId } = requireLotId('lvl', input.levelId, 'levelId');
      const size = { maxHeightCm: maxHeightCm ?? undefined, maxLengthCm: maxLengthCm ?? undefined };
      const row = { lotId, levelId, spotType, labelPattern, firstNumber, count, directions: directions ?? undefined };
      return { spots: await addSpots(platform, { ...row, ...size }, viewer) };
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => CloseSpotsPayload, { description: 'Takes free spots out of use: they are neither sold nor counted.' })
  async closeSpots(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => CloseSpotsInput, { description: 'The spots.' }) input: CloseSpotsInput,
  ): Promise<Answer<object>> {
    return answer(async () => ({ spots: await closeSpots(platform, spotsOf(input), viewer) }));
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => OpenSpotsPayload, { description: 'Puts spots back into use.' })
  async openSpots(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => OpenSpotsInput, { description: 'The spots.' }) input: OpenSpotsInput,
  ): Promise<Answer<object>> {
    return answer(async () => ({ spots: await openSpots(platform, spotsOf(input), viewer) }));
  }

  @Allow('OPERATOR')
  @Mutation(() => PublishTariffPayload, { description: 'Puts new prices in force for what is quoted from now on.' })
  async publishTariff(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => PublishTariffInput, { description: 'The prices.' }) { lotId, tariff }: PublishTariffInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const version = { lotId: requireId('lot', lotId, 'lotId').id, document: tariff };
      return { tariff: shownTariff(await publishTariff(platform, version, viewer)) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => RegisterGatePayload, { description: 'Adds a gate to a lot.' })
  async registerGate(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => RegisterGateInput, { description: 'The gate.' }) { lotId, name, direction }: RegisterGateInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const gate = { lotId: requireId('lot', lotId, 'lotId').id, name, direction };
      return { gate: await registerGate(platform, gate, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => UpdateGatePayload, { description: 'Changes what is told of a gate, and whether it is in use.' })
  async updateGate(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => UpdateGateInput, { description: 'What changes.' }) input: UpdateGateInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: gateId } = requireLotId('gat', input.gateId, 'gateId');
      const change = { lotId, gateId, name: input.name ?? undefined, inService: input.inService ?? undefined };
      return { gate: await updateGate(platform, change, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => IssueDeviceKeyPayload, {
    description: 'Registers a device and gives it its key, which is shown this once.',
  })
  async issueDeviceKey(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => IssueDeviceKeyInput, { description: 'The device.' }) input: IssueDeviceKeyInput,
  ): Promise<Answer<object>> {
    const { name, role } = input;
    return answer(async () => {
      const lotId = requireId('lot', input.lotId, 'lotId').id;
      const gateId = optionalId('gat', input.gateId, 'gateId');
      const merchantId = optionalId('mer', input.merchantId, 'merchantId');
      const issued = await issueDeviceKey(platform, { lotId, name, role, gateId, merchantId }, viewer);
      return { ...issued, cloudKey: role === 'LANE' ? laneKeysOf(platform).bundlePublicKey : null };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => RevokeDeviceKeyPayload, { description: 'Ends a device’s key at once, wherever it is used.' })
  async revokeDeviceKey(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => RevokeDeviceKeyInput, { description: 'The device.' }) input: RevokeDeviceKeyInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: deviceId } = requireLotId('dev', input.deviceId, 'deviceId');
      return { device: await revokeDeviceKey(platform, { lotId, deviceId }, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => InviteStaffPayload, {
    description: 'Makes an account for a member of staff; its password is shown this once.',
  })
  async inviteStaff(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => InviteStaffInput, { description: 'The member of staff.' }) input: InviteStaffInput,
  ): Promise<Answer<object>> {
    const { email, name, role } = input;
    return answer(async () => {
      const lotIds = input.lotIds?.map((lotId) => requireId('lot', lotId, 'lotIds').id);
      const operatorId = optionalId('opr', input.operatorId, 'operatorId');
      return inviteStaff(platform, { email, name, role, operatorId, lotIds }, viewer);
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => UpdateStaffPayload, {
    description: 'Says anew what a member of staff may do and where. They sign in again.',
  })
  async updateStaff(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => UpdateStaffInput, { description: 'Whose, and what.' }) input: UpdateStaffInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const staffId = requireId('stf', input.staffId, 'staffId').id;
      const lotIds = input.lotIds?.map((lotId) => requireId('lot', lotId, 'lotIds').id);
      return { staff: await updateStaff(platform, { staffId, role: input.role, lotIds }, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => DisableStaffPayload, {
    description: 'Closes the account of a member of staff, who is signed out within seconds.',
  })
  async disableStaff(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => DisableStaffInput, { description: 'Whose.' }) { staffId }: DisableStaffInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { id } = requireId('stf', staffId, 'staffId');
      return { staff: await disableStaff(platform, { staffId: id }, viewer) };
    });
  }
}

@Resolver(() => LotType)
export class LotDevicesResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => [DeviceType], {
    description: 'Its devices, by name, also those whose key is revoked. For its staff.',
  })
  async devices(@Root() lot: Lot, @Ctx() context: Context): Promise<Device[]> {
    if (!mayServeLot(context.viewer, lot)) throw forbidden();
    return lotLoaders(context).devices.load(lot.id);
  }
}

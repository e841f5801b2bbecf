import DataLoader from 'dataloader';
import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { encodeId } from '../domain/public-id.ts';
import { mayServeLot } from '../domain/viewer.ts';
import { Sensor } from '../entities/sensor.ts';
import type { SpotOverride } from '../entities/spot-override.ts';
import type { Spot } from '../entities/spot.ts';
import { Allow } from '../schema/access.ts';
import {
  EndSpotOverrideInput,
  OverrideSpotInput,
  RegisterSensorInput,
  RemoveSensorInput,
  ReportSpotsInput,
  ReportSpotsPayload,
  SensorPayload,
  SensorType,
  SpotOverridePayload,
  SpotOverrideType,
} from '../schema/sensor.ts';
import { SpotObject } from '../schema/spot.ts';
import { overridesOfSpots, sensorsOfSpots } from '../sensors/list-sensors.ts';
import { endSpotOverride, overrideSpot } from '../sensors/override-spot.ts';
import { registerSensor, removeSensor } from '../sensors/register-sensor.ts';
import { reportSpots } from '../sensors/report-spots.ts';
import { registerNode } from './node.resolver.ts';
import { answer, forbidden, requireLotId, type Answer } from './payload.ts';
import { perOperation } from './per-operation.ts';

registerNode('sen', async ({ em, viewer, loaders }, { lotId, id }) => {
  const lot = lotId !== null && viewer?.kind === 'STAFF' ? await loaders.lot(lotId) : undefined;
  return lot && mayServeLot(viewer, lot) ? em.findOne(Sensor, { lotId: lot.id, id }) : null;
});

@Resolver(() => SensorType)
export class SensorResolver {
  @Allow('SENSOR')
  @Mutation(() => ReportSpotsPayload, {
    description:
      'Tells what sensors see. May be sent again, late and in any order: what is known in the end is the same. For the gateway of a lot’s sensors.',
  })
  reportSpots(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => ReportSpotsInput, { description: 'The reports.' }) input: ReportSpotsInput,
  ): Promise<Answer<object>> {
    return answer(() => reportSpots(platform, input.reports, viewer));
  }

  @Allow('OPERATOR')
  @Mutation(() => SensorPayload, {
    description:
      'Puts a sensor on a spot. Several of one spot vote. Refuses with INVALID_INPUT, LOT_NOT_FOUND, SPOT_NOT_FOUND, CODE_TAKEN.',
  })
  registerSensor(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => RegisterSensorInput, { description: 'Which sensor, and where.' }) input: RegisterSensorInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: spotId } = requireLotId('spt', input.spotId, 'spotId');
      const { serial, heartbeatMinutes } = input;
      return { sensor: await registerSensor(platform, { lotId, spotId, serial, heartbeatMinutes }, viewer) };
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => SensorPayload, { description: 'Takes a sensor away: what it said no longer counts.' })
  removeSensor(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => RemoveSensorInput, { description: 'Which.' }) input: RemoveSensorInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      const { lotId, id: sensorId } = requireLotId('sen', input.sensorId, 'sensorId');
      return { sensor: await removeSensor(platform, { lotId, sensorId }, viewer) };
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => SpotOverridePayload, {
    description:
      'Says what is on a spot, whatever its sensors see, until it expires. Refuses with REASON_REQUIRED, SPOT_NOT_FOUND.',
  })
  overrideSpot(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => OverrideSpotInput, { description: 'Which spot, what, and why.' }) input: OverrideSpotInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { lotId, id } = requireLotId('spt', input.spotId, 'spotId');
      return { spot: await overrideSpot(platform, { ...input, lotId, spotId: id }, viewer) };
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => SpotOverridePayload, { description: 'Lets the sensors of a spot count again.' })
  endSpotOverride(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => EndSpotOverrideInput, { description: 'Which spot, and why.' }) input: EndSpotOverrideInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { lotId, id: spotId } = requireLotId('spt', input.spotId, 'spotId');
      return { spot: await endSpotOverride(platform, { lotId, spotId, reason: input.reason }, viewer) };
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Sensor): string {
    return encodeId('sen', lotId, id);
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether it has missed two heartbeats: then nothing is believed of it.',
  })
  isSilent(@Ctx() { now }: Context, @Root() { silentAfter }: Sensor): boolean {
    return silentAfter <= now;
  }
}

@Resolver(() => SpotObject)
export class SpotSensorsResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => [SensorType], {
    description: 'Its sensors. For the staff of its lot; empty for the staff of others.',
  })
  async sensors(@Ctx() context: Context, @Root() spot: Spot): Promise<Sensor[]> {
    return (await isServed(context, spot)) ? loadersOf(context).sensors.load(spot) : [];
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => SpotOverrideType, {
    nullable: true,
    description: 'What a person says of it and still counts. For the staff of its lot; null for the staff of others.',
  })
  async override(@Ctx() context: Context, @Root() spot: Spot): Promise<SpotOverride | null> {
    return (await isServed(context, spot)) ? loadersOf(context).override.load(spot) : null;
  }
}

async function isServed({ loaders, viewer }: Context, { lotId }: Spot): Promise<boolean> {
  const lot = await loaders.lot(lotId);
  return lot !== undefined && mayServeLot(viewer, lot);
}

const byId = { cacheKeyFn: ({ id }: Spot) => id };

/** What hangs on spots, for one operation: one query each for all spots of a page. */
const loadersOf = perOperation(({ em, now }) => ({
  sensors: new DataLoader<Spot, Sensor[], string>(async (spots) => {
    const found = Map.groupBy(await sensorsOfSpots(em, spots), ({ spotId }) => spotId);
    return spots.map(({ id }) => found.get(id) ?? []);
  }, byId),
  override: new DataLoader<Spot, SpotOverride | null, string>(async (spots) => {
    const found = new Map((await overridesOfSpots(em, spots, now)).map((said) => [said.spotId, said]));
    return spots.map(({ id }) => found.get(id) ?? null);
  }, byId),
}));

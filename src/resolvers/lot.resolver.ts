import { Args, Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { readSnapshot } from '../availability/snapshot.ts';
import type { Context } from '../context.ts';
import { fittingSpotTypes } from '../domain/fit.ts';
import { decodeId, encodeId } from '../domain/public-id.ts';
import { SPOT_TYPES } from '../domain/spot-type.ts';
import type { Gate } from '../entities/gate.ts';
import type { Level } from '../entities/level.ts';
import type { Lot } from '../entities/lot.ts';
import type { Spot } from '../entities/spot.ts';
import { connectionFrom, foreignCursor, pageRequest, type Connection } from '../schema/connection.ts';
import { GateType } from '../schema/lot-gate.ts';
import { LotPolicyType } from '../schema/lot-policy.ts';
import {
  AvailabilityBetweenArgs,
  AvailabilityType,
  GeoPointType,
  LotType,
  OpeningHoursType,
  SpotCount,
} from '../schema/lot.ts';
import { LevelType, SpotConnection, SpotsArgs } from '../schema/spot.ts';
import { TariffType } from '../schema/tariff.ts';
import { countablePeriod } from './countable-period.ts';
import { lotLoaders } from './lot-loaders.ts';
import { shownAvailability, shownOpeningHours, shownPolicy, shownTariff } from './lot-views.ts';
import { registerNode } from './node.resolver.ts';
import { notFound } from './payload.ts';

registerNode('lot', ({ loaders }, { id }) => loaders.lot(id));

@Resolver(() => LotType)
export class LotResolver {
  @FieldResolver(() => ID)
  id(@Root() { id }: Lot): string {
    return encodeId('lot', null, id);
  }

  @FieldResolver(() => GeoPointType, { description: 'Where it is on the map.' })
  location(@Root() { latitude, longitude }: Lot): GeoPointType {
    return { latitude, longitude };
  }

  @FieldResolver(() => OpeningHoursType, { description: 'When it lets vehicles in.' })
  openingHours(@Root() { openingHours }: Lot): OpeningHoursType {
    return shownOpeningHours(openingHours);
  }

  @FieldResolver(() => LotPolicyType, { description: 'What it promises and asks beside its prices.' })
  policy(@Root() { policy, currency }: Lot): LotPolicyType {
    return shownPolicy(policy, currency);
  }

  @FieldResolver(() => TariffType, { description: 'The prices in force.' })
  async tariff(@Ctx() context: Context, @Root() { id }: Lot): Promise<TariffType> {
    return shownTariff(await lotLoaders(context).tariff.load(id));
  }

  @FieldResolver(() => [LevelType], { description: 'Its floors and areas, from the entrance on.' })
  levels(@Ctx() context: Context, @Root() { id }: Lot): Promise<Level[]> {
    return lotLoaders(context).levels.load(id);
  }

  @FieldResolver(() => [GateType], { description: 'Its gates, by name.' })
  gates(@Ctx() context: Context, @Root() { id }: Lot): Promise<Gate[]> {
    return lotLoaders(context).gates.load(id);
  }

  @FieldResolver(() => [SpotCount], { description: 'Its spots in service by type; `free` is null.' })
  async capacity(@Ctx() context: Context, @Root() lot: Lot): Promise<SpotCount[]> {
    return (await availabilityOf(context, lot)).byType.map(({ spotType, total }) => ({ spotType, total, free: null }));
  }

  @FieldResolver(() => AvailabilityType, {
    description: 'What is free right now. Subscribe to `availability` to be told of changes.',
  })
  availability(@Ctx() context: Context, @Root() lot: Lot): Promise<AvailabilityType> {
    return availabilityOf(context, lot);
  }

  @FieldResolver(() => [SpotCount], {
    description: 'How many spots nobody has claimed for any part of a period, by type.',
  })
  async availabilityBetween(
    @Ctx() context: Context,
    @Root() { id }: Lot,
    @Args(() => AvailabilityBetweenArgs) { period, vehicleClass }: AvailabilityBetweenArgs,
  ): Promise<SpotCount[]> {
    const counts = await lotLoaders(context).freeBetween(id, countablePeriod(period, context.now));
    const types = vehicleClass == null ? SPOT_TYPES : fittingSpotTypes(vehicleClass);
    return types.flatMap((type) => counts.filter(({ spotType }) => spotType === type));
  }

  @FieldResolver(() => SpotConnection, { description: 'Its spots, by label.' })
  async spots(
    @Ctx() context: Context,
    @Root() { id }: Lot,
    @Args(() => SpotsArgs) args: SpotsArgs,
  ): Promise<Connection<Spot>> {
    const { filter } = args;
    const page = pageRequest(args);
    const level = filter?.levelId == null ? undefined : decodeId('lvl', filter.levelId);
    if (filter?.levelId != null && level?.lotId !== id) throw notFound('There is no such level in this lot.');
    const rows = await lotLoaders(context).spots(id, {
      limit: page.limit,
      direction: page.direction,
      from: page.from && labelOf(page.from),
      ...(filter?.spotType ? { spotType: filter.spotType } : {}),
      ...(level ? { levelId: level.id } : {}),
      ...(filter?.inService == null ? {} : { inService: filter.inService }),
    });
    return connectionFrom(rows, page, ({ label }) => [label]);
  }
}

/** A cursor of this list holds the label of a spot. */
function labelOf([label, ...rest]: readonly string[]): string {
  if (label === undefined || rest.length > 0) throw foreignCursor();
  return label;
}

async function availabilityOf({ platform }: Context, lot: Lot): Promise<AvailabilityType> {
  const snapshot = await readSnapshot(platform, lot.id);
  if (!snapshot) throw notFound('This lot is gone.');
  return shownAvailability(snapshot);
}

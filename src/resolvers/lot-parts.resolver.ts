import { Ctx, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { encodeId } from '../domain/public-id.ts';
import { mayServeLot } from '../domain/viewer.ts';
import type { Gate } from '../entities/gate.ts';
import type { Level } from '../entities/level.ts';
import type { Lot } from '../entities/lot.ts';
import type { Reservation } from '../entities/reservation.ts';
import type { Spot } from '../entities/spot.ts';
import { Allow } from '../schema/access.ts';
import { GateType } from '../schema/lot-gate.ts';
import { LotType } from '../schema/lot.ts';
import { ReservationType } from '../schema/reservation.ts';
import { LevelType, SpotObject } from '../schema/spot.ts';
import { registerNode } from './node.resolver.ts';
import { notFound } from './payload.ts';

registerNode('lvl', async ({ loaders }, { lotId, id }) => (lotId === null ? null : loaders.level({ lotId, id })));
registerNode('spt', async ({ loaders }, { lotId, id }) => (lotId === null ? null : loaders.spot({ lotId, id })));
registerNode('gat', async ({ loaders }, { lotId, id }) => (lotId === null ? null : loaders.gate({ lotId, id })));

@Resolver(() => LevelType)
export class LevelResolver {
  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Level): string {
    return encodeId('lvl', lotId, id);
  }
}

@Resolver(() => GateType)
export class GateResolver {
  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Gate): string {
    return encodeId('gat', lotId, id);
  }
}

@Resolver(() => SpotObject)
export class SpotResolver {
  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Spot): string {
    return encodeId('spt', lotId, id);
  }

  @FieldResolver(() => LevelType, { description: 'The level it is on.' })
  async level(@Ctx() { loaders }: Context, @Root() { lotId, levelId }: Spot): Promise<Level> {
    return (await loaders.level({ lotId, id: levelId })) ?? gone('level');
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => Boolean, { nullable: true })
  async sensedOccupied(
    @Ctx() { loaders, viewer }: Context,
    @Root() { lotId, sensedOccupied }: Spot,
  ): Promise<boolean | null> {
    const lot = await loaders.lot(lotId);
    return lot && mayServeLot(viewer, lot) ? (sensedOccupied ?? null) : null;
  }
}

/** Where a reservation is. */
@Resolver(() => ReservationType)
export class ReservationPlaceResolver {
  @FieldResolver(() => LotType, { description: 'The lot.' })
  async lot(@Ctx() { loaders }: Context, @Root() { lotId }: Reservation): Promise<Lot> {
    return (await loaders.lot(lotId)) ?? gone('lot');
  }

  @FieldResolver(() => SpotObject, {
    description: 'The spot it stands on now. Before check-in another may take its place unless `pinned`.',
  })
  async spot(@Ctx() { loaders }: Context, @Root() { lotId, spotId }: Reservation): Promise<Spot> {
    return (await loaders.spot({ lotId, id: spotId })) ?? gone('spot');
  }
}

function gone(what: string): never {
  throw notFound(`This ${what} is gone.`);
}

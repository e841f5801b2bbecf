import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { LOT_CODE } from '../accounts/operators/lot-details.ts';
import { searchLots, type FoundLots, type PlaceKey } from '../availability/search-lots.ts';
import type { Context } from '../context.ts';
import { decodeId, encodeId } from '../domain/public-id.ts';
import { Lot } from '../entities/lot.ts';
import { Allow } from '../schema/access.ts';
import { cursorOf, foreignCursor, pageRequest } from '../schema/connection.ts';
import { LotConnection, LotsArgs, LotType } from '../schema/lot.ts';
import { shownPrice } from '../schema/price.ts';
import { ShortText } from '../schema/scalars.ts';
import { countablePeriod } from './countable-period.ts';
import { badInput } from './payload.ts';

const MAX_RADIUS_METERS = 100_000;

@Resolver()
export class LotSearchResolver {
  @Allow('PUBLIC')
  @Query(() => LotConnection, {
    description: 'Open lots around a place, nearest first, or all of them by code; full ones too.',
  })
  async lots(@Ctx() { em, now }: Context, @Args(() => LotsArgs) args: LotsArgs): Promise<object> {
    const { near, radiusMeters, period, spotType, text, heightCm } = args;
    const page = pageRequest({ first: args.first ?? null, after: args.after ?? null });
    if (radiusMeters > MAX_RADIUS_METERS) throw badInput(`\`radiusMeters\` is at most ${MAX_RADIUS_METERS}`);
    if (near && !(Math.abs(near.latitude) <= 90 && Math.abs(near.longitude) <= 180)) {
      throw badInput('a latitude lies between -90 and 90, a longitude between -180 and 180');
    }
    const found = await searchLots(em, {
      now,
      radiusMeters,
      first: page.size,
      ...(near ? { near } : {}),
      ...(period ? { period: countablePeriod(period, now) } : {}),
      ...(spotType ? { spotType } : {}),
      ...(text == null ? {} : { words: text.split(/\s+/).filter((word) => word !== '') }),
      ...(heightCm == null ? {} : { heightCm }),
      ...(page.from ? { after: placeKey(page.from, near != null) } : {}),
    });
    return lotConnection(found, page.from !== undefined);
  }

  @Allow('PUBLIC')
  @Query(() => LotType, { nullable: true, description: 'One lot by id or code; null when it is not there.' })
  async lot(
    @Ctx() { em, loaders }: Context,
    @Arg('id', () => ID, { nullable: true, description: 'Its id.' }) id?: string | null,
    @Arg('code', () => ShortText, { nullable: true, description: 'Its code, in any case.' }) code?: string | null,
  ): Promise<Lot | null | undefined> {
    if ((id == null) === (code == null)) throw badInput('send `id` or `code`, one of them');
    if (code != null) return em.findOne(Lot, { code: code.toUpperCase() });
    const key = decodeId('lot', id ?? '');
    return key && loaders.lot(key.id);
  }
}

function lotConnection({ found, hasMore }: FoundLots, hasPreviousPage: boolean): object {
  const edges = found.map(({ lot, key, distanceMeters, spotsFree, price }) => ({
    cursor: cursorOf(keyText(key)),
    node: lot,
    distanceMeters: distanceMeters ?? null,
    spotsFree: spotsFree ?? null,
    price: price ? shownPrice(price) : null,
  }));
  return {
    edges,
    nodes: found.map(({ lot }) => lot),
    pageInfo: {
      hasNextPage: hasMore,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function keyText(key: PlaceKey): string[] {
  return 'code' in key ? [key.code] : [String(key.distanceMeters), encodeId('lot', null, key.lotId)];
}

const isDistance = (meters: number) => Number.isSafeInteger(meters) && meters >= 0 && meters <= MAX_RADIUS_METERS;

function placeKey(key: readonly string[], near: boolean): PlaceKey {
  const [first, id] = key;
  if (!near && first !== undefined && key.length === 1 && LOT_CODE.test(first)) return { code: first };
  const distanceMeters = Number(first);
  const lotId = id === undefined ? undefined : decodeId('lot', id)?.id;
  if (near && key.length === 2 && lotId !== undefined && isDistance(distanceMeters)) return { distanceMeters, lotId };
  throw foreignCursor();
}

import type { EntityManager } from '@mikro-orm/postgresql';
import type { Period } from '../domain/period.ts';
import { SPOT_TYPES, type SpotType } from '../domain/spot-type.ts';
import type { Price } from '../domain/tariff/document.ts';
import { multiplierPercent } from '../domain/tariff/multiplier.ts';
import { Lot } from '../entities/lot.ts';
import type { Tariff } from '../entities/tariff.ts';
import { countSpots, type SpotCount } from './count-spots.ts';
import { currentTariffs } from './current-tariff.ts';
import { lotConditions, type LotFilter } from './lot-filter.ts';
import { lotsNear, type GeoPoint, type LotDistance } from './lots-near.ts';
import { takenPercent } from './occupancy.ts';
import { priceSpot } from './price-spot.ts';
import { FROM_REPLICA } from '../platform/db.ts';

export interface LotSearch extends Pick<LotFilter, 'words' | 'heightCm'> {
  /** Without a place: all open lots by their code. */
  readonly near?: GeoPoint;
  readonly radiusMeters: number;
  /** With it each lot found says what is free and what it costs. */
  readonly period?: Period;
  readonly spotType?: SpotType;
  readonly first: number;
  /** The key of the last lot of the page before. */
  readonly after?: PlaceKey;
  readonly now: Date;
}

/** Where a lot stands in the order of a search: distance and id near a place, else its code. */
export type PlaceKey = LotDistance | { readonly code: string };

/** A lot that a search found. `spotsFree` and `price` are there when the search named a period. */
export interface FoundLot {
  readonly lot: Lot;
  readonly key: PlaceKey;
  readonly distanceMeters: number | undefined;
  readonly spotsFree: number | undefined;
  /** Of the type searched for, else of STANDARD, else of the lot's first type. */
  readonly price: Price | undefined;
}

export interface FoundLots {
  readonly found: readonly FoundLot[];
  readonly hasMore: boolean;
}

/**
 * Open lots near a place, nearest first (without a place: by code), a page at a time. Full lots are found too, with 0 free: whoever
 * searches decides. Four statements whatever the page holds, and none of them reads history.
 * A key of the other order counts as none.
 */
export async function searchLots(em: EntityManager, search: LotSearch): Promise<FoundLots> {
  const places = search.near ? await placesNear(em, search, search.near) : await placesByCode(em, search);
  const page = places.slice(0, search.first);
  const lotIds = page.map(({ lotId }) => lotId);
  const lots = new Map((await em.find(Lot, { id: { $in: lotIds } })).map((lot) => [lot.id, lot]));
  const offers = search.period
    ? await offersOf(em, { ...search, period: search.period, lots })
    : new Map<string, Offer>();
  const found = page.flatMap(({ lotId, distanceMeters, key }) => {
    const lot = lots.get(lotId);
    const offer = offers.get(lotId);
    return lot ? [{ lot, key, distanceMeters, spotsFree: offer?.spotsFree, price: offer?.price }] : [];
  });
  return { found, hasMore: places.length > search.first };
}

interface Place {
  readonly lotId: string;
  readonly distanceMeters: number | undefined;
  readonly key: PlaceKey;
}

function filterOf({ spotType, words, heightCm }: LotSearch): LotFilter {
  return {
    ...(spotType ? { spotTypes: [spotType] } : {}),
    ...(words ? { words } : {}),
    ...(heightCm === undefined ? {} : { heightCm }),
  };
}

async function placesNear(em: EntityManager, search: LotSearch, near: GeoPoint): Promise<Place[]> {
  const after = search.after && 'lotId' in search.after ? search.after : undefined;
  const found = await lotsNear(em, {
    near,
    radiusMeters: search.radiusMeters,
    limit: search.first + 1,
    ...filterOf(search),
    ...(after ? { after } : {}),
  });
  return found.map((place) => ({ ...place, key: place }));
}

async function placesByCode(em: EntityManager, search: LotSearch): Promise<Place[]> {
  const after = search.after && 'code' in search.after ? search.after.code : undefined;
  const conditions = lotConditions(filterOf(search));
  const found = await em.execute<{ lotId: string; code: string }[]>(
    `SELECT l.id AS "lotId", l.code FROM lot l
     WHERE l.state = 'OPEN' ${after === undefined ? '' : 'AND l.code > ?'}
     ${conditions.sql}
     ORDER BY l.code LIMIT ?`,
    [...(after === undefined ? [] : [after]), ...conditions.values, search.first + 1],
    FROM_REPLICA,
  );
  return found.map(({ lotId, code }) => ({ lotId, distanceMeters: undefined, key: { code } }));
}

interface Offer {
  readonly spotsFree: number;
  readonly price: Price | undefined;
}

interface OffersAsked {
  readonly lots: ReadonlyMap<string, Lot>;
  readonly period: Period;
  readonly spotType?: SpotType;
  readonly now: Date;
}

async function offersOf(em: EntityManager, { lots, period, spotType, now }: OffersAsked): Promise<Map<string, Offer>> {
  const lotIds = [...lots.keys()];
  const types = spotType ? { spotTypes: [spotType] } : {};
  const counts = await countSpots(em, { lotIds, period, now, ...types, mayBeOld: true });
  const tariffs = await currentTariffs(em, lotIds);
  const byLot = Map.groupBy(counts, (count) => count.lotId);
  const offers = new Map<string, Offer>();
  for (const lot of lots.values()) {
    const ofLot = byLot.get(lot.id) ?? [];
    const spotsFree = ofLot.reduce((sum, count) => sum + count.free, 0);
    const priced = ofLot.find((count) => count.spotType === (spotType ?? 'STANDARD')) ?? firstType(ofLot);
    const tariff = tariffs.get(lot.id);
    offers.set(lot.id, { spotsFree, price: tariff && priced && priceOf({ lot, tariff, period, count: priced }) });
  }
  return offers;
}

function priceOf(priced: { lot: Lot; tariff: Tariff; period: Period; count: SpotCount }): Price {
  const percent = multiplierPercent(priced.tariff.document, takenPercent(priced.count));
  const { spotType } = priced.count;
  return priceSpot({ ...priced, spotType, vehicleClass: 'CAR', multiplierPercent: percent });
}

function firstType(counts: readonly SpotCount[]): SpotCount | undefined {
  return counts.toSorted((a, b) => SPOT_TYPES.indexOf(a.spotType) - SPOT_TYPES.indexOf(b.spotType))[0];
}

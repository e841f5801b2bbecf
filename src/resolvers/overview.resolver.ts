import DataLoader from 'dataloader';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { readSnapshot, type AvailabilitySnapshot } from '../availability/snapshot.ts';
import type { Context } from '../context.ts';
import { SPOT_TYPES } from '../domain/spot-type.ts';
import type { Lot } from '../entities/lot.ts';
import { dayFigures, takenByCurrency, type DayFigures, type Taken } from '../insight/day-figures.ts';
import { gateP95Ms } from '../insight/gate-p95.ts';
import { listServedLots, servedLotIds } from '../insight/served-lots.ts';
import { Allow } from '../schema/access.ts';
import { connectionFrom, foreignCursor, pageRequest, type Connection } from '../schema/connection.ts';
import { LotConnection, LotType, type SpotCount } from '../schema/lot.ts';
import { money } from '../schema/money.ts';
import { LotDayType, OverviewType, ServedLotsArgs, TakingsType } from '../schema/overview.ts';
import { badInput } from './payload.ts';
import { perOperation } from './per-operation.ts';
import { requireStaff, requireStaffOf } from './who-asks.ts';

/** The figures of lots, for one operation: one statement for all lots of a page. */
const figuresOf = perOperation(
  ({ em, now }) =>
    new DataLoader<string, DayFigures>(async (lotIds) => {
      const found = new Map((await dayFigures(em, lotIds, now)).map((figures) => [figures.lotId, figures]));
      return lotIds.map((lotId) => found.get(lotId) ?? new Error('a lot without figures'));
    }),
);

@Resolver(() => LotType)
export class LotDayResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => LotConnection, {
    description: 'The lots that the signed-in member of staff serves, whatever their state, by code. Forwards only.',
  })
  async servedLots(
    @Ctx() context: Context,
    @Args(() => ServedLotsArgs) { text, ...args }: ServedLotsArgs,
  ): Promise<Connection<Lot>> {
    const page = pageRequest(args);
    if (page.direction === 'BACKWARD') throw badInput('this list is read forwards: send `first`');
    if (page.from && page.from.length !== 1) throw foreignCursor();
    const asked = { text: text ?? undefined, limit: page.limit, after: page.from?.[0] };
    return connectionFrom(await listServedLots(context.em, requireStaff(context), asked), page, ({ code }) => [code]);
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @FieldResolver(() => LotDayType, { description: 'What its staff look at first, of today.' })
  today(@Ctx() context: Context, @Root() lot: Lot): Promise<DayFigures> {
    requireStaffOf(context, lot);
    return figuresOf(context).load(lot.id);
  }

  @Allow('OPERATOR')
  @FieldResolver(() => TakingsType, { description: 'What was paid in it today, for its operator.' })
  async takings(@Ctx() context: Context, @Root() lot: Lot): Promise<TakingsType> {
    requireStaffOf(context, lot);
    return shownTaken(await figuresOf(context).load(lot.id));
  }
}

/** What an overview starts from: the figures of every lot served. */
interface ServedDay {
  readonly figures: readonly DayFigures[];
  readonly snapshots: readonly AvailabilitySnapshot[];
}

@Resolver(() => OverviewType)
export class OverviewResolver {
  @Allow('ATTENDANT', 'OPERATOR')
  @Query(() => OverviewType, { description: 'The day of all lots that the signed-in member of staff serves, summed.' })
  async overview(@Ctx() context: Context): Promise<object> {
    const { em, now, platform } = context;
    const lotIds = await servedLotIds(em, requireStaff(context));
    const [figures, snapshots] = await Promise.all([dayFigures(em, lotIds, now), snapshotsOf(platform, lotIds)]);
    const sum = (of: (lot: DayFigures) => number) => figures.reduce((total, lot) => total + of(lot), 0);
    return {
      figures,
      lots: lotIds.length,
      arrivalsSoon: sum((lot) => lot.arrivalsSoon),
      noShows: sum((lot) => lot.noShows),
      noShowsWeekBefore: sum((lot) => lot.noShowsWeekBefore),
      openIncidents: sum((lot) => lot.openIncidents),
      urgentIncidents: sum((lot) => lot.urgentIncidents),
      spotsTotal: snapshots.reduce((total, { total: spots }) => total + spots, 0),
      spotsFree: snapshots.reduce((total, { free }) => total + free, 0),
      byType: countsOf(snapshots),
      gateP95Ms: (await gateP95Ms(platform)) ?? null,
    };
  }

  @Allow('OPERATOR')
  @FieldResolver(() => [TakingsType], { description: 'What was paid today, by currency; for operators.' })
  takings(@Root() { figures }: Pick<ServedDay, 'figures'>): TakingsType[] {
    return takenByCurrency(figures).map(shownTaken);
  }
}

function shownTaken({ currency, takenMinor, takenWeekBeforeMinor }: Taken): TakingsType {
  return { today: money(takenMinor, currency), weekBefore: money(takenWeekBeforeMinor, currency) };
}

/** At once in Redis; those that have to be counted are counted some at a time. */
const LOTS_AT_ONCE = 100;

async function snapshotsOf(
  platform: Context['platform'],
  lotIds: readonly string[],
): Promise<readonly AvailabilitySnapshot[]> {
  const found: AvailabilitySnapshot[] = [];
  for (let at = 0; at < lotIds.length; at += LOTS_AT_ONCE) {
    const some = lotIds.slice(at, at + LOTS_AT_ONCE);
    const read = await Promise.all(some.map((lotId) => readSnapshot(platform, lotId)));
    found.push(...read.filter((snapshot) => snapshot !== undefined));
  }
  return found;
}

function countsOf(snapshots: readonly AvailabilitySnapshot[]): SpotCount[] {
  const counts = snapshots.flatMap(({ byType }) => byType);
  return SPOT_TYPES.flatMap((spotType) => {
    const ofType = counts.filter((count) => count.spotType === spotType);
    const sum = (of: 'free' | 'total') => ofType.reduce((total, count) => total + count[of], 0);
    return ofType.length === 0 ? [] : [{ spotType, total: sum('total'), free: sum('free') }];
  });
}

import DataLoader from 'dataloader';
import { countSpots, type SpotCount } from '../availability/count-spots.ts';
import { currentTariffs } from '../availability/current-tariff.ts';
import type { Context } from '../context.ts';
import type { Period } from '../domain/period.ts';
import { Gate } from '../entities/gate.ts';
import { Level } from '../entities/level.ts';
import type { Tariff } from '../entities/tariff.ts';

interface LotLoaders {
  readonly tariff: DataLoader<string, Tariff>;
  readonly levels: DataLoader<string, Level[]>;
  readonly gates: DataLoader<string, Gate[]>;
  /** Spots in service and free for the period, one statement for all lots of the same period. */
  freeBetween(lotId: string, period: Period): Promise<SpotCount[]>;
}

const loaders = new WeakMap<object, LotLoaders>();

/** What hangs on lots, for one operation: all of one moment in one query each, however many lots a page has. */
export function lotLoaders(context: Context): LotLoaders {
  const { em } = context;
  const known = loaders.get(em);
  if (known) return known;
  const fresh = createLoaders(context);
  loaders.set(em, fresh);
  return fresh;
}

function createLoaders(context: Context): LotLoaders {
  const { em } = context;
  const counterOf = spotCounters(context);
  return {
    tariff: new DataLoader(async (lotIds) => {
      const tariffs = await currentTariffs(em, lotIds);
      return lotIds.map((lotId) => tariffs.get(lotId) ?? new Error('a lot without a tariff'));
    }),
    levels: new DataLoader(async (lotIds) =>
      grouped(
        lotIds,
        await em.find(Level, { lotId: { $in: [...lotIds] } }, { orderBy: { ordinal: 'asc', id: 'asc' } }),
      ),
    ),
    gates: new DataLoader(async (lotIds) =>
      grouped(lotIds, await em.find(Gate, { lotId: { $in: [...lotIds] } }, { orderBy: { name: 'asc' } })),
    ),
    freeBetween: (lotId, period) => counterOf(period).load(lotId),
  };
}

/** One loader a period: a statement counts all lots, but one period. */
function spotCounters({ em, now }: Context): (period: Period) => DataLoader<string, SpotCount[]> {
  const counters = new Map<string, DataLoader<string, SpotCount[]>>();
  return (period) => {
    const name = `${period.startsAt.getTime()}-${period.endsAt.getTime()}`;
    const counter =
      counters.get(name) ??
      new DataLoader(async (lotIds) => grouped(lotIds, await countSpots(em, { lotIds, period, now })));
    counters.set(name, counter);
    return counter;
  };
}

function grouped<T extends { readonly lotId: string }>(lotIds: readonly string[], rows: readonly T[]): T[][] {
  const byLot = Map.groupBy(rows, (row) => row.lotId);
  return lotIds.map((lotId) => byLot.get(lotId) ?? []);
}

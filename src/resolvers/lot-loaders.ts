import DataLoader from 'dataloader';
import { listDevices } from '../accounts/list-devices.ts';
import { countSpots, type SpotCount } from '../availability/count-spots.ts';
import { currentTariffs } from '../availability/current-tariff.ts';
import { listSpots, type SpotsAsked } from '../availability/list-spots.ts';
import type { Context } from '../context.ts';
import type { Period } from '../domain/period.ts';
import type { Device } from '../entities/device.ts';
import { Gate } from '../entities/gate.ts';
import { Level } from '../entities/level.ts';
import type { Spot } from '../entities/spot.ts';
import type { Tariff } from '../entities/tariff.ts';
import { perOperation } from './per-operation.ts';

interface LotLoaders {
  readonly tariff: DataLoader<string, Tariff>;
  readonly levels: DataLoader<string, Level[]>;
  readonly gates: DataLoader<string, Gate[]>;
  readonly devices: DataLoader<string, Device[]>;
  /** A page of spots, one statement for all lots of which the same page is asked. */
  spots(lotId: string, asked: SpotsAsked): Promise<Spot[]>;
  /** Spots in service and free for the period, one statement for all lots of the same period. */
  freeBetween(lotId: string, period: Period): Promise<SpotCount[]>;
}

/** What hangs on lots, for one operation: all of one moment in one query each, however many lots a page has. */
export const lotLoaders = perOperation(createLoaders);

function createLoaders(context: Context): LotLoaders {
  const { em } = context;
  return {
    ...questionLoaders(context),
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
    devices: new DataLoader(async (lotIds) => grouped(lotIds, await listDevices(em, lotIds))),
  };
}

function questionLoaders({ em, now }: Context): Pick<LotLoaders, 'spots' | 'freeBetween'> {
  const counts = loaderFor(
    ({ startsAt, endsAt }: Period) => `${startsAt.getTime()}-${endsAt.getTime()}`,
    (period) => (lotIds) => countSpots(em, { lotIds, period, now }),
  );
  const spots = loaderFor(
    (asked: SpotsAsked) => JSON.stringify(asked),
    (asked) => (lotIds) => listSpots(em, lotIds, asked),
  );
  return {
    spots: (lotId, asked) => spots(asked).load(lotId),
    freeBetween: (lotId, period) => counts(period).load(lotId),
  };
}

/** One loader for each thing that is asked of lots: a statement answers for all lots, but one question. */
function loaderFor<Q, T extends { readonly lotId: string }>(
  nameOf: (question: Q) => string,
  read: (question: Q) => (lotIds: readonly string[]) => Promise<readonly T[]>,
): (question: Q) => DataLoader<string, T[]> {
  const loadersByName = new Map<string, DataLoader<string, T[]>>();
  return (question) => {
    const name = nameOf(question);
    const loader =
      loadersByName.get(name) ??
      new DataLoader<string, T[]>(async (lotIds) => grouped(lotIds, await read(question)(lotIds)));
    loadersByName.set(name, loader);
    return loader;
  };
}

function grouped<T extends { readonly lotId: string }>(lotIds: readonly string[], rows: readonly T[]): T[][] {
  const byLot = Map.groupBy(rows, (row) => row.lotId);
  return lotIds.map((lotId) => byLot.get(lotId) ?? []);
}

import { currentTariff } from '../../availability/current-tariff.ts';
import type { LotPolicy } from '../../domain/policies.ts';
import type { SpotType } from '../../domain/spot-type.ts';
import { Lot } from '../../entities/lot.ts';
import { MonthlyPassPlate } from '../../entities/monthly-pass-plate.ts';
import { Pool } from '../../entities/pool.ts';
import { Reservation } from '../../entities/reservation.ts';
import { Tariff } from '../../entities/tariff.ts';
import type { Transaction } from '../../platform/db.ts';
import type { Facts } from './lane-facts.ts';

/** What of a lot the entries of its lanes need. */
export interface LotOfLane {
  readonly currency: string;
  readonly policy: LotPolicy;
  readonly tariffId: string;
  readonly tariffIds: ReadonlySet<string>;
  readonly spotTypes: ReadonlySet<SpotType>;
  /** Those that are named, by id. */
  readonly reservations: ReadonlyMap<string, { readonly id: string; readonly spotType: SpotType }>;
  /** By exact plate index. */
  readonly monthlyPassIds: ReadonlyMap<string, readonly string[]>;
}

export async function lotOfLane(tx: Transaction, lotId: string, { toMerge, byScan }: Facts): Promise<LotOfLane> {
  const { em } = tx;
  const { currency, policy } = await em.findOneOrFail(Lot, { id: lotId });
  const { id: tariffId } = await currentTariff(em, lotId);
  const tariffs = await em.find(Tariff, { lotId }, { fields: ['id'] });
  const pools = await em.find(Pool, { lotId });
  const named = toMerge.flatMap(({ subjects }) =>
    subjects.flatMap((text) => (text.startsWith('r:') ? text.slice(2) : [])),
  );
  const plates = [...byScan.values()].flatMap(({ plateIndex }) => plateIndex ?? []);
  const reservations = await em.find(
    Reservation,
    { lotId, id: { $in: [...new Set(named)] } },
    { fields: ['id', 'spotType'], disableIdentityMap: true },
  );
  const passes = await em.find(MonthlyPassPlate, { lotId, plateIndex: { $in: [...new Set(plates)] } });
  const byPlate = Map.groupBy(passes, ({ plateIndex }) => plateIndex);
  return {
    ...{ currency, policy, tariffId },
    tariffIds: new Set(tariffs.map(({ id }) => id)),
    spotTypes: new Set(pools.map(({ spotType }) => spotType)),
    reservations: new Map(reservations.map(({ id, spotType }) => [id, { id, spotType }])),
    monthlyPassIds: new Map(
      [...byPlate].map(([plate, rows]) => [plate, rows.map(({ monthlyPassId }) => monthlyPassId)]),
    ),
  };
}

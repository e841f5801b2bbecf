import { setImmediate as nextTurn } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SpotType } from '../domain/spot-type.ts';
import { tariffFieldChanges, type FieldChange } from '../domain/tariff/difference.ts';
import {
  comparedStay,
  effectOf,
  sampleStays,
  type ComparedStay,
  type Comparison,
  type EffectDifference,
} from '../domain/tariff/sample-stays.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import type { Viewer } from '../domain/viewer.ts';
import { monotonicMs } from '../platform/clock.ts';
import { lotOfStaff } from './lot-of-staff.ts';
import { tariffAsked, type TariffAsked } from './tariff-asked.ts';

export interface DifferenceRequest {
  readonly lotId: string;
  /** The version in force unless told. */
  readonly from: TariffAsked;
  readonly to: TariffAsked;
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
}

/** How two tariffs of a lot differ: in what they say, and in what the same stays cost. */
export interface TariffDifference {
  readonly currency: string;
  readonly fields: readonly FieldChange[];
  readonly effect: EffectDifference;
}

/**
 * How a version or a draft differs from another version, for staff of the lot. The sample stays arrive from today on. Writes nothing.
 * Refuses with LOT_NOT_FOUND, NOT_FOUND (no such version) and TARIFF_INVALID (as publishing does).
 */
export async function tariffDifference(
  em: EntityManager,
  request: DifferenceRequest & { readonly now: Date },
  viewer: Viewer | undefined,
): Promise<TariffDifference> {
  const lot = await lotOfStaff(em, request.lotId, viewer);
  const { document: from } = await tariffAsked(em, lot, { ...request.from, field: ['fromTariffId'] });
  const field = [request.to.document === undefined ? 'toTariffId' : 'toDocument'];
  const { document: to } = await tariffAsked(em, lot, { ...request.to, field });
  const { spotType, vehicleClass, now } = request;
  const { timeZone, currency } = lot;
  const effect = effectOf(await compared({ from, to, timeZone, spotType, vehicleClass, now }));
  return { currency, fields: tariffFieldChanges(from, to), effect };
}

/** In a process that also serves gates, a scan must not wait for prices. */
const TURN_MS = 5;

async function compared(asked: Comparison): Promise<ComparedStay[]> {
  const stays: ComparedStay[] = [];
  let turnMs = monotonicMs();
  for (const sample of sampleStays(asked)) {
    if (monotonicMs() - turnMs > TURN_MS) {
      await nextTurn();
      turnMs = monotonicMs();
    }
    stays.push(comparedStay(asked, sample));
  }
  return stays;
}

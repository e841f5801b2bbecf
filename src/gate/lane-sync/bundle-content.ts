import type { EntityManager } from '@mikro-orm/postgresql';
import { countSpots } from '../../availability/count-spots.ts';
import { currentTariff } from '../../availability/current-tariff.ts';
import { passTerms } from '../../discounts/monthly-pass-uses.ts';
import type { BundleLists, BundleMonthlyPass, BundleScalars } from '../../domain/lane-bundle.ts';
import { addMinutes } from '../../domain/period.ts';
import { Device } from '../../entities/device.ts';
import { Gate } from '../../entities/gate.ts';
import { Lot } from '../../entities/lot.ts';
import { MonthlyPassPlate } from '../../entities/monthly-pass-plate.ts';
import { MonthlyPass } from '../../entities/monthly-pass.ts';
import { Tariff } from '../../entities/tariff.ts';
import type { Transaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { lotRecord } from '../project-lot.ts';
import { momentKeyOf, passKeysOf } from '../passes.ts';
import { writePassKey } from '../pass-token.ts';
import { AHEAD_MS, bundleVehicles } from './bundle-vehicles.ts';
import { laneKeysOf } from './lane-keys.ts';

export type BundleContent = BundleLists & BundleScalars;

/**
 * What a lane of this lot decides from, as the rows say now; undefined when there is no such lot. Lists are in the order of their keys,
 * so that equal rows give equal content.
 */
export async function bundleContent(
  platform: Platform,
  { em, now }: Pick<Transaction, 'em' | 'now'>,
  { lotId, paymentProvider }: { lotId: string; paymentProvider: BundleContent['paymentProvider'] },
): Promise<BundleContent | undefined> {
  const lot = await em.findOne(Lot, { id: lotId });
  if (!lot) return undefined;
  const tariff = await currentTariff(em, lotId);
  const { rights, stays } = await bundleVehicles(platform, { em, now }, lotId);
  const gates = await em.find(Gate, { lotId }, { orderBy: { id: 'asc' } });
  const devices = await em.find(Device, { lotId, revokedAt: null, role: 'GATE' }, { orderBy: { id: 'asc' } });
  const { operatorId, tariffId, name, timeZone, currency, state, openingHours, policy } = lotRecord({ lot, tariff });
  const { exact, skeleton } = platform.plates.indexKeys(lotId);
  return {
    lot: { operatorId, tariffId, name, timeZone, currency, state, openingHours, policy },
    tariffs: await tariffsOf(em, lotId, [tariff.id, ...[...rights, ...stays].map((priced) => priced.tariffId)]),
    passKeys: passKeysOf(platform).map((key) => ({ id: key.id, publicKey: writePassKey(key) })),
    factorKey: momentKeyOf(platform, lotId).toString('base64url'),
    plateKeys: { exact: exact.toString('base64url'), skeleton: skeleton.toString('base64url') },
    sealKey: laneKeysOf(platform).sealPublicKey,
    freeByType: await freeByType(em, { lotId, now, usualStayMinutes: lot.policy.usualStayMinutes }),
    paymentProvider,
    gates: gates.map(({ id, name: gateName, direction, inService }) => ({ id, name: gateName, direction, inService })),
    devices: devices.map(({ id, gateId = null, role, keyHash }) => ({ id, gateId, role, keyHash })),
    rights,
    stays,
    monthlyPasses: await monthlyPasses(em, { lotId, now }),
    deniedReservationIds: await denied(em, { lotId, now }),
  };
}

interface At {
  readonly lotId: string;
  readonly now: Date;
}

async function tariffsOf(em: EntityManager, lotId: string, ids: readonly string[]): Promise<BundleContent['tariffs']> {
  const tariffs = await em.find(Tariff, { lotId, id: { $in: [...new Set(ids)] } }, { orderBy: { id: 'asc' } });
  return Object.fromEntries(tariffs.map(({ id, document }) => [id, document]));
}

async function freeByType(
  em: EntityManager,
  { lotId, now, usualStayMinutes }: At & { usualStayMinutes: number },
): Promise<BundleContent['freeByType']> {
  const period = { startsAt: now, endsAt: addMinutes(now, usualStayMinutes) };
  const counts = await countSpots(em, { lotIds: [lotId], period, now });
  const inOrder = counts.sort((a, b) => (a.spotType < b.spotType ? -1 : 1));
  return Object.fromEntries(inOrder.map(({ spotType, free }) => [spotType, free]));
}

async function monthlyPasses(em: EntityManager, { lotId, now }: At): Promise<BundleMonthlyPass[]> {
  const passes = await em.find(
    MonthlyPass,
    { lotId, state: 'ACTIVE', endsAt: { $gt: now } },
    { orderBy: { id: 'asc' } },
  );
  if (passes.length === 0) return [];
  const ids = passes.map(({ id }) => id);
  const plates = await em.find(
    MonthlyPassPlate,
    { lotId, monthlyPassId: { $in: ids } },
    { orderBy: { plateIndex: 'asc' } },
  );
  const platesOf = Map.groupBy(plates, ({ monthlyPassId }) => monthlyPassId);
  return passes.map((pass) => ({
    ...passTerms(pass),
    revision: pass.revision,
    plateIndexes: (platesOf.get(pass.id) ?? []).map(({ plateIndex }) => plateIndex),
  }));
}

/** Whose good signature must not open: the right was taken, and its period is not over. */
async function denied(em: EntityManager, { lotId, now }: At): Promise<string[]> {
  const rows = await em.execute<{ id: string }[]>(
    `SELECT id FROM reservation WHERE lot_id = ? AND state IN ('CANCELLED', 'EXPIRED', 'NO_SHOW', 'COMPLETED') AND ends_at > ? AND starts_at < ? ORDER BY id`,
    [lotId, now, new Date(now.getTime() + AHEAD_MS)],
  );
  return rows.map(({ id }) => id);
}

import { UniqueConstraintViolationException, type RequiredEntityData } from '@mikro-orm/postgresql';
import type { OpeningHours } from '../../domain/opening-hours.ts';
import { DEFAULT_LOT_POLICY } from '../../domain/policies.ts';
import { Refusal } from '../../domain/refusal.ts';
import { SPOT_TYPES } from '../../domain/spot-type.ts';
import type { TariffDocument } from '../../domain/tariff/document.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { Lot } from '../../entities/lot.ts';
import { Operator } from '../../entities/operator.ts';
import { Pool } from '../../entities/pool.ts';
import { Tariff } from '../../entities/tariff.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { partitionOf } from '../../platform/redis.ts';
import { topic } from '../../platform/topics.ts';
import { readLotCode, readLotDetails, type LotDetails } from './lot-details.ts';
import { readTariffDocument } from './tariff-document.ts';

export interface CreateLotInput extends Omit<LotDetails, 'openingHours' | 'policy'> {
  /** Only an admin names it; staff make lots for their own operator. */
  readonly operatorId?: string | undefined;
  readonly code: string;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** IANA; prices, hours and days of the lot are told in it. It never changes. */
  readonly timeZone: string;
  /** ISO 4217; never changes. */
  readonly currency: string;
  /** Day and night unless told. */
  readonly openingHours?: OpeningHours | undefined;
  /** The default policy with what is told put over it. */
  readonly policy?: object | undefined;
  /** Its first prices: no lot is without. */
  readonly tariff: unknown;
}

/**
 * Makes a lot with its first tariff and a pool for each spot type. It has no spots yet.
 * Refuses with NOT_ALLOWED (staff of single lots), INVALID_INPUT, POLICY_INVALID, TARIFF_INVALID, NOT_FOUND (operator) and
 * CODE_TAKEN. Publishes lotChanged.
 */
export async function createLot(platform: Platform, input: CreateLotInput, viewer: Viewer | undefined): Promise<Lot> {
  const operatorId = operatorOf(viewer, input.operatorId);
  const code = readLotCode(input.code);
  const { name, address, latitude, longitude, country, timeZone, currency } = input;
  const openingHours: OpeningHours = input.openingHours ?? { kind: 'ALWAYS' };
  const policy = { ...DEFAULT_LOT_POLICY, ...input.policy };
  const details = readLotDetails({ name, address, latitude, longitude, openingHours, policy });
  const tariff = readTariffDocument(input.tariff, currency);
  const staffId = viewer?.kind === 'STAFF' ? viewer.staffId : null;
  try {
    const lot = { ...details, operatorId, code, country, timeZone, currency };
    return await inTransaction(platform, (tx) => insertLot(tx, { lot, tariff, staffId }));
  } catch (error) {
    // The ids are fresh: only the code can stand there already.
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    throw new Refusal('CODE_TAKEN', 'Another lot has this code.', { field: ['code'] });
  }
}

type NewLot = Omit<RequiredEntityData<Lot>, 'id' | 'partition' | 'state' | 'createdAt'>;

async function insertLot(
  tx: Transaction,
  made: { lot: NewLot & { operatorId: string }; tariff: TariffDocument; staffId: string | null },
): Promise<Lot> {
  if (!(await tx.em.findOne(Operator, { id: made.lot.operatorId }))) {
    throw new Refusal('NOT_FOUND', 'There is no such operator.', { field: ['operatorId'] });
  }
  const lotId = newId(tx.now);
  const partition = partitionOf(lotId);
  const lot = tx.em.create(Lot, { ...made.lot, id: lotId, partition, state: 'OPEN', createdAt: tx.now });
  await tx.em.flush();
  await tx.em.insertMany(
    Pool,
    SPOT_TYPES.map((spotType) => ({ lotId, spotType })),
  );
  await tx.em.insert(Tariff, {
    lotId,
    id: newId(tx.now),
    versionNumber: 1,
    document: made.tariff,
    publishedAt: tx.now,
    publishedByStaffId: made.staffId,
  });
  tx.publish(topic.lotChanged(partition), { lotId });
  return lot;
}

function operatorOf(viewer: Viewer | undefined, named: string | undefined): string {
  if (viewer?.kind !== 'STAFF' || viewer.role === 'ATTENDANT' || viewer.lotIds !== 'ALL') {
    throw new Refusal('NOT_ALLOWED', 'Only who runs all lots of an operator may add one.');
  }
  const operatorId = viewer.role === 'ADMIN' ? (named ?? viewer.operatorId) : viewer.operatorId;
  if (named !== undefined && named !== operatorId) {
    throw new Refusal('NOT_ALLOWED', 'You may add lots to your own operator only.', { field: ['operatorId'] });
  }
  if (operatorId === null)
    throw new Refusal('INVALID_INPUT', 'Name the operator of the lot.', { field: ['operatorId'] });
  return operatorId;
}

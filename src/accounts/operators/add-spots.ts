import { Refusal } from '../../domain/refusal.ts';
import { spotLabels } from '../../domain/spot-labels.ts';
import type { SpotType } from '../../domain/spot-type.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { Level } from '../../entities/level.ts';
import { Pool } from '../../entities/pool.ts';
import { Spot } from '../../entities/spot.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { topic } from '../../platform/topics.ts';
import { lotToChange } from './lot-access.ts';

const MAX_SPOTS_A_LOT = 20_000;
const MAX_CENTIMETRES = 10_000;
const MAX_DIRECTIONS_LENGTH = 300;

export interface AddSpotsInput {
  readonly lotId: string;
  readonly levelId: string;
  readonly spotType: SpotType;
  /** "2-###": the hashes become the numbers from `firstNumber` on, with leading zeros. */
  readonly labelPattern: string;
  readonly firstNumber: number;
  readonly count: number;
  readonly directions?: string | undefined;
  readonly maxHeightCm?: number | undefined;
  readonly maxLengthCm?: number | undefined;
}

/**
 * Adds a row of spots to a level, in service, farther from the entrance than all that are there, and the pool of their
 * type if the lot has none. Locks the lot's row.
 * Refuses with INVALID_INPUT (pattern, count, sizes, more than 20,000 spots), LOT_NOT_FOUND, NOT_FOUND (the level) and NAME_TAKEN
 * (labels that the lot has already; none is added then). Publishes lotChanged.
 */
export async function addSpots(platform: Platform, input: AddSpotsInput, viewer: Viewer | undefined): Promise<Spot[]> {
  const labels = readLabels(input);
  checkSizes(input);
  return inTransaction(platform, async (tx) => {
    const lot = await lotToChange(tx, input.lotId, viewer);
    if (!(await tx.em.findOne(Level, { lotId: lot.id, id: input.levelId }))) {
      throw new Refusal('NOT_FOUND', 'This lot has no such level.', { field: ['levelId'] });
    }
    await refuseTakenLabels(tx, lot.id, labels);
    const firstRank = await nextDistanceRank(tx, lot.id);
    if (firstRank + labels.length > MAX_SPOTS_A_LOT) {
      throw new Refusal('INVALID_INPUT', `A lot has at most ${MAX_SPOTS_A_LOT} spots.`, { field: ['count'] });
    }
    const { levelId, spotType, maxHeightCm = null, maxLengthCm = null } = input;
    const directions = input.directions?.trim() || null;
    const size = { maxHeightCm, maxLengthCm };
    await tx.em.upsert(Pool, { lotId: lot.id, spotType }, { onConflictAction: 'ignore' });
    tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
    return labels.map((label, index) => {
      const place = { lotId: lot.id, id: newId(tx.now), levelId, spotType, label, distanceRank: firstRank + index };
      return tx.em.create(Spot, { ...place, ...size, directions, inService: true });
    });
  });
}

function readLabels(input: AddSpotsInput): string[] {
  const made = spotLabels({ pattern: input.labelPattern, firstNumber: input.firstNumber, count: input.count });
  if ('labels' in made) return made.labels;
  throw new Refusal('INVALID_INPUT', made.message, { field: [made.field === 'pattern' ? 'labelPattern' : made.field] });
}

function checkSizes({ maxHeightCm, maxLengthCm, directions }: AddSpotsInput): void {
  for (const [field, size] of Object.entries({ maxHeightCm, maxLengthCm })) {
    if (size === undefined || (Number.isInteger(size) && size > 0 && size <= MAX_CENTIMETRES)) continue;
    throw new Refusal('INVALID_INPUT', `A size is from 1 to ${MAX_CENTIMETRES} cm.`, { field: [field] });
  }
  if ((directions?.length ?? 0) > MAX_DIRECTIONS_LENGTH) {
    throw new Refusal('INVALID_INPUT', `Directions have at most ${MAX_DIRECTIONS_LENGTH} characters.`, {
      field: ['directions'],
    });
  }
}

async function refuseTakenLabels(tx: Transaction, lotId: string, labels: string[]): Promise<void> {
  const taken = await tx.em.find(Spot, { lotId, label: { $in: labels } }, { fields: ['label'], limit: 10 });
  if (taken.length === 0) return;
  const names = taken.map((spot) => spot.label).join(', ');
  throw new Refusal('NAME_TAKEN', `The lot has spots with these labels: ${names}.`, { field: ['labelPattern'] });
}

async function nextDistanceRank(tx: Transaction, lotId: string): Promise<number> {
  const farthest = await tx.em.findOne(
    Spot,
    { lotId },
    { orderBy: { distanceRank: 'desc' }, fields: ['distanceRank'] },
  );
  return farthest ? farthest.distanceRank + 1 : 0;
}

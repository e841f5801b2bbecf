import { addMinutes } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import type { SpotSight } from '../domain/spot-sight.ts';
import type { StaffAct } from '../domain/staff-act.ts';
import { Sensor } from '../entities/sensor.ts';
import { SpotOverride } from '../entities/spot-override.ts';
import { Spot } from '../entities/spot.ts';
import { recordAct } from '../incidents/audit.ts';
import { readReason, servedLot, type StaffViewer } from '../incidents/served-lot.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { lockSpots, lookAtSpots } from './look-at-spots.ts';

export interface OverrideSpotInput {
  readonly lotId: string;
  readonly spotId: string;
  readonly sight: SpotSight;
  /** How long it counts. */
  readonly minutes: number;
  readonly reason: string;
}

/** Nothing that a person said counts for ever. */
const LONGEST_OVERRIDE_MINUTES = 7 * 24 * 60;

/**
 * A person says what is on a spot: that counts, whatever its sensors see, until it expires; said again it begins anew. Locks the spot.
 * Refuses with REASON_REQUIRED, INVALID_INPUT, LOT_NOT_FOUND, SPOT_NOT_FOUND. Publishes lotChanged where a board shows something else.
 */
export async function overrideSpot(platform: Platform, input: OverrideSpotInput, staff: StaffViewer): Promise<Spot> {
  const { lotId, spotId, sight, minutes } = input;
  const reason = readReason(input.reason);
  if (minutes < 1 || minutes > LONGEST_OVERRIDE_MINUTES)
    throw new Refusal('INVALID_INPUT', 'It counts for a minute at least and a week at most.', { field: ['minutes'] });
  const { staffId } = staff;
  return saying(platform, { lotId, spotId, reason, act: 'SPOT_OVERRIDDEN' }, staff, async (tx) => {
    const expiresAt = addMinutes(tx.now, minutes);
    const said = { lotId, spotId, sight, reason, staffId, createdAt: tx.now, expiresAt };
    await tx.em.upsert(SpotOverride, said);
  });
}

/** The sensors of a spot count again. Nothing to end is no fault. Locks the spot. Refuses and publishes as {@link overrideSpot}. */
export async function endSpotOverride(
  platform: Platform,
  input: { readonly lotId: string; readonly spotId: string; readonly reason: string },
  staff: StaffViewer,
): Promise<Spot> {
  const { lotId, spotId } = input;
  const reason = readReason(input.reason);
  return saying(platform, { lotId, spotId, reason, act: 'SPOT_OVERRIDE_ENDED' }, staff, async (tx) => {
    await tx.em.nativeDelete(SpotOverride, { lotId, spotId });
  });
}

interface Said {
  readonly lotId: string;
  readonly spotId: string;
  readonly reason: string;
  readonly act: StaffAct;
}

async function saying(
  platform: Platform,
  ...[{ lotId, spotId, reason, act }, staff, say]: [Said, StaffViewer, (tx: Transaction) => Promise<void>]
): Promise<Spot> {
  return inTransaction(platform, async (tx) => {
    const lot = await servedLot(tx.em, lotId, staff);
    await lockSpots(tx, lotId, [spotId]);
    const spot = await tx.em.findOne(Spot, { lotId, id: spotId });
    if (!spot) throw new Refusal('SPOT_NOT_FOUND', 'The lot has no such spot.', { field: ['spotId'] });
    await say(tx);
    const sensors = await tx.em.find(Sensor, { lotId, spotId, removedAt: null });
    await lookAtSpots(tx, { lot, spotIds: [spotId], sensors });
    recordAct(tx, { lotId, staffId: staff.staffId, act, subjectId: spotId, reason });
    return spot;
  });
}

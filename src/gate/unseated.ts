import { takenPercent } from '../availability/occupancy.ts';
import { boardKey, type AvailabilitySnapshot } from '../availability/snapshot.ts';
import { fittingSpotTypes } from '../domain/fit.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { multiplierPercent } from '../domain/tariff/multiplier.ts';
import { askIndex } from './ask-index.ts';
import type { Platform } from '../platform/platform.ts';
import type { RoomLeft } from './commit-scan.ts';
import type { ScanFacts } from './decide-scan.ts';
import { lotKeys } from './index-keys.ts';
import { decodeRecord } from './index-records.ts';
import { readStreamMs } from './stream-id.ts';

/** Room that was found without PostgreSQL: how a walk-in is priced, and what the commit must find still true. */
export interface UnseatedRoom {
  readonly spotType: SpotType;
  readonly multiplierPercent: number;
  readonly room: RoomLeft;
}

/**
 * Whether a walk-in may come in while PostgreSQL is away: the free number of the lot's last snapshot, less those who were let in like this since,
 * tells, type by type, best fit first. The commit counts again, so that of two entries one gets the last spot. The spot itself is found
 * when the journal is applied. UNKNOWN: there is no snapshot, so nobody can tell.
 */
export async function roomWithoutDatabase(
  platform: Platform,
  { scan, lot, reading }: ScanFacts,
): Promise<UnseatedRoom | 'LOT_FULL' | 'UNKNOWN'> {
  const { lotId, vehicleClass } = scan;
  const board = boardKey(lotId);
  const [json, basis] = await askIndex(platform, (redis) => redis.hmget(board, 'json', 'basis'));
  if (json == null || basis == null) return 'UNKNOWN';
  const snapshot = decodeRecord<AvailabilitySnapshot>(json);
  const sinceMs = Math.min(Date.parse(snapshot.asOf), readStreamMs(reading.applied));
  for (const spotType of fittingSpotTypes(vehicleClass)) {
    const counted = snapshot.byType.find((type) => type.spotType === spotType);
    if (counted === undefined) continue;
    const key = lotKeys(lotId).unseated(spotType);
    const room = { key, board, basis, since: String(sinceMs), free: counted.freeForWalkIns };
    const admitted = await askIndex(platform, (redis) => redis.zcount(key, sinceMs, '+inf'));
    const taken = { total: counted.total, free: counted.freeForWalkIns - admitted };
    const percent = multiplierPercent(lot.tariff, takenPercent(taken));
    if (taken.free > 0) return { spotType, multiplierPercent: percent, room };
  }
  return 'LOT_FULL';
}

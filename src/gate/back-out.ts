import { partitionOf } from '../platform/redis.ts';
import type { Platform } from '../platform/platform.ts';
import { closedStay } from './check-out.ts';
import { commitScan, type IndexChanges } from './commit-scan.ts';
import { lotKeys } from './index-keys.ts';
import type { Effect, GateAnswer } from './journal-entry.ts';
import { readIndex, type IndexReading } from './read-index.ts';
import { rebuildPartition } from './rebuild-partition.ts';

/** A vehicle that was let in and did not drive in. */
export interface BackedOut {
  readonly lotId: string;
  readonly gateId: string;
  /** Stands for the scan that there was not: said twice it is done once. */
  readonly passageId: string;
  readonly stayId: string;
  readonly reservationId: string | null;
  readonly at: Date;
  readonly deviceId: string | null;
}

/** How the decision is known by which an entry was undone. */
export const BACKED_OUT_KEY = 'backed-out:';

const MAX_ATTEMPTS = 8;

/**
 * Undoes an entry whose vehicle backed out of the gate: the visit ends where it began and costs nothing; a walk-in's spot is free again,
 * a reservation may come again. It goes through the journal like every decision. NOT_INSIDE: the visit is over already, or it stands on a
 * no-show that was taken back, which a person has to look at. Throws while Redis is away.
 */
export async function backOut(platform: Platform, backedOut: BackedOut): Promise<'DONE' | 'NOT_INSIDE'> {
  const { lotId, gateId, passageId: scanId, reservationId, stayId } = backedOut;
  const refs = [reservationId === null ? `s:${stayId}` : `r:${reservationId}`];
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const reading = await readIndex(platform, { lotId, gateId, scanId, arrivalKey: undefined, refs });
    if (reading.stored !== undefined) return 'DONE';
    if (reading.ready === undefined) {
      await rebuildPartition(platform, partitionOf(lotId));
      continue;
    }
    const undone = undoing(reading, backedOut);
    if (!undone) return 'NOT_INSIDE';
    const { outcome } = await commitScan(platform, {
      ready: reading.ready,
      changes: undone.changes,
      scanId,
      replaces: undefined,
      arrival: undefined,
      entry: {
        answer: answerOf(backedOut, platform.clock.now()),
        effect: undone.effect,
        deviceId: backedOut.deviceId,
        staffId: null,
        observedAt: backedOut.at.getTime(),
        incident: null,
      },
    });
    if (outcome === 'DONE' || outcome === 'ANSWERED') return 'DONE';
  }
  throw new Error('an entry could not be undone: the index changed at every attempt');
}

interface Undoing {
  readonly effect: Effect;
  readonly changes: IndexChanges;
}

function undoing(reading: IndexReading, { lotId, gateId, stayId, reservationId, at }: BackedOut): Undoing | undefined {
  const leave = { kind: 'LEAVE', stayId, reservationId, at: at.getTime(), billedMinor: 0, backedOut: true } as const;
  const keys = lotKeys(lotId);
  // Its next reading is another arrival, and has another answer.
  const arrivals = (skeletonIndex: string | null) =>
    skeletonIndex === null ? [] : [keys.arrival(gateId, `like/${skeletonIndex}`)];
  const [read] = reading.rights;
  if (reservationId !== null && read?.presence.at === 'INSIDE' && read.presence.stayId === stayId) {
    if (read.right.reinstatement !== undefined) return undefined;
    const { right } = read;
    const presence = keys.presence(reservationId);
    return {
      effect: { ...leave, spotType: right.spotType },
      // Written, not left out: an older copy of the row says that the vehicle is inside, and only fills a gap.
      changes: {
        watch: [[presence, read.presenceRaw]],
        set: [[presence, '{"at":"OUTSIDE"}', 0]],
        del: arrivals(right.plateSkeletonIndex),
      },
    };
  }
  const [walkIn] = reading.stays;
  if (reservationId !== null || walkIn === undefined || walkIn.stay.leftAt !== undefined || walkIn.stay.paidMinor > 0)
    return undefined;
  const { stay, raw } = walkIn;
  const closed = closedStay(lotId, { stay, raw, at: at.getTime() });
  return {
    effect: { ...leave, spotType: stay.spotType },
    changes: { ...closed, del: [...closed.del, ...arrivals(stay.plateSkeletonIndex)] },
  };
}

function answerOf({ lotId, gateId, passageId, stayId, reservationId }: BackedOut, now: Date): GateAnswer {
  return {
    ...{ scanId: passageId, lotId, gateId, operation: 'CHECK_OUT', credentialKey: `${BACKED_OUT_KEY}${stayId}` },
    ...{ action: 'OPEN', reason: 'NOTHING_DUE', reservationId, reservationCode: null, stayId, ticketCode: null },
    ...{ spotLabel: null, directions: null, dueMinor: null, currency: null },
    ...{ decidedAt: now.getTime(), decidedBy: 'CLOUD' },
  };
}

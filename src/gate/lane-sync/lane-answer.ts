import type { LaneScan } from '../../domain/lane-scan.ts';
import type { PlacedEntry } from '../apply-context.ts';
import type { Effect, GateAnswer, JournalEntry } from '../journal-entry.ts';

/** How the place of a decision is written that came from a lane's journal and not from the stream. */
export const LANE_STREAM = 'lane:';

/** The answer that a lane gave, as one of ours is remembered. */
export function laneAnswer(scan: LaneScan, stayId: string | null): GateAnswer {
  const { scanId, lotId, gateId, operation, action, reason, reservationId, ticketCode, dueMinor, decidedBy } = scan;
  return {
    ...{ scanId, lotId, gateId, operation, action, reason, reservationId, ticketCode, dueMinor, decidedBy, stayId },
    credentialKey: credentialKeyOf(scan),
    reservationCode: null,
    spotLabel: null,
    directions: null,
    currency: null,
    decidedAt: scan.observedAt,
  };
}

function credentialKeyOf({ plate, reservationId, subjects }: LaneScan): string {
  if (plate !== null) return `plate:${plate.index}`;
  if (reservationId !== null) return `pass:${reservationId}`;
  const code = subjects.find((subject) => subject.startsWith('t:'));
  return code === undefined ? 'unreadable' : `code:${code.slice(2)}`;
}

/** A lane's decision as an entry of a journal; what it does to the rows is settled by the merge. */
export function laneEntry(scan: LaneScan, what: { effect: Effect; stayId: string | null }): PlacedEntry {
  const { effect, stayId } = what;
  return {
    streamId: `${LANE_STREAM}${scan.agentId}:${scan.seq}`,
    entry: {
      ...entryOf(laneAnswer(scan, stayId), { effect, deviceId: scan.agentId, observedAt: scan.observedAt }),
      incident: openedByHand(scan),
    },
  };
}

/** A person at the lane opened it. */
function openedByHand({ operation, staffNote }: LaneScan): JournalEntry['incident'] {
  return operation === 'OPEN_GATE' ? { kind: 'GATE_OPENED_BY_STAFF', note: staffNote } : null;
}

export function entryOf(
  answer: GateAnswer,
  about: { effect: Effect; deviceId: string | null; observedAt: number },
): JournalEntry {
  return { answer, staffId: null, incident: null, ...about };
}

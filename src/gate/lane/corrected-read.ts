import type { LaneScan } from '../../domain/lane-scan.ts';
import { MINUTE_MS } from '../../domain/period.ts';
import { decideEntryAlone } from './decide-entry.ts';
import { subjectsOfCredential, type LaneQuestion, type LaneVerdict } from './lane-verdict.ts';
import type { Seen } from './whereabouts.ts';

/** What a correction makes of the scan before it, and what the lane must no longer believe of who is where. */
export interface Correction {
  readonly verdict: LaneVerdict;
  readonly forget: readonly string[];
}

/** As in the cloud: what is read later is another vehicle, whatever a camera that counts anew calls it. */
const SAME_VEHICLE_MS = 10 * MINUTE_MS;

/**
 * The camera reads a car once more and corrects itself, after the lane let it in on the first reading: it stays the same visit, now under
 * the plate that is right, and a right that this plate has counts. What the first reading was known by goes along, so that both find
 * each other when journals are merged. Undefined where there is nothing to correct, or what came is no better reading of a plate and opens
 * nothing by itself: then it is a scan like any other.
 */
export function correctedEntry(question: LaneQuestion, earlier: LaneScan | undefined): Correction | undefined {
  const isSameEntry =
    earlier?.operation === 'CHECK_IN' && earlier.gateId === question.gate.id && earlier.action === 'OPEN';
  if (!isSameEntry || earlier.stayId === null) return undefined;
  const { stayId, subjects: before } = earlier;
  if (question.credential.kind === 'UNREADABLE') return undefined;
  if (question.observedMs - earlier.observedAt > SAME_VEHICLE_MS) return undefined;
  const verdict = decideEntryAlone({ ...question, alreadyOpened: true });
  const subjects = [...new Set([...verdict.subjects, ...before])];
  if (verdict.action !== 'OPEN') {
    if (question.credential.kind !== 'PLATE') return undefined;
    const own = [...new Set([...subjectsOfCredential(question.credential), ...before])];
    const { reason, reservationId, ticketCode, spotType, tariffId } = earlier;
    const about = { reservationId, ticketCode, spotType, tariffId };
    const known = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== null));
    return { verdict: { action: 'OPEN', reason, stayId, subjects: own, flags: [], ...known }, forget: [] };
  }
  const forget = earlier.reservationId === null ? `s:${stayId}` : `r:${earlier.reservationId}`;
  const moved = verdict.seen && movedTo(verdict.seen, { stayId, code: earlier.ticketCode });
  const ticketCode =
    verdict.reason === 'WALK_IN' && earlier.ticketCode !== null ? { ticketCode: earlier.ticketCode } : {};
  const stay = moved?.kind === 'STAY' ? { stay: moved.stay } : {};
  return {
    verdict: { ...verdict, ...ticketCode, ...stay, stayId, subjects, ...(moved === undefined ? {} : { seen: moved }) },
    forget: [forget],
  };
}

/** The ticket that was printed stays good. */
function movedTo(seen: Seen, { stayId, code }: { stayId: string; code: string | null }): Seen {
  if (seen.kind === 'RIGHT') return { ...seen, stayId };
  return { ...seen, stay: { ...seen.stay, stayId, code: code ?? seen.stay.code } };
}

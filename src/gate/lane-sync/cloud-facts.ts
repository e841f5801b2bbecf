import type { SubjectKey } from '../../domain/lane-scan.ts';
import type { Stay } from '../../entities/stay.ts';
import type { Transaction } from '../../platform/db.ts';
import type { GateAnswer } from '../journal-entry.ts';
import { subjectsOfStay, type Fact } from './fact.ts';
import { LANE_STREAM } from './lane-answer.ts';

interface EventRow {
  readonly scan_id: string;
  readonly stay_id: string | null;
  readonly gate_id: string;
  readonly operation: 'CHECK_IN' | 'CHECK_OUT';
  readonly at_ms: number;
  readonly stream_id: string;
  readonly answer: GateAnswer;
}

const EVENTS = `SELECT scan_id, stay_id, gate_id, operation, (extract(epoch FROM observed_at) * 1000)::float8 AS at_ms, stream_id, answer
  FROM gate_event WHERE lot_id = ? AND action = 'OPEN' AND operation IN ('CHECK_IN', 'CHECK_OUT') AND stream_id NOT LIKE '${LANE_STREAM}%'`;

/** What the cloud decided about these stays; what was forgotten since is told by the stay itself. */
export async function cloudFactsOf(tx: Transaction, lotId: string, stays: readonly Stay[]): Promise<Fact[]> {
  if (stays.length === 0) return [];
  const ids = stays.map(({ id }) => id);
  const events = await tx.em.execute<EventRow[]>(`${EVENTS} AND stay_id IN (?)`, [lotId, ids]);
  const stayOf = new Map(stays.map((stay) => [stay.id, stay]));
  return events.flatMap((event) => {
    const stay = stayOf.get(event.stay_id ?? '');
    return stay ? factOf(event, { subjects: subjectsOfStay(stay), plateIndex: stay.plateIndex ?? null }) : [];
  });
}

/** Vehicles that the cloud let out because nobody knew them: a lane may have let them in. */
export async function unknownExits(tx: Transaction, { lotId, since }: { lotId: string; since: Date }): Promise<Fact[]> {
  const events = await tx.em.execute<EventRow[]>(
    `${EVENTS} AND operation = 'CHECK_OUT' AND stay_id IS NULL AND reason = 'BILLED_LATER' AND observed_at > ?`,
    [lotId, since],
  );
  return events.map((event) => factOf(event, namesOf(event.answer)));
}

function factOf(event: EventRow, whose: Pick<Fact, 'subjects' | 'plateIndex'>): Fact {
  return {
    scanId: event.scan_id,
    direction: event.operation === 'CHECK_OUT' ? 'OUT' : 'IN',
    gateId: event.gate_id,
    at: event.at_ms,
    seq: sequenceOf(event.stream_id),
    seenBy: { cloud: event.answer },
    ...whose,
  };
}

/** A place in the stream as one number: more than a thousand decisions of one partition in a millisecond there are not. */
function sequenceOf(streamId: string): number {
  const [ms = '0', place = '0'] = streamId.split('-');
  return Number(ms) * 1000 + Math.min(999, Number(place));
}

/** By what somebody was known of whom no stay was. */
function namesOf({ credentialKey, reservationId }: GateAnswer): Pick<Fact, 'subjects' | 'plateIndex'> {
  const [kind = '', value = ''] = credentialKey.split(':', 2);
  const own: Partial<Record<string, SubjectKey>> = { plate: `p:${value}`, pass: `r:${value}`, code: `t:${value}` };
  const named = own[kind];
  const reserved = reservationId === null ? [] : [`r:${reservationId}` as const];
  return {
    subjects: [...new Set<SubjectKey>([...(named === undefined ? [] : [named]), ...reserved])],
    plateIndex: kind === 'plate' ? value : null,
  };
}

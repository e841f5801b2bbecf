import type { LaneScan, SubjectKey } from '../../domain/lane-scan.ts';
import type { Stay } from '../../entities/stay.ts';
import type { GateAnswer } from '../journal-entry.ts';

/** One passage of a vehicle, as somebody has seen it: a lane that was alone, or the cloud. */
export interface Fact {
  readonly scanId: string;
  readonly direction: 'IN' | 'OUT';
  readonly gateId: string;
  readonly at: number;
  readonly subjects: readonly SubjectKey[];
  readonly plateIndex: string | null;
  readonly seq: number;
  /** The lane's entry; the cloud's answer, which is missing for one that was forgotten since. */
  readonly seenBy: { readonly lane: LaneScan } | { readonly cloud: GateAnswer | undefined };
}

/** By what the vehicle of a stay is known. */
export function subjectsOfStay({ reservationId, plateIndex, code }: Stay): SubjectKey[] {
  return [
    ...(reservationId == null ? [] : [`r:${reservationId}` as const]),
    ...(plateIndex == null ? [] : [`p:${plateIndex}` as const]),
    ...(code == null ? [] : [`t:${code}` as const]),
  ];
}

/** The passages that a stay itself tells of: where the decisions about it have been forgotten. */
export function factsOfStay(stay: Stay): Fact[] {
  const whose = { subjects: subjectsOfStay(stay), plateIndex: stay.plateIndex ?? null, seenBy: { cloud: undefined } };
  const { entryScanId, entryGateId, exitScanId, exitGateId, leftAt } = stay;
  const came = stay.enteredAt.getTime();
  const entry: Fact = {
    scanId: entryScanId,
    gateId: entryGateId,
    direction: 'IN',
    at: came,
    seq: came * 1000,
    ...whose,
  };
  if (exitScanId == null || exitGateId == null || leftAt == null) return [entry];
  const left = leftAt.getTime();
  return [entry, { scanId: exitScanId, gateId: exitGateId, direction: 'OUT', at: left, seq: left * 1000, ...whose }];
}

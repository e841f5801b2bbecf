import type { GateDecision } from './cloud-link.ts';
import type { LaneCredential } from './lane-credential.ts';
import type { ScanRequest } from './read-request.ts';

interface Read {
  readonly decision: GateDecision;
  readonly atMs: number;
}

/** A plate that was let through may be read for as long as it takes to pass: the same that counts as one passage when journals are merged. */
const OPENED_MS = 60_000;
/** What was refused is looked at again soon: something may have changed. And a pass that is held up twice may be another's copy of it. */
const MOMENT_MS = 2000;
const MOST = 10_000;

/** The readings of a moment ago, by vehicle and gate: a camera says the same car fifty times a second, and one of these is a scan. */
export class RecentReads {
  private readonly reads = new Map<string, Read>();

  /** The decision about another reading of the same arrival. */
  find(request: ScanRequest, credential: LaneCredential, nowMs: number): GateDecision | undefined {
    for (const key of keysOf(request, credential)) {
      const read = this.reads.get(key);
      if (read === undefined || read.decision.scanId === request.scanId) continue;
      const goodForMs = read.decision.action === 'OPEN' && credential.kind === 'PLATE' ? OPENED_MS : MOMENT_MS;
      const isOfCredential = key === credentialKey(request, credential);
      // A camera that corrects itself about a car that was not let in is heard.
      if (read.decision.action !== 'OPEN' && !isOfCredential) continue;
      if (nowMs - read.atMs <= goodForMs && nowMs >= read.atMs) return read.decision;
    }
    return undefined;
  }

  note(request: ScanRequest, credential: LaneCredential, read: Read): void {
    if (this.reads.size >= MOST) this.reads.clear();
    for (const key of keysOf(request, credential)) this.reads.set(key, read);
  }
}

/** By what readings of one arrival are told from those of another: the camera's own id of the car, and who it is. */
export function keysOf(request: ScanRequest, credential: LaneCredential): string[] {
  const arrivalKey = request.credential.plate?.arrivalKey;
  const own = credentialKey(request, credential);
  return arrivalKey == null ? [own] : [`${place(request)} arrival ${arrivalKey}`, own];
}

function credentialKey(request: ScanRequest, { key }: LaneCredential): string {
  return `${place(request)} ${key}`;
}

function place({ gateId, operation }: ScanRequest): string {
  return `${gateId.id} ${operation}`;
}

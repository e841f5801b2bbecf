import { DAY_MS } from '../../domain/period.ts';
import { monotonicMs } from '../../platform/clock.ts';
import type { ClockWatch } from './clock-watch.ts';
import type { CloudLink, GateDecision } from './cloud-link.ts';
import { correctedEntry, type Correction } from './corrected-read.ts';
import { DECISION_QUERIES, PAYLOAD_FIELDS } from './decision-queries.ts';
import { decideEntryAlone } from './decide-entry.ts';
import { decideExitAlone } from './decide-exit.ts';
import type { Journal } from './journal.ts';
import { readLaneCredential } from './lane-credential.ts';
import type { LaneMetrics } from './lane-metrics.ts';
import type { LaneQuestion, LaneVerdict } from './lane-verdict.ts';
import type { LotIndex } from './lot-index.ts';
import type { Outages } from './outages.ts';
import type { ScanRequest } from './read-request.ts';
import { keysOf, RecentReads } from './recent-reads.ts';
import { verdictOfCloud } from './told-by-cloud.ts';
import { vehicleNote, type Whereabouts } from './whereabouts.ts';
import {
  decisionOf,
  unwrittenOf,
  type Asked,
  type LaneIdentity,
  type StoredAnswer,
  type Writer,
} from './write-down.ts';

/** The cloud is given so long to answer a scan; then the lane does. */
export const ASK_MS = 300;
const DEFAULT_VEHICLE_CLASS = 'CAR';

/** Why a device's scan got no decision. */
export type ScanRefusal = {
  readonly refused: { readonly status: number; readonly code: string; readonly message: string };
};
export type ScanOutcome = (GateDecision & { readonly replayed: boolean }) | ScanRefusal;

export interface ScanDeskParts {
  readonly identity: LaneIdentity;
  readonly clock: ClockWatch;
  readonly outages: Outages;
  readonly link: CloudLink;
  readonly askMs: number;
  readonly journal: Journal;
  readonly writer: Writer;
  readonly whereabouts: Whereabouts;
  readonly metrics: LaneMetrics;
  readonly index: () => LotIndex | undefined;
  readonly onWritten: () => void;
}

interface CloudPayload {
  readonly decision: GateDecision | null;
  readonly replayed: boolean;
  readonly userErrors: readonly { readonly code: string; readonly message: string }[];
}

/**
 * Brings a device's scan to a decision: the answer it had, the answer of the same arrival, the cloud's where the cloud answers within
 * 300 ms, or else the lane's own, which is on the disk before it is given. Where the disk takes nothing, exits open and are kept in
 * memory, and entries wait.
 */
export class ScanDesk {
  private readonly parts: ScanDeskParts;
  private readonly recent = new RecentReads();
  /** What is being decided, by scan and by arrival: who comes meanwhile gets the same. */
  private readonly underWay = new Map<string, Promise<ScanOutcome>>();

  constructor(parts: ScanDeskParts) {
    this.parts = parts;
  }

  /** `bearer` is the device's own key: the cloud is asked in its name. */
  async decide(request: ScanRequest, index: LotIndex, bearer: string): Promise<ScanOutcome> {
    const startedMs = monotonicMs();
    const question = this.questionOf(request, index);
    const outcome = question === undefined ? NO_SUCH_GATE : await this.once(request, question, bearer);
    if ('refused' in outcome) return outcome;
    this.parts.metrics.decided(outcome, monotonicMs() - startedMs);
    return outcome;
  }

  private async once(request: ScanRequest, question: LaneQuestion, bearer: string): Promise<ScanOutcome> {
    const { scanId } = request;
    const known = this.knownAnswer(request, question);
    if (known !== undefined) return known;
    const keys = [scanId, ...(request.supersedes == null ? keysOf(request, question.credential) : [])];
    for (const key of keys) {
      const first = await this.underWay.get(key);
      // A plate that was refused under way may be corrected by the next reading of the same car.
      if (first !== undefined && !('refused' in first) && (key === scanId || first.action === 'OPEN'))
        return { ...first, scanId, replayed: true, durable: key === scanId ? first.durable : true };
    }
    const deciding = this.decideAfresh(request, question, bearer);
    for (const key of keys) this.underWay.set(key, deciding);
    try {
      return await deciding;
    } finally {
      for (const key of keys) if (this.underWay.get(key) === deciding) this.underWay.delete(key);
    }
  }

  private async decideAfresh(request: ScanRequest, question: LaneQuestion, bearer: string): Promise<ScanOutcome> {
    const { credential } = question;
    const outcome =
      (await this.askCloud(request, question, bearer)) ?? this.decideAlone(request, this.refreshed(request, question));
    if (!('refused' in outcome))
      this.recent.note(request, credential, { decision: outcome, atMs: this.parts.clock.nowMs() });
    return outcome;
  }

  /** What has this scan, or another reading of the same arrival, been answered? */
  private knownAnswer(request: ScanRequest, { credential }: LaneQuestion): ScanOutcome | undefined {
    const { journal, writer, clock } = this.parts;
    const written = journal.answerTo(request.scanId);
    const stored = written ?? writer.heldAnswer(request.scanId);
    if (stored !== undefined) {
      const replay = replayOf(JSON.parse(stored) as StoredAnswer, { request, credentialKey: credential.key });
      // What is held in memory ends with this process: the device keeps its scan.
      return written === undefined && !('refused' in replay) ? { ...replay, durable: false } : replay;
    }
    // A reading that corrects another is no repetition of it.
    const read = request.supersedes == null ? this.recent.find(request, credential, clock.nowMs()) : undefined;
    return read && { ...read, scanId: request.scanId, replayed: true, durable: true };
  }

  private questionOf(request: ScanRequest, index: LotIndex): LaneQuestion | undefined {
    const { clock, outages, whereabouts, identity } = this.parts;
    const gate = request.gateId.lotId === identity.lotId ? index.gate(request.gateId.id) : undefined;
    if (gate === undefined) return undefined;
    const nowMs = clock.nowMs();
    const { isUnsure, skewMs } = clock.state();
    return {
      ...{ scanId: request.scanId, gate, index, whereabouts, nowMs, isClockUnsure: isUnsure },
      credential: readLaneCredential(index, request.credential, { nowMs, clockSkewMs: isUnsure ? skewMs : 0 }),
      vehicleClass: request.vehicleClass ?? DEFAULT_VEHICLE_CLASS,
      observedMs: observedMs(request, nowMs),
      alreadyOpened: request.alreadyOpened === true,
      partition: outages.partition(nowMs),
    };
  }

  /** Time has passed while the cloud was asked, and perhaps a bundle has come. */
  private refreshed(request: ScanRequest, question: LaneQuestion): LaneQuestion {
    return this.questionOf(request, this.parts.index() ?? question.index) ?? question;
  }

  private async askCloud(
    request: ScanRequest,
    question: LaneQuestion,
    bearer: string,
  ): Promise<ScanOutcome | undefined> {
    const { link, outages, askMs: timeoutMs } = this.parts;
    if (outages.isAlone()) return undefined;
    const { operation } = request;
    const answer = await link.ask({
      query: DECISION_QUERIES[operation],
      variables: { input: inputOf(request, question) },
      bearer,
      timeoutMs,
    });
    if (answer.came === 'FORBIDDEN') return UNKNOWN_DEVICE;
    if (answer.came === 'NOTHING') return undefined;
    const { decision, replayed, userErrors } = answer.data[PAYLOAD_FIELDS[operation]] as CloudPayload;
    const [error] = userErrors;
    if (error !== undefined)
      return { refused: { status: statusOf(error.code), code: error.code, message: error.message } };
    if (decision === null) return undefined;
    if (decision.reason === 'SYSTEM_UNAVAILABLE') {
      link.cloudFailed();
      return undefined;
    }
    this.noteTold(request, question, decision);
    return { ...decision, replayed };
  }

  /** The lane goes on from here when it is cut off the next moment. */
  private noteTold(request: ScanRequest, question: LaneQuestion, decision: GateDecision): void {
    const { journal, whereabouts, clock } = this.parts;
    const { operation, scanId } = request;
    const verdict = verdictOfCloud(question, operation, decision);
    const stored: StoredAnswer = {
      ...{ decision, operation, gateId: question.gate.id, credentialKey: question.credential.key },
    };
    const atMs = clock.nowMs();
    if (verdict.seen) whereabouts.note(verdict.seen, null, atMs);
    try {
      const vehicles = verdict.seen ? [vehicleNote(verdict.seen)] : [];
      journal.tell({ scanId, atMs, answer: JSON.stringify(stored), vehicles });
    } catch {
      // A full disk: the cloud has the scan, and the device sends it again until it is durable.
    }
  }

  private decideAlone(request: ScanRequest, question: LaneQuestion): ScanOutcome {
    const told = this.toldBefore(request, question);
    if (told !== undefined && 'refused' in told) return told;
    const { verdict, forget } = told === undefined ? this.judge(request, question) : { verdict: told, forget: [] };
    const asked = this.askedOf(request, question, verdict);
    const decision = decisionOf(asked);
    if (verdict.unrecorded) return { ...decision, replayed: false, durable: false };
    const { writer, onWritten } = this.parts;
    const written = unwrittenOf(asked, this.parts);
    const unwritten = { ...written, vehicles: [...forget.map((key) => ({ key, body: null })), ...written.vehicles] };
    if (writer.write(unwritten, verdict)) {
      onWritten();
      return { ...decision, replayed: told !== undefined };
    }
    if (request.operation === 'CHECK_IN' && !question.alreadyOpened)
      return { ...decision, ...NOT_NOW, replayed: false };
    writer.hold(unwritten, verdict);
    return { ...decision, durable: false, replayed: false };
  }

  private judge(request: ScanRequest, question: LaneQuestion): Correction {
    const { journal, whereabouts } = this.parts;
    if (request.operation === 'CHECK_OUT') return { verdict: decideExitAlone(question), forget: [] };
    const earlier = request.supersedes == null ? undefined : journal.scanOf(request.supersedes);
    const correction = correctedEntry(question, earlier);
    correction?.forget.forEach((key) => whereabouts.forget(key));
    return correction ?? { verdict: decideEntryAlone(question), forget: [] };
  }

  /** The cloud has answered this scan, and may not have kept it: then the lane writes that answer down as its own. */
  private toldBefore(request: ScanRequest, question: LaneQuestion): LaneVerdict | ScanRefusal | undefined {
    const told = this.parts.journal.toldOf(request.scanId);
    if (told === undefined) return undefined;
    const stored = JSON.parse(told) as StoredAnswer;
    const replay = replayOf(stored, { request, credentialKey: question.credential.key });
    if ('refused' in replay) return replay;
    const verdict = verdictOfCloud(question, request.operation, stored.decision);
    return verdict.action === 'OPEN' ? { ...verdict, flags: ['ALREADY_OPENED'] } : verdict;
  }

  private askedOf(request: ScanRequest, question: LaneQuestion, verdict: LaneVerdict): Asked {
    const deviceObservedMs = request.observedAt?.getTime() ?? this.parts.clock.deviceMs();
    return { question, verdict, operation: request.operation, deviceObservedMs };
  }
}

const NO_SUCH_GATE: ScanRefusal = {
  refused: { status: 404, code: 'GATE_NOT_FOUND', message: 'There is no such gate in this lot.' },
};
const UNKNOWN_DEVICE: ScanRefusal = {
  refused: { status: 401, code: 'UNAUTHENTICATED', message: 'The cloud does not know this device any more.' },
};
/** Nothing that is not written down opens an entry. */
const NOT_NOW = {
  action: 'ASK',
  reason: 'SYSTEM_UNAVAILABLE',
  durable: false,
  stayId: null,
  ticketCode: null,
  spotLabel: null,
  directions: null,
} as const;
const STATUSES: Readonly<Record<string, number>> = { GATE_NOT_FOUND: 404, IDEMPOTENCY_KEY_REUSED: 409 };

function statusOf(code: string): number {
  return STATUSES[code] ?? 400;
}

/**
 * When it stood there, by the lane's time. A scan that is handed over late says how old it is, by its device's own measure; a device's clock
 * counts only for one whose vehicle is through already, and never ahead of ours or more than a day behind.
 */
function observedMs({ ageMs, observedAt, alreadyOpened }: ScanRequest, nowMs: number): number {
  if (ageMs != null) return nowMs - Math.min(ageMs, 7 * DAY_MS);
  const toldMs = alreadyOpened === true ? observedAt?.getTime() : undefined;
  return toldMs !== undefined && toldMs <= nowMs && toldMs >= nowMs - DAY_MS ? toldMs : nowMs;
}

/** What the cloud is asked: as the device sent it, without what only a lane understands. */
function inputOf(request: ScanRequest, { observedMs: observed }: LaneQuestion): object {
  const { operation, gateId, ageMs, vehicleClass, supersedes, observedAt, ...rest } = request;
  const seen = ageMs == null ? observedAt : new Date(observed);
  const entry = operation === 'CHECK_IN' ? { vehicleClass, supersedes } : {};
  return { ...rest, ...entry, gateId: gateId.publicId, ...(seen == null ? {} : { observedAt: seen.toISOString() }) };
}

function replayOf(
  { decision, gateId, operation, credentialKey }: StoredAnswer,
  asked: { request: ScanRequest; credentialKey: string },
): ScanOutcome {
  const { request } = asked;
  const isSame =
    gateId === request.gateId.id && operation === request.operation && credentialKey === asked.credentialKey;
  if (isSame) return { ...decision, replayed: true };
  const message = 'This scan id was used at another gate or for another credential. Make a new one for each reading.';
  return { refused: { status: 409, code: 'IDEMPOTENCY_KEY_REUSED', message } };
}

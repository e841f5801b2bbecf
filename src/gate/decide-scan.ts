import { Refusal } from '../domain/refusal.ts';
import type { IncidentKind } from '../domain/incident.ts';
import { monotonicMs } from '../platform/clock.ts';
import type { Platform } from '../platform/platform.ts';
import { partitionOf } from '../platform/redis.ts';
import { withinMs } from '../platform/within-ms.ts';
import { commitScan, type CommitOutcome, type IndexChanges } from './commit-scan.ts';
import {
  answerAgain,
  arrivalOf,
  inTurnOfArrival,
  isAnswered,
  isReadBetter,
  saysTheSame,
  seenIn,
  type Arrival,
} from './arrival.ts';
import { exitBounds, UNBOUNDED, type WithinRung } from './exit-bounds.ts';
import type { GateRecord, LotRecord } from './index-records.ts';
import type { Effect, GateAnswer, JournalEntry } from './journal-entry.ts';
import { answerInDatabase, lookUp, mayHaveBeenApplied } from './look-up.ts';
import { projectLot } from './project-lot.ts';
import { readIndex, type IndexReading } from './read-index.ts';
import { rebuildPartition } from './rebuild-partition.ts';
import { answerTo, passageIdOf, referencesOf, type Scan, type ScanResult } from './scan.ts';
import { compareStreamIds } from './stream-id.ts';

/** What a decision depends on. */
export interface ScanFacts {
  readonly scan: Scan;
  readonly lot: LotRecord;
  readonly gate: GateRecord;
  readonly reading: IndexReading;
  /** How often the decision has been begun; a ticket code is drawn from it. */
  readonly attempt: number;
  /** YES: PostgreSQL was asked and the index says what it said. AWAY: it did not answer. */
  readonly lookedUp: 'NO' | 'YES' | 'AWAY';
  /** The time that an exit has for each rung of its ladder; an entry has no such bounds. */
  readonly within: WithinRung;
}

/**
 * A decision with all its consequences; or LOOK_UP: the index alone is not enough to refuse, ask PostgreSQL once; or AGAIN: what was read has just
 * changed.
 */
export type Verdict = { readonly verdict: 'LOOK_UP' } | { readonly verdict: 'AGAIN' } | Decided;

export interface Decided {
  readonly verdict: 'DECIDED';
  readonly answer: GateAnswer;
  readonly effect: Effect;
  readonly changes: IndexChanges;
  readonly incident?: { readonly kind: IncidentKind; readonly note: string | null };
  /** UNRECORDED: the answer promises nothing and is decided afresh next time. */
  readonly unrecorded?: true;
}

export type Judge = (platform: Platform, facts: ScanFacts) => Promise<Verdict> | Verdict;
/** Whether the asker may ask in this lot; throws a Refusal when not. */
export type LotCheck = (lot: LotRecord) => void;

const MAX_ATTEMPTS = 8;
const LOOK_UP_MS = 1000;
/** Nobody waits at an exit for a PostgreSQL that does not say that it is away. */
const LOOK_UP_AT_EXIT_MS = 400;
const REBUILD_MS = 3000;

/**
 * Brings one scan to its decision: read the index, judge, commit by compare-and-set, again when something changed in between. A scan
 * id that has an answer gets that answer. No failure is thrown: when Redis does not answer, an exit opens (billed later) and an
 * entry asks for patience; both unrecorded and not durable, so the device sends the scan again.
 * Refuses with GATE_NOT_FOUND, and IDEMPOTENCY_KEY_REUSED for a scan id that was used at another gate or for another credential.
 */
export async function decideScan(
  platform: Platform,
  asked: { scan: Scan; judge: Judge; mayAsk: LotCheck },
): Promise<ScanResult> {
  const { scan } = asked;
  const startedMs = monotonicMs();
  const result = await inTurnOfArrival(platform, scan, () => new ScanRun(platform, asked).run());
  const labels = { operation: scan.operation, action: result.answer.action };
  platform.metrics.gateDecisionSeconds.observe(labels, (monotonicMs() - startedMs) / 1000);
  return result;
}

/** No failure of ours keeps an exit closed, none opens an entry, and a person at a gate is obeyed. */
const WITHOUT_INDEX = {
  CHECK_IN: { action: 'ASK', reason: 'SYSTEM_UNAVAILABLE' },
  CHECK_OUT: { action: 'OPEN', reason: 'BILLED_LATER' },
  OPEN_GATE: { action: 'OPEN', reason: 'STAFF', decidedBy: 'OPERATOR' },
} as const;

class ScanRun {
  private readonly platform: Platform;
  private readonly scan: Scan;
  private readonly judge: Judge;
  private readonly mayAsk: LotCheck;
  private readonly refs: Set<string>;
  private readonly arrival: Arrival | undefined;
  private readonly within: WithinRung;
  private lookedUp: ScanFacts['lookedUp'] = 'NO';
  private lotProjected = false;
  /** The marker of the index for which PostgreSQL was asked whether the scan was applied before: after another rebuild it may have been. */
  private eventsAskedOf: string | undefined;
  /** PostgreSQL could not say. */
  private mayBeApplied = false;
  private overtaken = false;
  /** What the index said before anything was looked up. */
  private seen: string | undefined;

  constructor(platform: Platform, asked: { scan: Scan; judge: Judge; mayAsk: LotCheck }) {
    this.platform = platform;
    this.scan = asked.scan;
    this.judge = asked.judge;
    this.mayAsk = asked.mayAsk;
    this.arrival = arrivalOf(platform, asked.scan);
    this.within = asked.scan.operation === 'CHECK_OUT' ? exitBounds() : UNBOUNDED;
    this.refs = new Set(referencesOf(asked.scan, (plate) => platform.plates.skeletonIndex(asked.scan.lotId, plate)));
  }

  async run(): Promise<ScanResult> {
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      try {
        const result = await this.attempt(attempt);
        if (result) return result;
      } catch (error) {
        if (error instanceof Refusal) throw error;
        this.platform.log.warn({ err: error, scanId: this.scan.scanId }, 'a scan could not be decided from the index');
        return this.unavailable();
      }
    }
    this.platform.log.warn({ scanId: this.scan.scanId }, 'a scan found the index changed at every attempt');
    return this.unavailable();
  }

  private async attempt(attempt: number): Promise<ScanResult | undefined> {
    const reading = await this.read();
    if (reading.lot !== undefined) this.mayAsk(reading.lot);
    if (this.arrival) this.seen ??= seenIn(this.scan, reading);
    const known = this.knownAnswer(reading);
    if (known) return known;
    if (reading.ready === undefined) return this.rebuild();
    const appliedBefore = await this.askEvents(reading.ready);
    if (appliedBefore) return appliedBefore;
    if (reading.lot === undefined || reading.gate === undefined) return this.fetchLot();
    const { lookedUp } = this;
    const hasLeft = this.hasLeftUnknown(reading);
    const scan = hasLeft ? { ...this.scan, alreadyOpened: true } : this.scan;
    const verdict = await this.judge(this.platform, {
      scan,
      lot: reading.lot,
      gate: reading.gate,
      reading,
      attempt,
      lookedUp,
      within: this.within,
    });
    if (verdict.verdict === 'LOOK_UP') return this.lookUpOnce();
    if (verdict.verdict === 'AGAIN') return undefined;
    if (verdict.unrecorded) return this.unlessAnswered(verdict.answer);
    // Who was let in before would be refused for being inside, and that answer would stand: it is found out when PostgreSQL is back.
    if (this.mayBeApplied && verdict.answer.action !== 'OPEN')
      return { answer: verdict.answer, durable: false, replayed: false };
    if (this.overtaken && verdict.answer.action === 'ASK' && reading.stored !== undefined)
      return this.replay(reading.stored, reading.applied);
    const isNobodyStill = hasLeft && verdict.answer.stayId === null;
    const said = this.overtaken ? undefined : this.saidBefore(verdict, reading, isNobodyStill);
    if (said) return said;
    const { ready, stored, arrivalRaw } = reading;
    return this.commit(verdict, { ready, stored, arrivalRaw });
  }

  private async read(): Promise<IndexReading> {
    const { lotId, gateId, scanId } = this.scan;
    const question = { lotId, gateId, scanId, arrivalKey: this.arrival?.key, refs: [...this.refs] };
    return this.within('FIND_STAY', () => readIndex(this.platform, question));
  }

  private knownAnswer(reading: IndexReading): ScanResult | undefined {
    const { stored, arrivalStored, applied } = reading;
    if (stored !== undefined) {
      const known = this.replay(stored, applied);
      return this.isOvertaken(known.answer) ? undefined : known;
    }
    if (arrivalStored === undefined) return undefined;
    // Another reading of a car that stands there: the same arrival, the same answer.
    const { answer: first } = splitStored(arrivalStored);
    return isAnswered(this.platform, this.scan, { first, reading }) ? this.asBefore(arrivalStored, applied) : undefined;
  }

  private hasLeftUnknown({ arrivalStored }: IndexReading): boolean {
    return arrivalStored !== undefined && isReadBetter(this.platform, this.scan, splitStored(arrivalStored).answer);
  }

  private asBefore(arrivalStored: string, applied: string): ScanResult {
    const { answer, streamId } = splitStored(arrivalStored);
    const durable = compareStreamIds(streamId, applied) <= 0;
    return answerAgain(this.platform, this.scan, { answer, durable, replayed: true, streamId });
  }

  /** The same arrival is told the same: nothing new to write down. */
  private saidBefore(
    decided: Decided,
    { arrivalStored, applied }: IndexReading,
    isNobodyStill: boolean,
  ): ScanResult | undefined {
    if (isNobodyStill && arrivalStored !== undefined) return this.asBefore(arrivalStored, applied);
    const { arrival, scan } = this;
    if (!arrival || arrivalStored === undefined || decided.effect.kind !== 'NONE' || decided.incident) return undefined;
    const { answer: first } = splitStored(arrivalStored);
    return saysTheSame(arrival, scan, { first, again: decided.answer })
      ? this.asBefore(arrivalStored, applied)
      : undefined;
  }

  private replay(stored: string, applied: string): ScanResult {
    const { streamId, answer } = splitStored(stored);
    this.checkSameScan(answer);
    return { answer, durable: compareStreamIds(streamId, applied) <= 0, replayed: true };
  }

  /** Whoever asked was not waited for: the vehicle went out, and that has to be written down, under an id of its own. */
  private isOvertaken(answer: GateAnswer): boolean {
    const { operation, alreadyOpened } = this.scan;
    if (operation === 'CHECK_OUT' && alreadyOpened && answer.action === 'ASK') this.overtaken = true;
    return this.overtaken;
  }

  /** Its first answer, or what it was recorded as once the vehicle was through. */
  private async answeredBefore(): Promise<GateAnswer | undefined> {
    const { lotId, scanId } = this.scan;
    const first = await answerInDatabase(this.platform, { lotId, scanId });
    if (first === undefined || !this.isOvertaken(first)) return first;
    const later = await answerInDatabase(this.platform, { lotId, scanId: passageIdOf(lotId, scanId) });
    return later && { ...later, scanId };
  }

  private checkSameScan(answer: GateAnswer): void {
    const { scan } = this;
    const same =
      answer.gateId === scan.gateId &&
      answer.operation === scan.operation &&
      answer.credentialKey === scan.credential.key;
    if (same) return;
    throw new Refusal(
      'IDEMPOTENCY_KEY_REUSED',
      'This scan id was used at another gate or for another credential. Make a new one for each reading.',
      {
        field: ['scanId'],
      },
    );
  }

  private async rebuild(): Promise<undefined> {
    const partition = partitionOf(this.scan.lotId);
    await this.within('FIND_STAY', () => withinMs(REBUILD_MS, rebuildPartition(this.platform, partition)));
    return undefined;
  }

  /** A scan from before a rebuild may have been applied: its first answer stands in PostgreSQL. */
  private async askEvents(ready: string): Promise<ScanResult | undefined> {
    if (this.eventsAskedOf === ready || !mayHaveBeenApplied(this.scan, ready)) return undefined;
    this.eventsAskedOf = ready;
    this.mayBeApplied = false;
    const answer = await this.inDatabase(() => this.answeredBefore()).catch((error: unknown) => {
      // The journal's key settles an OPEN: a scan that was applied before has no second effect.
      this.mayBeApplied = true;
      this.platform.log.warn({ err: error }, 'PostgreSQL could not say whether a scan was applied before');
      return undefined;
    });
    if (!answer) return undefined;
    this.checkSameScan(answer);
    return { answer, durable: true, replayed: true };
  }

  private async fetchLot(): Promise<undefined> {
    if (this.lotProjected) {
      throw new Refusal('GATE_NOT_FOUND', 'There is no such gate in this lot.', { field: ['gateId'] });
    }
    this.lotProjected = true;
    await this.inDatabase(() => projectLot(this.platform, this.scan.lotId));
    return undefined;
  }

  private async lookUpOnce(): Promise<undefined> {
    try {
      const refs = await this.inDatabase(() => lookUp(this.platform, this.scan));
      for (const ref of refs) this.refs.add(ref);
      this.lookedUp = 'YES';
    } catch (error) {
      this.platform.log.warn({ err: error, scanId: this.scan.scanId }, 'PostgreSQL could not be asked about a scan');
      this.lookedUp = 'AWAY';
    }
    return undefined;
  }

  private inDatabase<T>(work: () => Promise<T>): Promise<T> {
    const limitMs = this.scan.operation === 'CHECK_OUT' ? LOOK_UP_AT_EXIT_MS : LOOK_UP_MS;
    return this.within('FIND_STAY', () => withinMs(limitMs, work()));
  }

  private async commit(
    decided: Decided,
    read: { ready: string; stored: string | undefined; arrivalRaw: string },
  ): Promise<ScanResult | undefined> {
    const { scan } = this;
    const { lotId, scanId } = scan;
    const entry: JournalEntry = {
      answer: this.overtaken ? { ...decided.answer, scanId: passageIdOf(lotId, scanId) } : decided.answer,
      effect: decided.effect,
      deviceId: scan.deviceId,
      staffId: scan.staffId,
      observedAt: scan.observedAt.getTime(),
      incident: decided.incident ?? null,
    };
    const commit = {
      ...{ scanId, entry },
      arrival: this.arrival && { ...this.arrival, raw: read.arrivalRaw, seen: this.seen ?? '' },
      ready: read.ready,
      replaces: read.stored,
      changes: decided.changes,
    };
    return this.settled(decided.answer, await this.within('OPENED', () => commitScan(this.platform, commit)));
  }

  /** The same scan may have been sent twice at once: what the other was told says more than an answer that promises nothing. */
  private async unlessAnswered(answer: GateAnswer): Promise<ScanResult> {
    const { stored, applied } = await this.read();
    if (stored !== undefined && !this.overtaken) return this.replay(stored, applied);
    return { answer, durable: false, replayed: false };
  }

  private settled(answer: GateAnswer, outcome: CommitOutcome): ScanResult | undefined {
    switch (outcome.outcome) {
      case 'DONE':
        return { ...journalled(outcome), answer, replayed: false };
      case 'ANSWERED':
        return this.replay(outcome.stored, '0-0');
      case 'NOT_READY':
      case 'RETRY':
        return undefined;
    }
  }

  private unavailable(): ScanResult {
    return { answer: answerTo(this.scan, WITHOUT_INDEX[this.scan.operation]), durable: false, replayed: false };
  }
}

function journalled({ streamId, applied }: { streamId: string; applied: string }) {
  return { streamId, durable: compareStreamIds(streamId, applied) <= 0 };
}

/** A stored answer carries its place in the journal in front. */
export function splitStored(stored: string): { streamId: string; answer: GateAnswer } {
  const bar = stored.indexOf('|');
  return { streamId: stored.slice(0, bar), answer: JSON.parse(stored.slice(bar + 1)) as GateAnswer };
}

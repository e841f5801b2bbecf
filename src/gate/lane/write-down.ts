import type { LaneFlag, LaneScan } from '../../domain/lane-scan.ts';
import { encodeId } from '../../domain/public-id.ts';
import type { ClockWatch } from './clock-watch.ts';
import type { GateDecision } from './cloud-link.ts';
import type { Journal, Unwritten } from './journal.ts';
import type { LaneQuestion, LaneVerdict } from './lane-verdict.ts';
import { sealPlate } from './plate-seal.ts';
import { vehicleNote, type Whereabouts } from './whereabouts.ts';

/** A decision as a device gets it and gets it again, with what a repeated scan is compared with. */
export interface StoredAnswer {
  readonly decision: GateDecision;
  readonly gateId: string;
  readonly operation: LaneScan['operation'];
  readonly credentialKey: string;
}

/** Whose journal it is. */
export interface LaneIdentity {
  readonly lotId: string;
  readonly agentId: string;
}

/** So many decisions are kept in memory while the disk takes none; more than a lane makes in a month of full disks. */
const MOST_HELD = 100_000;

export interface WriterParts {
  readonly identity: LaneIdentity;
  readonly journal: Journal;
  readonly whereabouts: Whereabouts;
  readonly clock: ClockWatch;
  readonly onFull: (error: unknown) => void;
}

/** Writes decisions down before they are answered, and remembers in memory those that the disk did not take. */
export class Writer {
  private readonly parts: WriterParts;
  private readonly held: { unwritten: Unwritten; verdict: LaneVerdict }[] = [];

  constructor(parts: WriterParts) {
    this.parts = parts;
  }

  get heldCount(): number {
    return this.held.length;
  }

  /** The answer that is held in memory for a scan. */
  heldAnswer(scanId: string): string | undefined {
    return this.held.find(({ unwritten }) => unwritten.scan.scanId === scanId)?.unwritten.answer;
  }

  /** Writes a decision down; false when the disk does not take it, and then it is as if it had not been made. */
  write(unwritten: Unwritten, verdict: LaneVerdict): boolean {
    const { journal, whereabouts, clock, onFull } = this.parts;
    if (this.held.length > 0 && !this.flush()) return false;
    try {
      const { seq } = journal.append(unwritten);
      if (verdict.seen) whereabouts.note(verdict.seen, seq, clock.nowMs());
      return true;
    } catch (error) {
      onFull(error);
      return false;
    }
  }

  /** Keeps a decision in memory until the disk takes it: the vehicle is through. */
  hold(unwritten: Unwritten, verdict: LaneVerdict): void {
    if (this.held.length >= MOST_HELD) this.held.shift();
    this.held.push({ unwritten, verdict });
    if (verdict.seen) this.parts.whereabouts.note(verdict.seen, null, this.parts.clock.nowMs());
  }

  /** Writes down what is held, in its order; true when nothing is any more. */
  flush(): boolean {
    const { journal, whereabouts, clock } = this.parts;
    try {
      for (let next = this.held[0]; next !== undefined; next = this.held[0]) {
        const { seq } = journal.append(next.unwritten);
        if (next.verdict.seen) whereabouts.note(next.verdict.seen, seq, clock.nowMs());
        this.held.shift();
      }
      return true;
    } catch {
      // Still full: the caller that could not write has said so.
      return false;
    }
  }
}

export interface Asked {
  readonly question: LaneQuestion;
  readonly verdict: LaneVerdict;
  readonly operation: 'CHECK_IN' | 'CHECK_OUT';
  readonly deviceObservedMs: number;
}

/** The decision as a device gets it. */
export function decisionOf({ question, verdict }: Asked): GateDecision {
  const { index, nowMs, scanId } = question;
  const { action, reason, right, stay, stayId, ticketCode, dueMinor } = verdict;
  const { lotId, lot } = index.bundle;
  return {
    ...{ scanId, action, reason },
    reservationCode: right?.code ?? null,
    stayId: stayId === undefined ? null : encodeId('sty', lotId, stayId),
    ticketCode: action === 'OPEN' && reason === 'WALK_IN' ? (ticketCode ?? null) : null,
    spotLabel: right?.spotLabel ?? stay?.spotLabel ?? null,
    directions: right?.directions ?? null,
    due: dueMinor === undefined ? null : { amountMinor: dueMinor, currency: lot.currency },
    decidedAt: new Date(nowMs).toISOString(),
    decidedBy: 'LANE',
    durable: true,
  };
}

/** What goes into the journal of a decision that this lane made alone, or of one of the cloud's that may not have been durable there. */
export function unwrittenOf(asked: Asked, { identity, clock }: Pick<WriterParts, 'identity' | 'clock'>): Unwritten {
  const { question, verdict, operation, deviceObservedMs } = asked;
  const { index, credential, gate, scanId, observedMs, vehicleClass } = question;
  const { bundle } = index;
  const plate =
    credential.kind === 'PLATE'
      ? { cipher: sealPlate(bundle.sealKey, credential.sight.read.plate), ...credential.read }
      : null;
  const scan: Omit<LaneScan, 'seq'> = {
    ...{ scanId, ...identity, gateId: gate.id, operation, subjects: verdict.subjects, plate },
    ...{ observedAt: observedMs, deviceObservedAt: deviceObservedMs, clockSkewMs: Math.round(clock.skewMs()) },
    ...{ action: verdict.action, reason: verdict.reason, decidedBy: 'LANE' },
    stayId: verdict.stayId ?? null,
    reservationId: verdict.reservationId ?? null,
    ticketCode: verdict.ticketCode ?? null,
    spotType: verdict.spotType ?? null,
    vehicleClass,
    tariffId: verdict.tariffId ?? null,
    dueMinor: verdict.dueMinor ?? null,
    bundleVersion: bundle.version,
    flags: flagsOf(question, verdict),
    staffNote: null,
  };
  const stored: StoredAnswer = {
    decision: decisionOf(asked),
    gateId: gate.id,
    operation,
    credentialKey: credential.key,
  };
  return { scan, answer: JSON.stringify(stored), vehicles: verdict.seen ? [vehicleNote(verdict.seen)] : [] };
}

function flagsOf({ index, nowMs, isClockUnsure, alreadyOpened }: LaneQuestion, { flags }: LaneVerdict): LaneFlag[] {
  return [
    ...flags,
    ...(nowMs >= index.bundle.expiresAt ? (['BUNDLE_EXPIRED'] as const) : []),
    ...(isClockUnsure ? (['CLOCK_UNSURE'] as const) : []),
    ...(alreadyOpened ? (['ALREADY_OPENED'] as const) : []),
  ];
}

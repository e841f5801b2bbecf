import { admitEntry, type CredentialKind, type EntryDecision, type GateReason } from '../domain/admission.ts';
import { graceEndOf } from '../domain/entry-rules.ts';
import { addMinutes } from '../domain/period.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Platform } from '../platform/platform.ts';
import { withinMs } from '../platform/within-ms.ts';
import { judgeCorrection } from './correct-entry.ts';
import { decideScan, type Decided, type Judge, type ScanFacts, type Verdict } from './decide-scan.ts';
import { waitWhileHeld } from './hold-rights.ts';
import { lotKeys } from './index-keys.ts';
import { isPartitioned } from './lane-sync/agent-contact.ts';
import type { IndexedRight } from './index-records.ts';
import { meantByPlate } from './plate-match.ts';
import type { ReadRight } from './read-index.ts';
import { seatLateDriver } from './reinstate.ts';
import { answerTo, stayIdOf, type ScanInput, type ScanResult } from './scan.ts';
import { lotCheckFor, readScan } from './scanner.ts';
import { admitWalkIn } from './walk-in.ts';

/**
 * A vehicle wants in. With a right that is due it is answered from Redis alone; whoever has none gets a free spot as a walk-in, if
 * there is one. The decision is journalled, whatever it is; the same scan id gets the same answer.
 * A scan that supersedes an earlier one moves what that has led to (`judgeCorrection`). Nothing is thrown for what a vehicle may do: that
 * is data. Refuses with GATE_NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_KEY_REUSED, SCAN_NOT_CORRECTABLE.
 */
export async function checkIn(platform: Platform, input: ScanInput, viewer: Viewer | undefined): Promise<ScanResult> {
  const scan = readScan(platform, { operation: 'CHECK_IN', input, viewer });
  const judge: Judge = (_platform, facts) =>
    scan.supersedes === undefined ? judgeEntry(platform, facts) : judgeCorrection(platform, facts, judgeEntry);
  return decideScan(platform, { scan, judge, mayAsk: lotCheckFor(scan.lotId, viewer, 'IN') });
}

/** What an entry answers to whoever stands there; with `alreadyOpened` the vehicle is through. */
export async function judgeEntry(platform: Platform, facts: ScanFacts, admit = admitWalkIn): Promise<Verdict> {
  const plain = refusedAtSight(facts);
  if (plain === 'UNREADABLE' || plain === 'PASS_STALE') return asked(facts, plain);
  if (plain) return denied(facts, plain);
  const rights = meantRights(platform, facts);
  if (rights === 'AMBIGUOUS') return asked(facts, 'AMBIGUOUS');
  const { decision, at } = decideEntry(facts, rights);
  if (decision.action === 'OPEN') {
    const read = rights.find(({ right }) => right === decision.right);
    if (read?.right.moving) return waitWhileHeld(platform, read, facts.attempt);
    if (read) return opened(facts, { ...read, label: read.right.spotLabel, directions: read.right.directions }, at);
  }
  const isForGateAlone = decision.action === 'DENY' && knowsBest(decision, rights);
  if (facts.lookedUp === 'NO' && !isForGateAlone && isNamed(facts.scan)) return { verdict: 'LOOK_UP' };
  if (decision.action === 'WALK_IN') return admit(platform, facts);
  if (facts.lookedUp === 'AWAY' && decision.reason === 'UNKNOWN_CREDENTIAL') {
    return { ...asked(facts, 'SYSTEM_UNAVAILABLE'), unrecorded: true };
  }
  if (decision.action === 'DENY' && decision.reinstatable) {
    const read = rights.find(({ right }) => right === decision.right);
    if (read) return lateDriver(platform, facts, read);
  }
  if (
    decision.action === 'DENY' &&
    decision.reason === 'ALREADY_INSIDE' &&
    (await isPartitioned(platform, facts.scan))
  ) {
    // It may have left at a lane that could not tell us yet.
    const read = rights.find(({ right }) => right === decision.right);
    if (read) return opened(facts, { ...read, label: read.right.spotLabel, directions: read.right.directions }, at);
  }
  return denied(facts, decision.reason, decision.right);
}

/** The driver came after the no-show, and the lot takes late drivers back if there is room. */
async function lateDriver(platform: Platform, facts: ScanFacts, read: ReadRight): Promise<Decided> {
  const { lotId, reservationId } = read.right;
  try {
    const spot = await withinMs(SEATING_MS, seatLateDriver(platform, { lotId, reservationId }));
    if (spot === 'NO_SPOT') return denied(facts, 'NO_SHOW_RELEASED', read.right);
    if (spot !== 'NOT_YET') return opened(facts, { ...read, rightRaw: undefined, ...spot }, facts.scan.now.getTime());
  } catch (error) {
    platform.log.warn({ err: error, reservationId }, 'a late driver could not be seated');
  }
  return { ...asked(facts, 'SYSTEM_UNAVAILABLE'), unrecorded: true };
}

/** A pool on which a rush waits may take a moment. */
const SEATING_MS = 2000;

/** Where the vehicle is, the gate knows before PostgreSQL does. */
const GATE_KNOWS_BEST: ReadonlySet<GateReason> = new Set(['ALREADY_INSIDE', 'ALREADY_LEFT']);

/** Not where only the copied right says so: a vehicle that was never inside after all is checked in there until the copy is renewed. */
function knowsBest({ reason, right }: { reason: GateReason; right?: IndexedRight }, rights: readonly ReadRight[]) {
  const presence = rights.find((read) => read.right === right)?.presence;
  return GATE_KNOWS_BEST.has(reason) && (presence?.at === 'INSIDE' || presence?.at === 'LEFT');
}

/**
 * What is seen without looking anything up. Whoever cannot be read is asked first, for a pass, a code, the plate typed in: only a driver
 * who asks for a ticket is a walk-in. One who is through has nothing else.
 */
function refusedAtSight({ scan, gate, lot }: ScanFacts): GateReason | undefined {
  switch (scan.credential.kind) {
    case 'FORGED_PASS':
      return 'PASS_FORGED';
    case 'PASS_OF_ANOTHER_LOT':
      return 'PASS_OF_ANOTHER_LOT';
    case 'WRONG_CODE':
      return 'UNKNOWN_CREDENTIAL';
    case 'NO_PLATE':
      return 'UNREADABLE';
    default:
      if (gate.direction === 'EXIT') return 'WRONG_DIRECTION';
      if (!gate.inService) return 'LOT_CLOSED';
  }
  if (scan.alreadyOpened) return undefined;
  if (scan.credential.kind === 'UNREADABLE') return 'UNREADABLE';
  const isPicture = scan.credential.kind === 'PASS' && !scan.credential.isLive;
  return isPicture && lot.policy.livePass === true ? 'PASS_STALE' : undefined;
}

function meantRights(platform: Platform, { scan, reading, lot }: ScanFacts): readonly ReadRight[] | 'AMBIGUOUS' {
  if (scan.credential.kind !== 'PLATE') return reading.rights;
  const expected = reading.rights.map((read) => {
    const { plateIndex, plateCipher, plateCountry, paidMinor: stakeMinor } = read.right;
    const onlyExactly = !mayArrive(read, { at: scan.now, policy: lot.policy });
    return { ...read, plateIndex, plateCipher, plateCountry, stakeMinor, onlyExactly };
  });
  const { sight } = scan.credential;
  const { match, found } = meantByPlate(platform.plates, scan.lotId, {
    ...{ sight, expected },
    policy: lot.policy.plateMatching,
  });
  return match === 'AMBIGUOUS' ? 'AMBIGUOUS' : found;
}

/** Another's plate that looks like the one that was read counts only if it is expected: not inside, and due or due soon. */
function mayArrive(
  { right, presence }: ReadRight,
  { at, policy }: { at: Date; policy: ScanFacts['lot']['policy'] },
): boolean {
  const soonMinutes = Math.max(policy.earlyEntryMinutes, policy.usualStayMinutes);
  const isNear = addMinutes(at, soonMinutes).getTime() >= right.startsAt && at.getTime() < right.endsAt;
  return isNear && (presence.at === 'OUTSIDE' || presence.at === 'RELEASED');
}

interface EntryJudgement {
  readonly decision: EntryDecision<IndexedRight>;
  /** When the vehicle came in, if it does. */
  readonly at: number;
}

/**
 * A scan that is sent late is judged by the server's time first, and by the device's when that opens: the vehicle stood there then. Now,
 * a release that stands has happened, whatever the clocks of two servers say. Then, a driver who was seen within the grace was in time;
 * one who was seen after it was not, unless the barrier has let them in before the release.
 */
function decideEntry({ scan, lot }: ScanFacts, rights: readonly ReadRight[]): EntryJudgement {
  const credential: CredentialKind =
    scan.credential.kind === 'PASS' || scan.credential.kind === 'CODE' ? scan.credential.kind : 'PLATE';
  const question = { policy: lot.policy, lotId: scan.lotId, credential };
  const now = scan.now.getTime();
  const observed = scan.observedAt.getTime();
  const decision = admitEntry({ ...question, rights: releasedBy(() => now, rights), observedAt: scan.now });
  if (decision.action === 'OPEN' || observed >= now) return { decision, at: scan.alreadyOpened ? observed : now };
  const graceEnd = (right: IndexedRight) => graceEndOf(right, lot.policy);
  const rightsThen = scan.alreadyOpened ? rights : releasedBy(graceEnd, rights);
  const then = admitEntry({ ...question, rights: rightsThen, observedAt: scan.observedAt });
  return then.action === 'OPEN' ? { decision: then, at: observed } : { decision, at: now };
}

/** The rights with their releases not later than `limitMs` says. */
function releasedBy(limitMs: (right: IndexedRight) => number, rights: readonly ReadRight[]): readonly ReadRight[] {
  return rights.map((read) => {
    const { presence, right } = read;
    if (presence.at !== 'RELEASED') return read;
    return { ...read, presence: { ...presence, releasedAt: Math.min(presence.releasedAt, limitMs(right)) } };
  });
}

/** A right that opens, with where to park. Without `rightRaw` only the presence is compared: seating has changed the right itself. */
type Opening = Pick<ReadRight, 'right' | 'presenceRaw'> & {
  readonly rightRaw: string | undefined;
  readonly label: string;
  readonly directions: string | null;
};

function opened({ scan }: ScanFacts, read: Opening, at: number): Decided {
  const keys = lotKeys(scan.lotId);
  const { right } = read;
  const { reservationId } = right;
  const stayId = stayIdOf(scan.lotId, scan.scanId);
  const presence = JSON.stringify({ at: 'INSIDE', stayId, enteredAt: at });
  return {
    verdict: 'DECIDED',
    answer: answerTo(scan, {
      action: 'OPEN',
      reason: 'RESERVATION',
      stayId,
      reservationId,
      reservationCode: right.code,
      spotLabel: read.label,
      directions: read.directions,
    }),
    effect: { kind: 'ENTER', stayId, reservationId, at },
    changes: {
      watch: [
        ...(read.rightRaw === undefined ? [] : [[keys.right(reservationId), read.rightRaw] as const]),
        [keys.presence(reservationId), read.presenceRaw],
      ],
      set: [[keys.presence(reservationId), presence, 0]],
    },
  };
}

/** A pass, a code or a plate may stand for something that the index has not heard of; who gives none is asked nothing more. */
function isNamed({ credential }: ScanFacts['scan']): boolean {
  return credential.kind === 'PASS' || credential.kind === 'CODE' || credential.kind === 'PLATE';
}

function denied({ scan }: ScanFacts, reason: GateReason, right?: IndexedRight): Decided {
  const about = right ? { reservationId: right.reservationId, reservationCode: right.code } : {};
  return {
    verdict: 'DECIDED',
    answer: answerTo(scan, { action: 'DENY', reason, ...about }),
    effect: { kind: 'NONE' },
    changes: {},
  };
}

function asked({ scan }: ScanFacts, reason: GateReason): Decided {
  return {
    verdict: 'DECIDED',
    answer: answerTo(scan, { action: 'ASK', reason }),
    effect: { kind: 'NONE' },
    changes: {},
  };
}

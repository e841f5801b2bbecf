import { admitExit } from '../domain/admission.ts';
import { AT_THE_EXIT, nextStep, type ExitEvent, type ExitOpened, type ExitState } from '../domain/exit-ladder.ts';
import { formatMoney } from '../domain/money.ts';
import { isTerminal } from '../domain/reservation.ts';
import type { Viewer } from '../domain/viewer.ts';
import { cardsCannotPay } from '../payments/stripe.ts';
import type { Platform } from '../platform/platform.ts';
import { decideScan, type Decided, type ScanFacts, type Verdict } from './decide-scan.ts';
import { lotKeys } from './index-keys.ts';
import type { IndexedRight, IndexedStay, LotRecord } from './index-records.ts';
import { dueOfReserved, dueOfWalkIn } from './owed-at-exit.ts';
import { payAtExit } from './pay-at-exit.ts';
import { meantByPlate } from './plate-match.ts';
import { OVER_TTL_SECONDS } from './project-right.ts';
import type { ReadRight, ReadStay } from './read-index.ts';
import { answerTo, type ScanInput, type ScanResult } from './scan.ts';
import { lotCheckFor, readScan } from './scanner.ts';

/**
 * A vehicle wants out, and nobody is trapped: the exit ladder (`domain/exit-ladder`) is climbed, every rung of ours within its time. Prepaid, paid,
 * free or billed later it opens; a walk-in who owes something is charged if its driver lets exits do that, else asked to pay if it can pay
 * here and now. A vehicle that nobody knows, or only with a doubt, is let out and an incident is written. Answered from Redis alone for
 * whoever is known there. The same scan id gets the same answer. Refuses with GATE_NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_KEY_REUSED.
 */
export async function checkOut(platform: Platform, input: ScanInput, viewer: Viewer | undefined): Promise<ScanResult> {
  const scan = readScan(platform, { operation: 'CHECK_OUT', input, viewer });
  return decideScan(platform, { scan, judge: judgeExit, mayAsk: lotCheckFor(scan.lotId, viewer, 'OUT') });
}

/** Who stands at the exit: a vehicle inside with its right, a walk-in, or somebody who has just been let out and is read again. */
type Leaving =
  | {
      readonly who: 'RESERVED';
      readonly read: ReadRight;
      readonly stayId: string;
      readonly enteredAt: number;
      readonly isSure: boolean;
    }
  | { readonly who: 'WALK_IN'; readonly read: ReadStay; readonly isSure: boolean }
  | { readonly who: 'JUST_LEFT'; readonly right: IndexedRight }
  | { readonly who: 'UNKNOWN'; readonly right: IndexedRight | undefined };

const JUST_LEFT_MS = 10 * 60_000;

/** What an exit answers to whoever stands there; with `alreadyOpened` the visit ends and nobody is asked. */
export async function judgeExit(platform: Platform, facts: ScanFacts): Promise<Verdict> {
  const { scan, gate } = facts;
  if (gate.direction === 'ENTRY') return unchanged(facts, { action: 'DENY', reason: 'WRONG_DIRECTION' });
  const leaving = whoLeaves(platform, facts);
  switch (leaving.who) {
    case 'RESERVED':
      return reservedLeaves(platform, facts, leaving);
    case 'WALK_IN':
      return walkInLeaves(platform, facts, leaving);
    case 'JUST_LEFT':
      return unchanged(facts, {
        action: 'OPEN',
        reason: 'STAY_PREPAID',
        reservationId: leaving.right.reservationId,
        reservationCode: leaving.right.code,
      });
    case 'UNKNOWN': {
      const isReadable =
        scan.credential.kind === 'PASS' || scan.credential.kind === 'CODE' || scan.credential.kind === 'PLATE';
      if (facts.lookedUp === 'NO' && isReadable) return { verdict: 'LOOK_UP' };
      const about = leaving.right && {
        reservationId: leaving.right.reservationId,
        reservationCode: leaving.right.code,
      };
      return stays(facts, nextStep(AT_THE_EXIT, { event: 'UNKNOWN' }), about);
    }
  }
}

/** Who may be meant here: another's plate that looks like the one that was read counts only if it is inside, or was a moment ago. */
function expectedAtExit({ scan, reading }: ScanFacts) {
  const mayLeave = ({ presence }: ReadRight): boolean =>
    presence.at === 'INSIDE' || (presence.at === 'LEFT' && scan.now.getTime() - presence.leftAt <= JUST_LEFT_MS);
  return [
    ...reading.rights.map((read) => {
      const { plateIndex, plateCipher, plateCountry, paidMinor: stakeMinor } = read.right;
      return { read, plateIndex, plateCipher, plateCountry, stakeMinor, onlyExactly: !mayLeave(read) };
    }),
    ...reading.stays.map((read) => {
      const { plateIndex, plateCipher, leftAt } = read.stay;
      return { read, plateIndex, plateCipher, onlyExactly: leftAt !== undefined };
    }),
  ];
}

function whoLeaves(platform: Platform, facts: ScanFacts): Leaving {
  const { scan, lot } = facts;
  const expected = expectedAtExit(facts);
  const { credential, lotId } = scan;
  const policy = lot.policy.plateMatching;
  const { match, found } =
    credential.kind === 'PLATE'
      ? meantByPlate(platform.plates, lotId, { sight: credential.sight, expected, policy })
      : ({ match: 'EXACT', found: expected } as const);
  const isSure = match === 'EXACT';
  let justLeft: IndexedRight | undefined;
  let known: IndexedRight | undefined;
  for (const { read } of found) {
    if ('stay' in read) {
      if (read.stay.leftAt === undefined) return { who: 'WALK_IN', read, isSure };
      continue;
    }
    const { presence, right } = read;
    if (presence.at === 'INSIDE')
      return { who: 'RESERVED', read, stayId: presence.stayId, enteredAt: presence.enteredAt, isSure };
    if (presence.at === 'LEFT' && scan.now.getTime() - presence.leftAt <= JUST_LEFT_MS) justLeft = right;
    known = right;
  }
  return justLeft ? { who: 'JUST_LEFT', right: justLeft } : { who: 'UNKNOWN', right: known };
}

async function reservedLeaves(
  platform: Platform,
  facts: ScanFacts,
  leaving: Extract<Leaving, { who: 'RESERVED' }>,
): Promise<Decided> {
  const { scan } = facts;
  const { stayId, enteredAt, isSure } = leaving;
  const { right, presenceRaw } = leaving.read;
  const { exitGraceMinutes, reservationId, spotType } = right;
  const dueMinor = await dueOfReserved(platform, facts, { right, enteredAt });
  const stay = { stayId, kind: 'RESERVED' as const, enteredAt, right, dueMinor: dueMinor ?? 0 };
  const decision = admitExit({ stay, policy: { exitGraceMinutes }, observedAt: scan.observedAt });
  const mayAsk = decision.dueMinor > 0 && !isSure;
  const state = nextStep(
    AT_THE_EXIT,
    dueMinor === undefined
      ? { event: 'UNPRICED' }
      : {
          ...{ event: 'FOUND', decision, isSure, hasPassed: scan.alreadyOpened, mayChargeCard: false },
          canPayHere: mayAsk && (await canPayHere(platform, facts)),
        },
  );
  if (state.step !== 'OPENED' || state.record === 'INCIDENT') return stays(facts, state);
  const at = scan.observedAt.getTime();
  const keys = lotKeys(scan.lotId);
  const presence = JSON.stringify({ at: 'LEFT', stayId, leftAt: at });
  const about = { stayId, reservationId, reservationCode: right.code, spotLabel: right.spotLabel };
  return {
    verdict: 'DECIDED',
    answer: answerTo(scan, { ...outcomeOf(state, facts.lot.currency), ...about }),
    effect: { kind: 'LEAVE', stayId, reservationId, spotType, at, billedMinor: state.dueMinor ?? 0 },
    changes: {
      // Not the right: an exit holds whatever has become of the reservation since.
      watch: [[keys.presence(reservationId), presenceRaw]],
      ...gone(scan.lotId, leaving.read, presence),
    },
  };
}

/** A reservation that ended while its vehicle was inside was kept for the exit alone. */
function gone(lotId: string, { right, rightRaw }: ReadRight, presence: string) {
  const { reservationId, plateSkeletonIndex } = right;
  const keys = lotKeys(lotId);
  if (!isTerminal(right.state)) return { set: [[keys.presence(reservationId), presence, 0] as const] };
  return {
    set: [
      [keys.presence(reservationId), presence, OVER_TTL_SECONDS] as const,
      [keys.right(reservationId), rightRaw, OVER_TTL_SECONDS] as const,
    ],
    remove: [[keys.plate(plateSkeletonIndex), `r:${reservationId}`] as const],
  };
}

async function walkInLeaves(
  platform: Platform,
  facts: ScanFacts,
  leaving: Extract<Leaving, { who: 'WALK_IN' }>,
): Promise<Verdict> {
  const { scan } = facts;
  const { stay, raw } = leaving.read;
  const { stayId, spotLabel, spotType, currency } = stay;
  const found = await walkInFound(platform, facts, leaving);
  if (found === 'LOOK_UP') return { verdict: 'LOOK_UP' };
  const charged = await climb(platform, facts, { stay, state: nextStep(AT_THE_EXIT, found) });
  if (charged === 'PAID') return { verdict: 'AGAIN' };
  const { state, payerDriverId } = charged;
  if (state.step !== 'OPENED' || state.record === 'INCIDENT')
    return stays(facts, state, state.step === 'WAIT_FOR_PERSON' && leaving.isSure ? { stayId, spotLabel } : {});
  const at = scan.observedAt.getTime();
  const payer = state.record === 'DEBT' && payerDriverId !== undefined ? { payerDriverId } : {};
  const billed = { billedMinor: state.dueMinor ?? 0, ...(state.dueMinor === null && { unpriced: true as const }) };
  return {
    verdict: 'DECIDED',
    answer: answerTo(scan, { ...outcomeOf(state, currency), stayId, spotLabel }),
    effect: { kind: 'LEAVE', stayId, reservationId: null, spotType, at, ...billed, ...payer },
    changes: closedStay(scan.lotId, { stay, raw, at }),
  };
}

async function walkInFound(
  platform: Platform,
  facts: ScanFacts,
  { read: { stay }, isSure }: Extract<Leaving, { who: 'WALK_IN' }>,
): Promise<ExitEvent | 'LOOK_UP'> {
  const { scan, lookedUp } = facts;
  const { stayId, paidUntil, enteredAt } = stay;
  const { dueMinor, graceMinutes } = await dueOfWalkIn(platform, facts, stay);
  if (dueMinor === undefined) return { event: 'UNPRICED' };
  const walkIn = {
    ...{ stayId, enteredAt, dueMinor },
    kind: 'WALK_IN' as const,
    ...(paidUntil !== null && { paidUntil }),
  };
  const decision = admitExit({ stay: walkIn, policy: { exitGraceMinutes: graceMinutes }, observedAt: scan.observedAt });
  const asks = decision.action === 'ASK' && !scan.alreadyOpened;
  // It may have been paid a moment ago.
  if (asks && lookedUp === 'NO') return 'LOOK_UP';
  return {
    ...{ event: 'FOUND', decision, isSure, hasPassed: scan.alreadyOpened },
    mayChargeCard: lookedUp === 'YES' && stay.plateCipher !== null,
    canPayHere: asks && (await canPayHere(platform, facts)),
  };
}

/** Whoever owes can pay here and now: what they pay is taken by PostgreSQL and the payment provider. */
async function canPayHere(platform: Platform, { lookedUp }: ScanFacts): Promise<boolean> {
  return lookedUp !== 'AWAY' && !(await cardsCannotPay(platform));
}

interface Climbed {
  readonly state: ExitState;
  /** Who is asked for it later, where an account lets exits charge for this vehicle. */
  readonly payerDriverId?: string | undefined;
}

async function climb(
  platform: Platform,
  { scan, within }: ScanFacts,
  { stay, state }: { stay: IndexedStay; state: ExitState },
): Promise<Climbed | 'PAID'> {
  if (state.step !== 'CHARGE_CARD') return { state };
  const { lotId, scanId, observedAt } = scan;
  const { stayId, plateCipher, currency } = stay;
  const { dueMinor, canPayHere: isProviderUp } = state;
  const leaving = { lotId, stayId, scanId, observedAt, plateCipher, dueMinor, currency };
  const { event, payerDriverId } = await payAtExit(platform, leaving, { within, isProviderUp });
  return event === 'PAID' ? 'PAID' : { state: nextStep(state, { event }), payerDriverId };
}

const LEFT_TTL_SECONDS = 3600;

/** What keeps a stay that has left from coming back: its record stays for an hour, its names go. */
/** How a walk-in's records in the index change when its visit ends. */
export function closedStay(lotId: string, { stay, raw, at }: { stay: IndexedStay; raw: string; at: number }) {
  const keys = lotKeys(lotId);
  const left: IndexedStay = { ...stay, leftAt: at };
  return {
    watch: [[keys.stay(stay.stayId), raw] as const],
    set: [[keys.stay(stay.stayId), JSON.stringify(left), LEFT_TTL_SECONDS] as const],
    del: [keys.code(stay.code), ...(stay.plateIndex === null ? [] : [keys.inside(stay.plateIndex)])],
    remove:
      stay.plateSkeletonIndex === null ? [] : [[keys.plate(stay.plateSkeletonIndex), `s:${stay.stayId}`] as const],
    ...(stay.spotLabel === null && { vacate: { key: keys.unseated(stay.spotType), stayId: stay.stayId } }),
  };
}

type About = Partial<
  Pick<Parameters<typeof answerTo>[1], 'stayId' | 'spotLabel' | 'reservationId' | 'reservationCode'>
>;

/** The end of the ladder for whom no stay is ended: a person is waited for, or has to look at it. */
function stays(facts: ScanFacts, state: ExitState, about: About = {}): Decided {
  if (state.step === 'WAIT_FOR_PERSON') {
    const { reason, dueMinor } = state;
    // What somebody else owes is shown to nobody.
    const due = reason === 'PAYMENT_DUE' ? { dueMinor, currency: facts.lot.currency } : {};
    return unchanged(facts, { action: 'ASK', reason, ...due, ...about });
  }
  if (state.step !== 'OPENED') throw new Error('an exit ended in the middle of its ladder');
  const open = unchanged(facts, { ...outcomeOf(state, facts.lot.currency), ...about });
  const { incident } = state;
  return incident === undefined ? open : { ...open, incident: { kind: incident, note: lostCredentialNote(facts.lot) } };
}

/** What a person may ask of a driver whose entry nobody knows (question 15). */
function lostCredentialNote({ tariff, currency }: LotRecord): string | null {
  const { lostCredentialMinor: amountMinor } = tariff;
  if (amountMinor === undefined) return null;
  return `The tariff asks ${formatMoney({ amountMinor, currency }, 'en')} for a stay whose entry is unknown.`;
}

function unchanged({ scan }: ScanFacts, decision: Parameters<typeof answerTo>[1]): Decided {
  return { verdict: 'DECIDED', answer: answerTo(scan, decision), effect: { kind: 'NONE' }, changes: {} };
}

function outcomeOf({ reason, record, dueMinor }: ExitOpened, currency: string) {
  const due = record === 'DEBT' && dueMinor !== null && dueMinor > 0 ? { dueMinor, currency } : {};
  return { action: 'OPEN' as const, reason, ...due };
}

import { admitExit, type ExitDecision } from '../domain/admission.ts';
import { concededTerms, promisedConcessions } from '../domain/concessions.ts';
import { formatMoney } from '../domain/money.ts';
import { earlierOf, laterOf } from '../domain/period.ts';
import { settleReservedStay, standingOf } from '../domain/settle-stay.ts';
import { validatedSettlement } from '../domain/validated-settlement.ts';
import type { Viewer } from '../domain/viewer.ts';
import { exitGraceMinutes } from '../domain/tariff/engine.ts';
import { cardsCannotPay } from '../payments/stripe.ts';
import type { Platform } from '../platform/platform.ts';
import { decideScan, type Decided, type ScanFacts, type Verdict } from './decide-scan.ts';
import { lotKeys } from './index-keys.ts';
import type { IndexedRight, IndexedStay, LotRecord } from './index-records.ts';
import { matchPlate } from './plate-match.ts';
import type { ReadRight, ReadStay } from './read-index.ts';
import { answerTo, type ScanInput, type ScanResult } from './scan.ts';
import { payAtExit, payLater, type AtExit } from './pay-at-exit.ts';
import { lotCheckFor, readScan } from './scanner.ts';
import { walkInDue } from './stay-due.ts';
import { tariffOf } from './tariffs.ts';

/**
 * A vehicle wants out, and nobody is trapped: prepaid, paid, free or billed later it opens; only a walk-in who owes something is asked
 * to pay, with the amount: unless its driver lets the exit charge their card, or the payment provider is away and nobody could pay. A vehicle that nobody knows is let out and an incident is written. Answered from Redis alone for whoever is
 * known there. The same scan id gets the same answer. Refuses with GATE_NOT_FOUND, INVALID_INPUT, IDEMPOTENCY_KEY_REUSED.
 */
export async function checkOut(platform: Platform, input: ScanInput, viewer: Viewer | undefined): Promise<ScanResult> {
  const scan = readScan(platform, { operation: 'CHECK_OUT', input, viewer });
  return decideScan(platform, { scan, judge: judgeExit, mayAsk: lotCheckFor(scan.lotId, viewer) });
}

/** Who stands at the exit: a vehicle inside with its right, a walk-in, or somebody who has just been let out and is read again. */
type Leaving =
  | { readonly who: 'RESERVED'; readonly read: ReadRight; readonly stayId: string; readonly enteredAt: number }
  | { readonly who: 'WALK_IN'; readonly read: ReadStay; readonly isSure: boolean }
  | { readonly who: 'JUST_LEFT'; readonly right: IndexedRight }
  | { readonly who: 'UNKNOWN'; readonly right: IndexedRight | undefined };

const JUST_LEFT_MS = 10 * 60_000;

async function judgeExit(platform: Platform, facts: ScanFacts): Promise<Verdict> {
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
      return unknownLeaves(facts, leaving.right);
    }
  }
}

function whoLeaves(platform: Platform, { scan, reading }: ScanFacts): Leaving {
  const expected = [
    ...reading.rights.map((read) => ({ read, plateIndex: read.right.plateIndex, plateCipher: read.right.plateCipher })),
    ...reading.stays.map((read) => ({ read, plateIndex: read.stay.plateIndex, plateCipher: read.stay.plateCipher })),
  ];
  const { credential, lotId } = scan;
  const isPlate = credential.kind === 'PLATE';
  const { match, found } = isPlate
    ? matchPlate(platform.plates, lotId, { plates: credential.plates, expected })
    : ({ match: 'EXACT', found: expected } as const);
  let justLeft: IndexedRight | undefined;
  let known: IndexedRight | undefined;
  for (const { read } of found) {
    if ('stay' in read) {
      if (read.stay.leftAt === undefined) return { who: 'WALK_IN', read, isSure: match === 'EXACT' };
      continue;
    }
    const { presence, right } = read;
    if (presence.at === 'INSIDE')
      return { who: 'RESERVED', read, stayId: presence.stayId, enteredAt: presence.enteredAt };
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
  const { scan, lot } = facts;
  const { right } = leaving.read;
  const { stayId, enteredAt } = leaving;
  const { exitGraceMinutes } = right;
  const dueMinor = await dueOfReserved(platform, facts, { right, enteredAt });
  const stay = { stayId, kind: 'RESERVED' as const, enteredAt, right, dueMinor };
  const decision = admitExit({ stay, policy: { exitGraceMinutes }, observedAt: scan.observedAt });
  const keys = lotKeys(scan.lotId);
  const at = scan.observedAt.getTime();
  const presence = JSON.stringify({ at: 'LEFT', stayId, leftAt: at });
  return {
    verdict: 'DECIDED',
    answer: answerTo(scan, {
      ...outcomeOf(decision, lot.currency),
      stayId,
      reservationId: right.reservationId,
      reservationCode: right.code,
      spotLabel: right.spotLabel,
    }),
    effect: {
      kind: 'LEAVE',
      stayId,
      reservationId: right.reservationId,
      spotType: right.spotType,
      at,
      billedMinor: decision.dueMinor,
    },
    changes: {
      // Not the right: an exit holds whatever has become of the reservation since.
      watch: [[keys.presence(right.reservationId), leaving.read.presenceRaw]],
      set: [[keys.presence(right.reservationId), presence, 0]],
    },
  };
}

async function dueOfReserved(
  platform: Platform,
  { scan, lot }: ScanFacts,
  { right, enteredAt }: { right: IndexedRight; enteredAt: number },
): Promise<number> {
  const leftAt = scan.observedAt;
  if (standingOf(right) === 'PROMISED' && leftAt.getTime() <= right.endsAt) return 0;
  const tariff = await tariffOf(platform, { lotId: scan.lotId, tariffId: right.tariffId, lot });
  // Without its tariff the bill waits for the journal's reader, who has the row.
  if (tariff === undefined) return 0;
  // So it does where the version of the entry prices it and is not at hand.
  if (tariff.versionAt === 'ENTRY' && lot.tariffId !== right.tariffId) return 0;
  const { state, reinstatement, paidMinor, pricedSpotType: spotType, multiplierPercent, exitGraceMinutes } = right;
  const { concessions, vehicleClass } = right;
  const entered = new Date(enteredAt);
  const period = { startsAt: new Date(right.startsAt), endsAt: new Date(right.endsAt) };
  const whole = { startsAt: earlierOf(period.startsAt, entered), endsAt: laterOf(period.endsAt, leftAt) };
  const asked = {
    ...concededTerms(promisedConcessions(concessions), { period: whole, timeZone: lot.timeZone }),
    ...{ state, reinstatement, paidMinor, spotType, vehicleClass, multiplierPercent, tariff, leftAt },
    timeZone: lot.timeZone,
    policy: { exitGraceMinutes },
    earlyDeparture: reinstatement?.earlyDeparture ?? NOTHING_BACK,
    unpromisedTariff: tariff.versionAt === 'EXIT' ? lot.tariff : undefined,
    period,
    enteredAt: entered,
  };
  return validatedSettlement(asked, settleReservedStay(asked), concessions).dueMinor;
}

/** A right that was not taken back is asked only what it owes. */
const NOTHING_BACK = { refundPercent: 0, minimumChargeMinutes: 0 };

async function walkInLeaves(
  platform: Platform,
  facts: ScanFacts,
  leaving: Extract<Leaving, { who: 'WALK_IN' }>,
): Promise<Verdict> {
  const { scan } = facts;
  const { stay, raw } = leaving.read;
  const { stayId, paidUntil, enteredAt } = stay;
  const { dueMinor, graceMinutes } = await asksOfWalkIn(platform, facts, stay);
  const walkIn = {
    stayId,
    kind: 'WALK_IN' as const,
    enteredAt,
    dueMinor,
    ...(paidUntil === null ? {} : { paidUntil }),
  };
  const policy = { exitGraceMinutes: graceMinutes };
  const decision = admitExit({ stay: walkIn, policy, observedAt: scan.observedAt });
  let atExit: AtExit = { money: 'LATER' };
  if (decision.action === 'ASK' && !scan.alreadyOpened) {
    // It may have been paid a moment ago.
    if (facts.lookedUp === 'NO') return { verdict: 'LOOK_UP' };
    // Nobody is charged on a plate that only looks like theirs, nor shown what somebody else owes.
    if (!leaving.isSure) return unchanged(facts, { action: 'ASK', reason: 'AMBIGUOUS' });
    atExit = await takeAtExit(platform, facts, { stay, dueMinor });
    if (atExit.money === 'PAID') return { verdict: 'AGAIN' };
    if (atExit.money === 'NO')
      return unchanged(facts, { ...outcomeOf(decision, stay.currency), stayId, spotLabel: stay.spotLabel });
  }
  const outcome =
    decision.action === 'ASK'
      ? ({ action: 'OPEN', reason: 'BILLED_LATER', dueMinor, currency: stay.currency } as const)
      : outcomeOf(decision, stay.currency);
  const at = scan.observedAt.getTime();
  const { spotType } = stay;
  const payer = atExit.money === 'LATER' && atExit.payerDriverId !== undefined ? atExit : undefined;
  const billed = { billedMinor: outcome.dueMinor ?? 0, ...(payer && { payerDriverId: payer.payerDriverId }) };
  return {
    verdict: 'DECIDED',
    answer: answerTo(scan, { ...outcome, stayId, spotLabel: stay.spotLabel }),
    effect: { kind: 'LEAVE', stayId, reservationId: null, spotType, at, ...billed },
    changes: closedStay(scan.lotId, { stay, raw, at }),
  };
}

/** LATER: nobody is kept for money that nobody can take here and now. */
async function takeAtExit(
  platform: Platform,
  { scan, lookedUp }: ScanFacts,
  { stay, dueMinor }: { stay: IndexedStay; dueMinor: number },
): Promise<AtExit> {
  const nobodyCanPay = await cardsCannotPay(platform);
  if (lookedUp === 'AWAY') return { money: nobodyCanPay ? 'LATER' : 'NO' };
  const { lotId, scanId, observedAt } = scan;
  const { stayId, plateCipher, currency } = stay;
  const leaving = { lotId, stayId, scanId, observedAt, plateCipher, dueMinor, currency };
  return nobodyCanPay ? payLater(platform, leaving) : payAtExit(platform, leaving);
}

const LEFT_TTL_SECONDS = 3600;

/** What keeps a stay that has left from coming back: its record stays for an hour, its names go. */
function closedStay(lotId: string, { stay, raw, at }: { stay: IndexedStay; raw: string; at: number }) {
  const keys = lotKeys(lotId);
  const left: IndexedStay = { ...stay, leftAt: at };
  return {
    watch: [[keys.stay(stay.stayId), raw] as const],
    set: [[keys.stay(stay.stayId), JSON.stringify(left), LEFT_TTL_SECONDS] as const],
    del: [keys.code(stay.code), ...(stay.plateIndex === null ? [] : [keys.inside(stay.plateIndex)])],
    remove:
      stay.plateSkeletonIndex === null ? [] : [[keys.plate(stay.plateSkeletonIndex), `s:${stay.stayId}`] as const],
  };
}

/** What a walk-in owes when it stands at the exit, and how long it had from where it paid to there. */
async function asksOfWalkIn(
  platform: Platform,
  { scan, lot }: ScanFacts,
  stay: IndexedStay,
): Promise<{ dueMinor: number; graceMinutes: number }> {
  const { exitGraceMinutes: policyMinutes } = lot.policy;
  const tariff = await tariffOf(platform, { lotId: scan.lotId, tariffId: stay.tariffId, lot });
  if (tariff === undefined) return { dueMinor: 0, graceMinutes: policyMinutes };
  const pricedBy = tariff.versionAt === 'EXIT' ? lot.tariff : tariff;
  const dueMinor = walkInDue(
    { ...stay, enteredAt: new Date(stay.enteredAt) },
    { now: scan.observedAt, tariff: pricedBy, timeZone: lot.timeZone },
  );
  return { dueMinor, graceMinutes: exitGraceMinutes(pricedBy, policyMinutes, stay.payPoint) };
}

function unknownLeaves(facts: ScanFacts, right: IndexedRight | undefined): Decided {
  const { policy } = facts.lot;
  const decision = admitExit({ stay: undefined, policy, observedAt: facts.scan.observedAt });
  const about = right ? { reservationId: right.reservationId, reservationCode: right.code } : {};
  const open = unchanged(facts, { ...outcomeOf(decision, facts.lot.currency), ...about });
  return decision.action === 'OPEN' && decision.incident !== undefined
    ? { ...open, incident: { kind: decision.incident, note: lostCredentialNote(facts.lot) } }
    : open;
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

function outcomeOf({ action, reason, dueMinor }: ExitDecision, currency: string) {
  return { action, reason, ...(dueMinor > 0 ? { dueMinor, currency } : {}) };
}

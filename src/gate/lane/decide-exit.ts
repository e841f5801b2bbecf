import { admitExit } from '../../domain/admission.ts';
import { AT_THE_EXIT, nextStep, type ExitEvent } from '../../domain/exit-ladder.ts';
import type { BundleRight, BundleStay } from '../../domain/lane-bundle.ts';
import type { LaneFlag, SubjectKey } from '../../domain/lane-scan.ts';
import { isWithinPromise, reservedDue } from '../../domain/reserved-due.ts';
import { exitGraceMinutes } from '../../domain/tariff/engine.ts';
import { walkInDue } from '../stay-due.ts';
import { meantBy, type Meant } from './expected-here.ts';
import {
  isExpired,
  subjectsOfCredential,
  subjectsOfRight,
  subjectsOfStay,
  type LaneQuestion,
  type LaneVerdict,
} from './lane-verdict.ts';
import type { Seen } from './whereabouts.ts';

/** A vehicle that was let out so short a time ago and is read again is the same passage. */
const JUST_LEFT_MS = 10 * 60_000;

/** Who stands at the exit. */
type Leaving =
  | { readonly who: 'RESERVED'; readonly right: BundleRight; readonly stayId: string; readonly enteredAt: number }
  | { readonly who: 'ON_SIGNATURE'; readonly reservationId: string; readonly stayId: string }
  | { readonly who: 'WALK_IN'; readonly stay: BundleStay }
  | { readonly who: 'UNKNOWN' };

/**
 * Decides an exit alone; it never keeps one closed. Nobody can pay while the cloud is away, so whoever owes something is let out and
 * billed later; an expired bundle or a clock that is in doubt prices nothing. A plate that only looks like another's never makes that one
 * pay: its stay stays open for a person to look at.
 */
export function decideExitAlone(question: LaneQuestion): LaneVerdict {
  const { gate, credential } = question;
  if (gate.direction === 'ENTRY')
    return { action: 'DENY', reason: 'WRONG_DIRECTION', subjects: subjectsOfCredential(credential), flags: [] };
  const { whereabouts, partition } = question;
  const isInside = (right: BundleRight) =>
    whereabouts.presenceOf(right.reservationId, right, partition).presence.at === 'INSIDE';
  // Whoever looks like somebody else is let out in any case, and charged nothing: so nothing is at stake.
  const meant = meantBy(question, {
    isExpected: (one) => one.kind === 'STAY' || isInside(one.right),
    stakeMinorOf: () => 0,
  });
  const justLeft = meant.match === 'AMBIGUOUS' ? undefined : leftAMomentAgo(question, meant);
  if (justLeft !== undefined) return justLeft;
  const leaving = whoLeaves(question, meant);
  const isSure = meant.match === 'EXACT' || meant.match === 'NONE';
  const event = exitEvent(question, leaving, isSure);
  const end = nextStep(AT_THE_EXIT, event);
  // Nobody can pay here, so the ladder never waits for a person.
  const reason = end.step === 'OPENED' ? end.reason : 'BILLED_LATER';
  const isInDoubt = end.step !== 'OPENED' || end.record === 'INCIDENT';
  const about = isInDoubt ? undefined : aboutLeaving(question, leaving);
  const subjects = about?.subjects ?? subjectsOfCredential(credential);
  const flags: LaneFlag[] = isSure ? [] : ['CONFUSED_PLATE'];
  const due = end.step === 'OPENED' && end.dueMinor !== null && end.dueMinor > 0 ? { dueMinor: end.dueMinor } : {};
  return { action: 'OPEN', reason, ...about, ...due, subjects, flags };
}

function whoLeaves(question: LaneQuestion, meant: Meant): Leaving {
  if (meant.match === 'AMBIGUOUS') return { who: 'UNKNOWN' };
  const { whereabouts, partition, credential } = question;
  for (const right of meant.rights) {
    const { presence } = whereabouts.presenceOf(right.reservationId, right, partition);
    if (presence.at === 'INSIDE')
      return { who: 'RESERVED', right, stayId: presence.stayId, enteredAt: presence.enteredAt };
  }
  const [stay] = meant.stays;
  if (stay !== undefined) return { who: 'WALK_IN', stay };
  if (credential.kind !== 'PASS') return { who: 'UNKNOWN' };
  const { reservationId } = credential.pass;
  const { presence } = whereabouts.presenceOf(reservationId, undefined, partition);
  return presence.at === 'INSIDE'
    ? { who: 'ON_SIGNATURE', reservationId, stayId: presence.stayId }
    : { who: 'UNKNOWN' };
}

function exitEvent(question: LaneQuestion, leaving: Leaving, isSure: boolean): ExitEvent {
  const { observedMs, index, alreadyOpened: hasPassed } = question;
  if (leaving.who === 'UNKNOWN') return { event: 'UNKNOWN' };
  // It entered on its signature alone: what it promised was the period in it, the rest is the cloud's.
  if (leaving.who === 'ON_SIGNATURE') return { event: 'UNPRICED' };
  const asked = leaving.who === 'RESERVED' ? reservedAtExit(question, leaving) : walkInAtExit(question, leaving.stay);
  if (asked.dueMinor === undefined) return { event: 'UNPRICED' };
  const { graceMinutes, ...stay } = asked;
  const policy = { exitGraceMinutes: graceMinutes ?? index.bundle.lot.policy.exitGraceMinutes };
  const decision = admitExit({
    stay: { ...stay, dueMinor: asked.dueMinor },
    policy,
    observedAt: new Date(observedMs),
  });
  return { event: 'FOUND', decision, isSure, hasPassed, mayChargeCard: false, canPayHere: false };
}

function mayPrice(question: LaneQuestion): boolean {
  return !isExpired(question) && !question.isClockUnsure;
}

function reservedAtExit(question: LaneQuestion, leaving: Extract<Leaving, { who: 'RESERVED' }>) {
  const { right, stayId, enteredAt } = leaving;
  const stay = { stayId, kind: 'RESERVED' as const, enteredAt, right, graceMinutes: right.exitGraceMinutes };
  return { ...stay, dueMinor: dueOfReserved(question, right, enteredAt) };
}

/** Undefined: the cloud has to price it. */
function dueOfReserved(question: LaneQuestion, right: BundleRight, enteredAt: number): number | undefined {
  const { tariffs, lot } = question.index.bundle;
  const leftAt = new Date(question.observedMs);
  if (isWithinPromise(right, leftAt) && !question.isClockUnsure) return 0;
  const [tariff, currentTariff] = [tariffs[right.tariffId], tariffs[lot.tariffId]];
  if (!mayPrice(question) || tariff === undefined || currentTariff === undefined) return undefined;
  if (tariff.versionAt === 'ENTRY' && lot.tariffId !== right.tariffId) return undefined;
  const { timeZone } = lot;
  return reservedDue({ right, enteredAt: new Date(enteredAt), leftAt, timeZone, tariff, currentTariff });
}

function walkInAtExit(question: LaneQuestion, stay: BundleStay) {
  const { tariffs, lot } = question.index.bundle;
  const { stayId, enteredAt, paidUntil } = stay;
  const common = { stayId, kind: 'WALK_IN' as const, enteredAt, ...(paidUntil === null ? {} : { paidUntil }) };
  const promised = tariffs[stay.tariffId];
  const tariff = promised?.versionAt === 'EXIT' ? tariffs[lot.tariffId] : promised;
  if (!mayPrice(question) || tariff === undefined) return { ...common, dueMinor: undefined, graceMinutes: undefined };
  const now = new Date(question.observedMs);
  const dueMinor = walkInDue({ ...stay, enteredAt: new Date(enteredAt) }, { now, tariff, timeZone: lot.timeZone });
  return { ...common, dueMinor, graceMinutes: exitGraceMinutes(tariff, lot.policy.exitGraceMinutes, stay.payPoint) };
}

interface About {
  readonly subjects: readonly SubjectKey[];
  readonly stayId: string;
  readonly seen: Seen;
}

/** Whose visit ends here, and that it has. */
function aboutLeaving(question: LaneQuestion, leaving: Leaving): (About & Partial<LaneVerdict>) | undefined {
  const { observedMs: instant, credential } = question;
  switch (leaving.who) {
    case 'RESERVED': {
      const { right, stayId } = leaving;
      const { reservationId, spotType, tariffId } = right;
      const seen = { kind: 'RIGHT', reservationId, at: 'LEFT', stayId, instant } as const;
      return { right, reservationId, stayId, spotType, tariffId, subjects: subjectsOfRight(right, credential), seen };
    }
    case 'ON_SIGNATURE': {
      const { reservationId, stayId } = leaving;
      const seen = { kind: 'RIGHT', reservationId, at: 'LEFT', stayId, instant } as const;
      return { reservationId, stayId, subjects: [`r:${reservationId}`], seen };
    }
    case 'WALK_IN': {
      const { stay } = leaving;
      const { stayId, spotType, tariffId, code: ticketCode } = stay;
      const seen = { kind: 'STAY', stay, leftAt: instant, instant } as const;
      return { stay, stayId, ticketCode, spotType, tariffId, subjects: subjectsOfStay(stay), seen };
    }
    case 'UNKNOWN':
      return undefined;
  }
}

/** It is being let out already: the barrier opens again for the same visit. */
function leftAMomentAgo(
  question: LaneQuestion,
  meant: Exclude<Meant, { match: 'AMBIGUOUS' }>,
): LaneVerdict | undefined {
  const { whereabouts, partition, credential, observedMs } = question;
  const sinceMs = observedMs - JUST_LEFT_MS;
  for (const right of meant.rights) {
    const { presence } = whereabouts.presenceOf(right.reservationId, right, partition);
    if (presence.at !== 'LEFT' || presence.leftAt < sinceMs) continue;
    const { reservationId, spotType } = right;
    const about = { right, reservationId, stayId: presence.stayId, spotType };
    return {
      action: 'OPEN',
      reason: 'STAY_PREPAID',
      ...about,
      subjects: subjectsOfRight(right, credential),
      flags: [],
    };
  }
  if (meant.rights.length + meant.stays.length > 0) return undefined;
  const stayIds = credential.kind === 'PLATE' ? whereabouts.stayIdsOfPlate(credential.read.index) : codeStays(question);
  const stay = stayIds.map((stayId) => whereabouts.stayLeft(stayId, sinceMs)).find((left) => left !== undefined);
  if (stay === undefined) return undefined;
  const { stayId, spotType, code: ticketCode } = stay;
  const about = { stay, stayId, ticketCode, spotType };
  return { action: 'OPEN', reason: 'BILLED_LATER', ...about, subjects: subjectsOfStay(stay), flags: [] };
}

function codeStays({ credential, whereabouts }: LaneQuestion): readonly string[] {
  const stayId = credential.kind === 'CODE' ? whereabouts.stayIdOfCode(credential.code) : undefined;
  return stayId === undefined ? [] : [stayId];
}

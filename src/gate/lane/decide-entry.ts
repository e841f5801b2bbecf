import { admitEntry, type EntryDecision, type RightInPlace } from '../../domain/admission.ts';
import { fittingSpotTypes } from '../../domain/fit.ts';
import type { BundleRight, BundleStay } from '../../domain/lane-bundle.ts';
import type { LaneFlag } from '../../domain/lane-scan.ts';
import { isOpenAt } from '../../domain/opening-hours.ts';
import { MINUTE_MS } from '../../domain/period.ts';
import type { SpotType } from '../../domain/spot-type.ts';
import type { PassContent } from '../pass-token.ts';
import { stayIdOf } from '../scan.ts';
import { meantBy, type Meant } from './expected-here.ts';
import {
  isExpired,
  subjectsOfCredential,
  subjectsOfRight,
  subjectsOfStay,
  ticketCodeOf,
  TRUSTED_AFTER_EXPIRY_MS,
  type LaneQuestion,
  type LaneVerdict,
} from './lane-verdict.ts';

type Found = Exclude<Meant, { match: 'AMBIGUOUS' }>;

/**
 * Decides an entry alone, by the same rules as the cloud. A vehicle whose place was last noted before or during a partition is taken as
 * outside (AMNESTY). A pass that the bundle does not know opens on its signature, in its period, unless its right was taken back. A
 * bundle that has expired opens for the plates in it for another day, and for no walk-in; after that only passes open.
 */
export function decideEntryAlone(question: LaneQuestion): LaneVerdict {
  const { gate, credential } = question;
  if (!gate.inService) return refused(question, 'LOT_CLOSED');
  if (gate.direction === 'EXIT') return refused(question, 'WRONG_DIRECTION');
  switch (credential.kind) {
    case 'FORGED_PASS':
      return refused(question, 'PASS_FORGED');
    case 'PASS_OF_ANOTHER_LOT':
      return refused(question, 'PASS_OF_ANOTHER_LOT');
    case 'WRONG_CODE':
      return refused(question, 'UNKNOWN_CREDENTIAL');
    case 'NO_PLATE':
      return asked(question, 'UNREADABLE');
    case 'UNREADABLE':
      return question.alreadyOpened ? walkIn(question, undefined) : asked(question, 'UNREADABLE');
    case 'TICKET':
      return walkIn(question, undefined);
    case 'PASS':
      return isPicture(question, credential.isLive) ? asked(question, 'PASS_STALE') : byRight(question);
    default:
      return byRight(question);
  }
}

function isPicture({ index, alreadyOpened }: LaneQuestion, isLive: boolean): boolean {
  return index.bundle.lot.policy.livePass === true && !isLive && !alreadyOpened;
}

function byRight(question: LaneQuestion): LaneVerdict {
  const { credential, index, nowMs } = question;
  const meant = meantBy(question, {
    isExpected: (one) => one.kind === 'STAY' || mayArrive(question, one.right),
    stakeMinorOf: (one) => (one.kind === 'RIGHT' ? one.right.paidMinor : 0),
  });
  if (meant.match === 'AMBIGUOUS') return asked(question, 'AMBIGUOUS');
  const pass = credential.kind === 'PASS' ? credential.pass : undefined;
  if (pass !== undefined && meant.rights.length === 0) return onSignatureAlone(question, pass);
  if (pass === undefined && nowMs >= index.bundle.expiresAt + TRUSTED_AFTER_EXPIRY_MS) return notNow(question);
  const places = meant.rights.map((right) => placeOf(question, right));
  const decision = bestOf(question, places);
  if (decision.action === 'WALK_IN') return walkIn(question, walkInHere(meant));
  const flags: LaneFlag[] = meant.match === 'CONFUSED' ? ['CONFUSED_PLATE'] : [];
  const place = places.find(({ right }) => right === decision.right);
  if (decision.action === 'OPEN' && place !== undefined)
    return opened(question, place, place.isPardoned ? [...flags, 'AMNESTY'] : flags);
  if (decision.action === 'DENY' && decision.reinstatable) return notNow(question);
  const reason = decision.reason === 'RESERVATION' ? 'SYSTEM_UNAVAILABLE' : decision.reason;
  const about = decision.right === undefined ? {} : aboutRight(decision.right);
  const subjects = place === undefined ? subjectsOfCredential(credential) : subjectsOfRight(place.right, credential);
  return { action: decision.action, reason, ...about, subjects, flags };
}

/** A plate that only looks like the one that was read counts if it is expected: due or due soon. */
function mayArrive({ index, nowMs }: LaneQuestion, { startsAt, endsAt }: BundleRight): boolean {
  const { earlyEntryMinutes, usualStayMinutes } = index.bundle.lot.policy;
  return nowMs + Math.max(earlyEntryMinutes, usualStayMinutes) * MINUTE_MS >= startsAt && nowMs < endsAt;
}

interface Place extends RightInPlace<BundleRight> {
  /** It would be refused by what is known of where it is, and that is not certain any more. */
  readonly isPardoned: boolean;
}

/** A right that was used up stays so; one that is only believed to be inside or gone gets the benefit of the doubt. */
function placeOf({ whereabouts, partition }: LaneQuestion, right: BundleRight): Place {
  const { presence, isCertain } = whereabouts.presenceOf(right.reservationId, right, partition);
  const isBarred = presence.at === 'INSIDE' || presence.at === 'LEFT' || right.state === 'CHECKED_IN';
  if (isCertain || !isBarred || right.state === 'COMPLETED') return { right, presence, isPardoned: false };
  return { right, presence: { at: 'OUTSIDE' }, isPardoned: true };
}

/** By the lane's time; of a scan that is handed over late also by when it stood there. */
function bestOf(question: LaneQuestion, places: readonly Place[]): EntryDecision<BundleRight> {
  const { index, nowMs, observedMs, alreadyOpened, credential } = question;
  const { policy } = index.bundle.lot;
  const kind = credential.kind === 'PASS' || credential.kind === 'CODE' ? credential.kind : 'PLATE';
  const rights = places.map(({ right, presence, isPardoned }) => ({
    right: isPardoned ? pardoned(right) : right,
    presence,
  }));
  const ask = (atMs: number) =>
    admitEntry({ rights, policy, credential: kind, lotId: index.bundle.lotId, observedAt: new Date(atMs) });
  const decision = ask(nowMs);
  const then = decision.action !== 'OPEN' && observedMs < nowMs && alreadyOpened ? ask(observedMs) : decision;
  const chosen = then.action === 'OPEN' ? then : decision;
  // The caller knows the right as the bundle has it.
  if (!('right' in chosen) || chosen.right === undefined) return chosen;
  const { reservationId } = chosen.right;
  const right = places.find((place) => place.right.reservationId === reservationId)?.right;
  return right === undefined ? chosen : { ...chosen, right };
}

function pardoned(right: BundleRight): BundleRight {
  return right.state === 'CHECKED_IN' ? { ...right, state: 'CONFIRMED' } : right;
}

function opened(question: LaneQuestion, { right }: Place, flags: readonly LaneFlag[]): LaneVerdict {
  const { credential, index, scanId } = question;
  const stayId = stayIdOf(index.bundle.lotId, scanId);
  return {
    action: 'OPEN',
    reason: 'RESERVATION',
    ...aboutRight(right),
    stayId,
    subjects: subjectsOfRight(right, credential),
    flags,
    seen: inside(question, { reservationId: right.reservationId, stayId }),
  };
}

function aboutRight(right: BundleRight) {
  const { reservationId, spotType, tariffId } = right;
  return { right, reservationId, spotType, tariffId };
}

function inside({ observedMs }: LaneQuestion, of: { reservationId: string; stayId: string }) {
  return { kind: 'RIGHT', ...of, at: 'INSIDE', instant: observedMs } as const;
}

/** The bundle does not know it (it was bought since): the signature and the period in it are enough, where nobody took it back. */
function onSignatureAlone(question: LaneQuestion, pass: PassContent): LaneVerdict {
  const { index, whereabouts, partition, nowMs, observedMs, alreadyOpened, scanId } = question;
  const { reservationId, spotType } = pass;
  const about = { reservationId, subjects: [`r:${reservationId}`] as const };
  const deny = (reason: LaneVerdict['reason']): LaneVerdict => ({ ...about, action: 'DENY', reason, flags: [] });
  if (index.isDenied(reservationId)) return deny('CANCELLED');
  const atMs = alreadyOpened ? observedMs : nowMs;
  if (atMs < pass.startsAt.getTime() - index.bundle.lot.policy.earlyEntryMinutes * MINUTE_MS) return deny('TOO_EARLY');
  if (atMs >= pass.endsAt.getTime()) return deny('TOO_LATE');
  const { presence, isCertain } = whereabouts.presenceOf(reservationId, undefined, partition);
  if (isCertain && presence.at === 'INSIDE') return deny('ALREADY_INSIDE');
  if (isCertain && presence.at === 'LEFT') return deny('ALREADY_LEFT');
  const stayId = stayIdOf(index.bundle.lotId, scanId);
  const pardon: LaneFlag[] = presence.at === 'OUTSIDE' ? [] : ['AMNESTY'];
  return {
    ...{ action: 'OPEN', reason: 'RESERVATION', ...about, spotType, stayId },
    flags: ['ON_SIGNATURE_ALONE', ...pardon],
    seen: inside(question, { reservationId, stayId }),
  };
}

function walkInHere({ stays, match }: Found): BundleStay | undefined {
  return match === 'EXACT' ? stays[0] : undefined;
}

/** `here` is the walk-in that its plate is inside as. */
function walkIn(question: LaneQuestion, here: BundleStay | undefined): LaneVerdict {
  const { whereabouts, partition, index, nowMs } = question;
  const { lot } = index.bundle;
  if (here !== undefined && whereabouts.isStayCertain(here, partition))
    return { ...refused(question, 'ALREADY_INSIDE'), subjects: subjectsOfStay(here) };
  if (lot.state === 'CLOSED' || !isOpenAt(lot.openingHours, lot.timeZone, new Date(nowMs)))
    return refused(question, 'LOT_CLOSED');
  if (isExpired(question)) return notNow(question);
  const spotType = fittingSpotTypes(question.vehicleClass).find((type) => freeOf(question, type) > 0);
  if (spotType === undefined && !question.alreadyOpened) return refused(question, 'LOT_FULL');
  return admitted(question, spotType ?? 'STANDARD', here === undefined ? [] : ['AMNESTY']);
}

/**
 * How many spots of a type a walk-in may still take: what was free when the bundle was made, less those that this lane let in since, less
 * those that are promised to somebody who comes within a usual stay.
 */
export function freeOf({ index, whereabouts, nowMs }: LaneQuestion, spotType: SpotType): number {
  const { bundle } = index;
  const promised = index.comingWithin(spotType, {
    fromMs: nowMs,
    toMs: nowMs + bundle.lot.policy.usualStayMinutes * MINUTE_MS,
  });
  return (bundle.freeByType[spotType] ?? 0) - whereabouts.admittedSince(spotType) - promised;
}

function admitted(question: LaneQuestion, spotType: SpotType, flags: readonly LaneFlag[]): LaneVerdict {
  const { index, whereabouts, scanId, credential, vehicleClass, observedMs } = question;
  const { lotId, lot } = index.bundle;
  const plate = credential.kind === 'PLATE' ? credential.read : undefined;
  const monthlyPass = plate === undefined ? undefined : index.monthlyPassOf(plate.index, observedMs);
  const isTaken = (code: string) => (whereabouts.stayIdOfCode(code) ?? index.rightOfCode(code)) !== undefined;
  const stay: BundleStay = {
    ...{ stayId: stayIdOf(lotId, scanId), enteredAt: observedMs, spotType, vehicleClass, spotLabel: null },
    ...{ tariffId: lot.tariffId, multiplierPercent: 100, currency: lot.currency },
    code: ticketCodeOf(lotId, scanId, isTaken),
    plateIndex: plate?.index ?? null,
    plateSkeletonIndex: plate?.skeletonIndex ?? null,
    ...{ paidMinor: 0, paidUntil: null },
    ...(monthlyPass === undefined ? {} : { concessions: { monthlyPass } }),
  };
  const { stayId, code: ticketCode, tariffId } = stay;
  return {
    ...{ action: 'OPEN', reason: 'WALK_IN', stay, stayId, ticketCode, spotType, tariffId, flags },
    subjects: subjectsOfStay(stay),
    seen: { kind: 'STAY', stay, leftAt: null, instant: observedMs },
  };
}

function refused({ credential }: LaneQuestion, reason: LaneVerdict['reason']): LaneVerdict {
  return { action: 'DENY', reason, subjects: subjectsOfCredential(credential), flags: [] };
}

function asked(question: LaneQuestion, reason: LaneVerdict['reason']): LaneVerdict {
  return { ...refused(question, reason), action: 'ASK' };
}

/** What this lane can't tell alone. */
function notNow(question: LaneQuestion): LaneVerdict {
  return { ...asked(question, 'SYSTEM_UNAVAILABLE'), unrecorded: true };
}

import { decodeId } from '../../domain/public-id.ts';
import type { GateDecision } from './cloud-link.ts';
import { meantBy } from './expected-here.ts';
import {
  subjectsOfCredential,
  subjectsOfRight,
  subjectsOfStay,
  type LaneQuestion,
  type LaneVerdict,
} from './lane-verdict.ts';
import type { BundleRight, BundleStay } from '../../domain/lane-bundle.ts';

type Operation = 'CHECK_IN' | 'CHECK_OUT';

/**
 * What the cloud's decision means for who is where, in the lane's own words: so that the lane goes on from there when it is cut off the
 * next moment, and can write the decision down itself where it may not have been durable.
 */
export function verdictOfCloud(question: LaneQuestion, operation: Operation, decision: GateDecision): LaneVerdict {
  const { action, reason } = decision;
  const plain = { action, reason, subjects: subjectsOfCredential(question.credential), flags: [] };
  const stayId = decision.stayId === null ? undefined : decodeId('sty', decision.stayId)?.id;
  if (action !== 'OPEN' || stayId === undefined) return plain;
  const right = rightOf(question, decision);
  if (right !== undefined) return ofRight(question, { plain, operation, right, stayId });
  return ofWalkIn(question, { plain, operation, decision, stayId });
}

function rightOf({ index, credential }: LaneQuestion, { reservationCode }: GateDecision): BundleRight | undefined {
  if (reservationCode !== null) return index.rightOfCode(reservationCode);
  return credential.kind === 'PASS' ? index.right(credential.pass.reservationId) : undefined;
}

interface Told {
  readonly plain: LaneVerdict;
  readonly operation: Operation;
  readonly stayId: string;
}

function ofRight(
  question: LaneQuestion,
  { plain, operation, right, stayId }: Told & { right: BundleRight },
): LaneVerdict {
  const { reservationId, spotType, tariffId } = right;
  const at = operation === 'CHECK_IN' ? 'INSIDE' : 'LEFT';
  return {
    ...plain,
    ...{ right, reservationId, spotType, tariffId, stayId },
    subjects: subjectsOfRight(right, question.credential),
    seen: { kind: 'RIGHT', reservationId, at, stayId, instant: question.observedMs },
  };
}

function ofWalkIn(question: LaneQuestion, told: Told & { decision: GateDecision }): LaneVerdict {
  const { plain, operation, decision, stayId } = told;
  const { observedMs: instant } = question;
  const stay = operation === 'CHECK_IN' ? newStay(question, decision, stayId) : stayInside(question, stayId);
  if (stay === undefined) return { ...plain, stayId };
  const { spotType, tariffId, code: ticketCode } = stay;
  const leftAt = operation === 'CHECK_IN' ? null : instant;
  return {
    ...plain,
    ...{ stay, stayId, ticketCode, spotType, tariffId },
    subjects: subjectsOfStay(stay),
    seen: { kind: 'STAY', stay, leftAt, instant },
  };
}

/** What the lane knows of it by itself, or by who stands there. */
function stayInside(question: LaneQuestion, stayId: string): BundleStay | undefined {
  const known = question.whereabouts.stayInside(stayId);
  if (known !== undefined) return known;
  const meant = meantBy(question, { isExpected: () => false, stakeMinorOf: () => 0 });
  return meant.match === 'AMBIGUOUS' ? undefined : meant.stays.find((stay) => stay.stayId === stayId);
}

function newStay(
  question: LaneQuestion,
  { ticketCode, spotLabel }: GateDecision,
  stayId: string,
): BundleStay | undefined {
  if (ticketCode === null) return undefined;
  const { index, credential, vehicleClass, observedMs } = question;
  const { lot } = index.bundle;
  const plate = credential.kind === 'PLATE' ? credential.read : undefined;
  return {
    ...{ stayId, enteredAt: observedMs, spotType: 'STANDARD', vehicleClass, spotLabel, code: ticketCode },
    ...{ tariffId: lot.tariffId, multiplierPercent: 100, currency: lot.currency, paidMinor: 0, paidUntil: null },
    plateIndex: plate?.index ?? null,
    plateSkeletonIndex: plate?.skeletonIndex ?? null,
  };
}

import type { ExitDecision } from './admission.ts';

/** How long each rung of ours may take, in ms; together under the three seconds after which an exit has to be open. */
export const EXIT_BOUNDS_MS = { FIND_STAY: 900, CHARGE_CARD: 1600, OPENED: 450 } as const;

/** What an exit leaves behind: nothing, a debt (of the stay or of its driver), or something for a person to look at. */
export const EXIT_RECORDS = ['NOTHING', 'DEBT', 'INCIDENT'] as const;
export type ExitRecord = (typeof EXIT_RECORDS)[number];

/** Why a person looks at an exit: nobody knows the stay; it was read with a doubt; or nothing could be asked in time. */
export type ExitIncident = 'UNKNOWN_STAY' | 'UNSURE_STAY' | 'EXIT_NOT_LOOKED_UP';

/** A stay at the exit, and who could pay for it here and now. */
export interface FoundAtExit {
  /** What `admitExit` says about the stay. */
  readonly decision: ExitDecision;
  /** Known exactly or confirmed. Where not, nobody is charged, nor shown what somebody else owes. */
  readonly isSure: boolean;
  /** The vehicle is through already: nobody is asked for anything any more. */
  readonly hasPassed: boolean;
  /** An account may have agreed to be charged for it, and whoever knows that can be asked now. */
  readonly mayChargeCard: boolean;
  /** This driver's money can be taken and booked here and now; a till, too, needs PostgreSQL for that. */
  readonly canPayHere: boolean;
}

/** What happened on a rung. FAILED: its work threw, said nothing of use, or took longer than the rung's bound. */
export type ExitEvent =
  | ({ readonly event: 'FOUND' } & FoundAtExit)
  /** The stay is known and its price is not (the bundle has expired, the clock can't be trusted): the cloud prices it. */
  | { readonly event: 'UNPRICED' }
  /** Whoever could know the vehicle was asked, and it is nobody's: unknown plate, unreadable, a stay that never began. */
  | { readonly event: 'UNKNOWN' }
  | { readonly event: 'PAID' }
  /** Nobody agreed to be charged, or the card was refused. */
  | { readonly event: 'REFUSED' }
  /** An attendant lets the vehicle go. */
  | { readonly event: 'LET_OUT' }
  | { readonly event: 'FAILED' };

/** Where an exit stands, with the time bound of what is being done there. All but WAIT_FOR_PERSON is ours and bounded; OPENED is the end. */
export type ExitState =
  | { readonly step: 'FIND_STAY'; readonly boundMs: number }
  | { readonly step: 'CHARGE_CARD'; readonly boundMs: number; readonly dueMinor: number; readonly canPayHere: boolean }
  | {
      readonly step: 'WAIT_FOR_PERSON';
      /** A person who can pay here and now decides how long it takes; the attendant is one touch away. */
      readonly boundMs: null;
      readonly reason: 'PAYMENT_DUE' | 'AMBIGUOUS';
      readonly dueMinor: number;
    }
  | ExitOpened;

export interface ExitOpened {
  readonly step: 'OPENED';
  /** How long the record may take to be written before the barrier opens without it; whoever opened keeps it then. */
  readonly boundMs: number;
  readonly reason: 'STAY_PREPAID' | 'STAY_PAID' | 'NOTHING_DUE' | 'BILLED_LATER' | 'STAFF';
  readonly record: ExitRecord;
  /** What the debt is about, minor units; null where the cloud has to price it, or find the stay first. */
  readonly dueMinor: number | null;
  /** Set exactly where `record` is INCIDENT. */
  readonly incident?: ExitIncident;
}

/** Where every exit begins. */
export const AT_THE_EXIT: ExitState = { step: 'FIND_STAY', boundMs: EXIT_BOUNDS_MS.FIND_STAY };

/**
 * The exit ladder, in the cloud and in a lane that is cut off: from where an exit stands and what happened there, where it stands next.
 * FIND_STAY → nothing due: OPENED. Something due, and read with a doubt: WAIT_FOR_PERSON (AMBIGUOUS) where it could pay here, else OPENED
 * with an INCIDENT. Due of a reservation, or of whoever has passed: OPENED with a DEBT. Due of a walk-in: CHARGE_CARD where a card may be
 * charged, else WAIT_FOR_PERSON where it can pay here, else OPENED with a DEBT. UNPRICED: OPENED with a DEBT that the cloud prices. UNKNOWN or FAILED: OPENED with an INCIDENT.
 * CHARGE_CARD → PAID: OPENED; REFUSED: as without a card; FAILED: OPENED with a DEBT. WAIT_FOR_PERSON → PAID: OPENED; LET_OUT and FAILED
 * (nobody can take the money any more): OPENED with a DEBT, or an INCIDENT where the stay was in doubt.
 * OPENED stays OPENED. An event that does not belong to a rung of ours counts as FAILED there: no mistake keeps anybody in. While a
 * person pays it changes nothing.
 */
export function nextStep(state: ExitState, event: ExitEvent): ExitState {
  switch (state.step) {
    case 'FIND_STAY':
      return afterFinding(event);
    case 'CHARGE_CARD':
      return afterCharging(state, event);
    case 'WAIT_FOR_PERSON':
      return whileWaiting(state, event);
    case 'OPENED':
      return state;
  }
}

function afterFinding(event: ExitEvent): ExitState {
  switch (event.event) {
    case 'FOUND':
      return afterFound(event);
    case 'UNPRICED':
      return opened('BILLED_LATER', { record: 'DEBT', dueMinor: null });
    case 'UNKNOWN':
      return forAPerson('UNKNOWN_STAY');
    default:
      return forAPerson('EXIT_NOT_LOOKED_UP');
  }
}

function afterFound({ decision, ...found }: FoundAtExit): ExitState {
  const { dueMinor } = decision;
  if (decision.action === 'OPEN') {
    if (decision.incident !== undefined) return forAPerson(decision.incident);
    if (dueMinor === 0) return opened(decision.reason, { record: 'NOTHING', dueMinor });
  }
  if (!found.isSure) {
    const canAsk = found.canPayHere && !found.hasPassed;
    return canAsk ? waiting('AMBIGUOUS', dueMinor) : forAPerson('UNSURE_STAY');
  }
  if (decision.action === 'OPEN' || found.hasPassed) return owed(dueMinor);
  if (found.mayChargeCard) {
    return { step: 'CHARGE_CARD', boundMs: EXIT_BOUNDS_MS.CHARGE_CARD, dueMinor, canPayHere: found.canPayHere };
  }
  return found.canPayHere ? waiting('PAYMENT_DUE', dueMinor) : owed(dueMinor);
}

function afterCharging(
  { dueMinor, canPayHere }: Extract<ExitState, { step: 'CHARGE_CARD' }>,
  { event }: ExitEvent,
): ExitState {
  if (event === 'PAID') return opened('STAY_PAID', { record: 'NOTHING', dueMinor: 0 });
  return event === 'REFUSED' && canPayHere ? waiting('PAYMENT_DUE', dueMinor) : owed(dueMinor);
}

function whileWaiting(state: Extract<ExitState, { step: 'WAIT_FOR_PERSON' }>, { event }: ExitEvent): ExitState {
  const { reason, dueMinor } = state;
  switch (event) {
    case 'PAID':
      return opened('STAY_PAID', { record: 'NOTHING', dueMinor: 0 });
    case 'LET_OUT':
    case 'FAILED': {
      const end = reason === 'AMBIGUOUS' ? forAPerson('UNSURE_STAY') : owed(dueMinor);
      return event === 'LET_OUT' ? { ...end, reason: 'STAFF' } : end;
    }
    default:
      return state;
  }
}

function waiting(reason: 'PAYMENT_DUE' | 'AMBIGUOUS', dueMinor: number): ExitState {
  return { step: 'WAIT_FOR_PERSON', boundMs: null, reason, dueMinor };
}

function owed(dueMinor: number): ExitOpened {
  return opened('BILLED_LATER', { record: 'DEBT', dueMinor });
}

function forAPerson(incident: ExitIncident): ExitOpened {
  return opened('BILLED_LATER', { record: 'INCIDENT', dueMinor: null, incident });
}

function opened(
  reason: ExitOpened['reason'],
  { record, dueMinor, incident }: Pick<ExitOpened, 'record' | 'dueMinor' | 'incident'>,
): ExitOpened {
  const end = { step: 'OPENED', boundMs: EXIT_BOUNDS_MS.OPENED, reason, record, dueMinor } as const;
  return incident === undefined ? end : { ...end, incident };
}

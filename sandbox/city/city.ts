// A city that parks: carries out what its drivers have planned, through the public API and its lanes.

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Clock } from '../../src/platform/clock.ts';
import { MINUTE_MS } from '../../src/domain/period.ts';
import type { CityApi } from './api.ts';
import type { CityDrivers } from './drivers.ts';
import { askGate, type CityGate, type CityLane } from './lanes.ts';
import { firstStepMs, HOUR_MS, planCrowd, planHour, type PlannedLot, type PlannedVisit } from './plan.ts';
import type { LotSensors } from './sensors.ts';
import type { Tally } from './tally.ts';

/** A lot with its lanes. */
export interface CityLot extends PlannedLot {
  readonly id: string;
  readonly entries: readonly CityLane[];
  readonly exits: readonly CityLane[];
  /** Where who has not paid is asked. */
  readonly payAt: CityGate;
  readonly sensors?: LotSensors;
}

export interface CityParts {
  readonly api: CityApi;
  readonly drivers: CityDrivers;
  readonly clock: Clock;
  readonly lots: readonly CityLot[];
  readonly seed: number;
  readonly tempo: number;
  /** As in the plan: 1 as usual. */
  readonly stayTimes?: number;
  /** A login of somebody who may open gates, for whoever is kept at an exit; without it they try again. */
  readonly attendant?: () => Promise<string>;
  readonly tally: Tally;
  readonly say: (line: string) => void;
}

interface Step {
  readonly atMs: number;
  readonly take: () => Promise<void>;
}

const ERRORS = 'userErrors { code }';
const RESERVE = {
  name: 'reserveSpot',
  document: `mutation ($input: ReserveSpotInput!) { answer: reserveSpot(input: $input) { reservation { id } ${ERRORS} } }`,
};
const COMPLETE = {
  name: 'completeReservation',
  document: `mutation ($input: CompleteReservationInput!) { answer: completeReservation(input: $input) { reservation { state } ${ERRORS} } }`,
};
const CANCEL = {
  name: 'cancelReservation',
  document: `mutation ($input: CancelReservationInput!) { answer: cancelReservation(input: $input) { ${ERRORS} } }`,
};
const PAY = {
  name: 'payStay',
  document: `mutation ($input: PayStayInput!) { answer: payStay(input: $input) { ${ERRORS} } }`,
};

const OPEN_GATE = {
  name: 'openGate',
  document: `mutation ($input: OpenGateInput!) { answer: openGate(input: $input) { ${ERRORS} } }`,
};

interface Answer {
  readonly answer: { readonly reservation?: { id: string } | null; readonly userErrors: readonly { code: string }[] };
}

const LOOK_EVERY_MS = 100;
/** More steps than this wait for those that are under way. */
const AT_ONCE = 48;
const CARD = 'pm_card_visa';
const CARD_DECLINED = 'pm_card_chargeDeclined';
const DECLINED_EACH = 25;
const TRIES_AT_EXIT = 3;
/** A gate answers the same reading the same for a second. */
const NEXT_TRY_MS = 2000;

export class City {
  /** Who is inside and when they leave: what the next start goes on with. */
  readonly inside = new Map<string, PlannedVisit>();
  private readonly parts: CityParts;
  private readonly lots: ReadonlyMap<string, CityLot>;
  /** Where who is inside was sent to, by plate. */
  private readonly spots = new Map<string, string>();
  private readonly underWay = new Set<Promise<void>>();
  private steps: Step[] = [];
  private plannedUntilMs = 0;
  private bookings = 0;
  private untilMs = Infinity;
  private stopped = false;

  constructor(parts: CityParts) {
    this.parts = parts;
    this.lots = new Map(parts.lots.map((lot) => [lot.code, lot]));
  }

  /**
   * Lets the city park until `stop`, or until its clock says `until`; resolves when what was under way is done.
   * It goes on with who is `inside`; when nobody knows that, it begins with a crowd that drives in at once.
   */
  async run(options: { inside?: readonly PlannedVisit[]; until?: Date } = {}): Promise<void> {
    const nowMs = this.nowMs();
    this.plannedUntilMs = nowMs;
    this.untilMs = options.until?.getTime() ?? Infinity;
    for (const visit of options.inside ?? []) this.goesInside(visit);
    if (options.inside === undefined) for (const visit of planCrowd(this.parts, nowMs)) this.begin(visit);
    if (this.parts.lots.some(({ sensors }) => sensors)) this.at(nowMs, () => this.sense());
    while (!this.isOver()) {
      this.planAhead();
      await this.takeDueSteps();
      await pause(LOOK_EVERY_MS);
    }
    await Promise.all(this.underWay);
  }

  stop(): void {
    this.stopped = true;
  }

  /** Nothing is under way and nothing is due: whoever moves the clock may go on. */
  get isIdle(): boolean {
    return this.underWay.size === 0 && (this.steps[0]?.atMs ?? Infinity) > this.nowMs();
  }

  private isOver(): boolean {
    return this.stopped || this.nowMs() >= this.untilMs;
  }

  private nowMs(): number {
    return this.parts.clock.now().getTime();
  }

  private planAhead(): void {
    const nowMs = this.nowMs();
    if (this.plannedUntilMs > nowMs) return;
    const hourMs = Math.floor(this.plannedUntilMs / HOUR_MS) * HOUR_MS;
    const from = this.plannedUntilMs;
    for (const visit of planHour(this.parts, hourMs)) if (firstStepMs(visit) >= from) this.begin(visit);
    this.plannedUntilMs = hourMs + HOUR_MS;
  }

  private begin(visit: PlannedVisit): void {
    if (visit.booksAtMs === null) this.at(visit.arrivesAtMs, () => this.arrive(visit));
    else this.at(visit.booksAtMs, () => this.book(visit));
  }

  private at(atMs: number, take: () => Promise<void>): void {
    const step = { atMs, take };
    this.steps.splice(this.steps.findLastIndex((each) => each.atMs <= atMs) + 1, 0, step);
  }

  private async takeDueSteps(): Promise<void> {
    for (let step = this.steps[0]; step && step.atMs <= this.nowMs() && !this.isOver(); step = this.steps[0]) {
      this.steps.shift();
      const taken: Promise<void> = step
        .take()
        .catch((error: unknown) => this.wentWrong(error))
        .finally(() => this.underWay.delete(taken));
      this.underWay.add(taken);
      if (this.underWay.size >= AT_ONCE) await Promise.race(this.underWay);
    }
  }

  private wentWrong(error: unknown): void {
    if (this.stopped) return;
    this.parts.tally.add('failed');
    this.parts.say(`failed: ${error instanceof Error ? error.message : String(error)}`);
  }

  private lotOf({ lotCode }: PlannedVisit): CityLot {
    const lot = this.lots.get(lotCode);
    if (!lot) throw new Error(`the city has no lot ${lotCode}`);
    return lot;
  }

  private tell(what: string, { lotCode, plate }: PlannedVisit): void {
    this.parts.tally.add(what);
    this.parts.say(`${this.parts.clock.now().toISOString()} ${lotCode} ${plate} ${what}`);
  }

  private async book(visit: PlannedVisit): Promise<void> {
    const { api, drivers } = this.parts;
    const number = this.bookings++;
    const token = await drivers.tokenOf(number);
    const { plate, country, vehicleClass } = visit;
    const period = { startsAt: new Date(visit.startsAtMs), endsAt: new Date(visit.endsAtMs) };
    const vehicle = { plate: { text: plate, country, vehicleClass } };
    const input = { idempotencyKey: randomUUID(), lotId: this.lotOf(visit).id, period, vehicle };
    const { answer } = await api.call<Answer>(RESERVE, { input }, token);
    if (!answer.reservation) return this.tell(`refused ${answer.userErrors[0]?.code ?? ''}`, visit);
    const reservationId = answer.reservation.id;
    if (number % DECLINED_EACH === 0) await this.pay({ reservationId, token, card: CARD_DECLINED });
    const refused = await this.pay({ reservationId, token, card: CARD });
    if (refused !== undefined) return this.tell(`refused ${refused}`, visit);
    this.tell('reserved', visit);
    if (visit.habit === 'DOES_NOT_COME') return;
    if (visit.habit !== 'CALLS_IT_OFF') return this.at(visit.arrivesAtMs, () => this.arrive(visit));
    const middleMs = (this.nowMs() + visit.startsAtMs) / 2;
    this.at(middleMs, () => this.cancel(visit, { reservationId, number }));
  }

  private async pay(of: { reservationId: string; token: string; card: string }): Promise<string | undefined> {
    const { reservationId, token, card } = of;
    const input = { idempotencyKey: randomUUID(), reservationId, paymentMethodId: card };
    const { answer } = await this.parts.api.call<Answer>(COMPLETE, { input }, token);
    return answer.userErrors[0]?.code;
  }

  private async cancel(visit: PlannedVisit, of: { reservationId: string; number: number }): Promise<void> {
    const token = await this.parts.drivers.tokenOf(of.number);
    const input = { idempotencyKey: randomUUID(), reservationId: of.reservationId };
    const { answer } = await this.parts.api.call<Answer>(CANCEL, { input }, token);
    this.tell(answer.userErrors[0] ? `refused ${answer.userErrors[0].code}` : 'cancelled', visit);
  }

  private async arrive(visit: PlannedVisit): Promise<void> {
    const { entries } = this.lotOf(visit);
    const lane = entries[visit.arrivesAtMs % entries.length];
    if (!lane) return;
    const first = await lane.drive(visit);
    // The driver who was asked, or had no answer, drives up again: the camera looks again.
    const decision = first.action === 'ASK' || first.action === null ? await lane.drive(visit) : first;
    // The answer was lost or late, but not what it led to.
    const wasUnanswered = first.action === null || first.reason === 'SYSTEM_UNAVAILABLE';
    const isInside = decision.action === 'OPEN' || (wasUnanswered && decision.reason === 'ALREADY_INSIDE');
    if (!isInside) return this.tell(`turned away ${decision.reason}`, visit);
    this.tell(visit.booksAtMs === null ? 'walked in' : 'checked in', visit);
    this.stands(visit, decision.spotLabel);
    this.goesInside(visit);
  }

  private stands(visit: PlannedVisit, spotLabel: string | null): void {
    if (spotLabel === null) return;
    this.spots.set(visit.plate, spotLabel);
    this.lotOf(visit).sensors?.note(spotLabel, true);
  }

  private isGone(visit: PlannedVisit): void {
    this.inside.delete(visit.plate);
    const spotLabel = this.spots.get(visit.plate);
    if (spotLabel !== undefined) this.lotOf(visit).sensors?.note(spotLabel, false);
    this.spots.delete(visit.plate);
  }

  /** The sensors speak once a minute. */
  private async sense(): Promise<void> {
    this.at(this.nowMs() + MINUTE_MS, () => this.sense());
    for (const { sensors } of this.parts.lots) await sensors?.tell();
  }

  private goesInside(visit: PlannedVisit): void {
    this.inside.set(visit.plate, visit);
    this.at(visit.leavesAtMs, () => this.leave(visit));
  }

  /** Who was misread rolls back and is read again; who owes something pays first; whoever is kept all the same rings. */
  private async leave(visit: PlannedVisit, before = 0): Promise<void> {
    const { exits } = this.lotOf(visit);
    const lane = exits[visit.leavesAtMs % exits.length];
    if (!lane) return;
    const decision = await lane.drive(visit);
    if (decision.action === 'OPEN') {
      this.isGone(visit);
      this.parts.tally.add(`exit opened ${decision.reason}`);
      return this.tell('left', visit);
    }
    if (before < TRIES_AT_EXIT) {
      await this.payAtExit(visit);
      return this.at(this.nowMs() + NEXT_TRY_MS, () => this.leave(visit, before + 1));
    }
    this.tell(`kept at the exit ${decision.reason}`, visit);
    if (await this.isLetOut(visit)) return this.isGone(visit);
    this.at(this.nowMs() + MINUTE_MS, () => this.leave(visit));
  }

  /** Whoever is kept rings, and somebody opens by hand. */
  private async isLetOut(visit: PlannedVisit): Promise<boolean> {
    const { api, attendant } = this.parts;
    if (!attendant) return false;
    const reason = 'The driver rang: the plate could not be told for sure.';
    const input = { idempotencyKey: randomUUID(), gateId: this.lotOf(visit).payAt.id, reason };
    const { answer } = await api.call<Answer>(OPEN_GATE, { input }, await attendant());
    const [refused] = answer.userErrors;
    this.tell(refused ? `refused ${refused.code}` : 'let out by the attendant', visit);
    return refused === undefined;
  }

  /** The kiosk asks once more what is due, and the card is held to it. */
  private async payAtExit(visit: PlannedVisit): Promise<void> {
    const { api } = this.parts;
    const { payAt } = this.lotOf(visit);
    const { stayId, action } = await askGate(api, payAt, { car: visit, leaves: true });
    if (action !== 'ASK' || stayId === null) return;
    const input = { idempotencyKey: randomUUID(), stay: { stayId }, paymentMethodId: CARD };
    const { answer } = await api.call<Answer>(PAY, { input }, payAt.deviceKey);
    const [refused] = answer.userErrors;
    this.tell(refused ? `refused ${refused.code}` : 'paid at the exit', visit);
  }
}

import type { GateAction, GateReason } from '../../domain/admission.ts';
import { monotonicMs } from '../../platform/clock.ts';
import type { ClockWatch } from './clock-watch.ts';
import { CallFailed, openDoor, type Call, type HttpDoor, type Reply } from './http-call.ts';
import type { Outages } from './outages.ts';

/** A gate's decision as it is sent to a device, by the cloud and by the lane alike. */
export interface GateDecision {
  readonly scanId: string;
  readonly action: GateAction;
  readonly reason: GateReason;
  readonly reservationCode: string | null;
  /** Public id. */
  readonly stayId: string | null;
  readonly ticketCode: string | null;
  readonly spotLabel: string | null;
  readonly directions: string | null;
  readonly due: { readonly amountMinor: number; readonly currency: string } | null;
  readonly decidedAt: string;
  readonly decidedBy: 'CLOUD' | 'LANE' | 'OPERATOR';
  /** The device may forget the scan: it stands in PostgreSQL, or in the lane's journal. */
  readonly durable: boolean;
}

/** What the cloud said to a question: its data, that the asker may not ask, or that it can't be asked. */
export type CloudAnswer =
  | { readonly came: 'DATA'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly came: 'FORBIDDEN' }
  | { readonly came: 'NOTHING' };

/** How often the cloud is asked whether it is there. */
export const PING_MS = 100;
/** With the pause before it: a cut is noticed within 300 ms. */
const PING_LATE_MS = 190;
/** A timer that comes so late tells of this machine, not of the network. */
const STALL_MS = 40;
/** So many answers in a row, and the network is back. */
const BACK_AFTER = 2;
/** After a question that the cloud could not answer; longer each time. */
const FIRST_REST_MS = 1000;
const LONGEST_REST_MS = 15_000;
const CLOUD_IN_TROUBLE = 500;
const TOO_MANY = 429;
const UNAUTHORIZED = 401;
const FORBIDDEN = 403;

export interface CloudLinkParts {
  readonly cloudUrl: string;
  /** The agent's own. */
  readonly deviceKey: string;
  readonly pingMs: number;
  readonly clock: ClockWatch;
  readonly outages: Outages;
  /** How many entries of the journal the cloud does not have: no-shows wait for them. */
  readonly pending: () => number;
  /** The cloud no longer takes this agent's key. */
  readonly onRefused: (isRefused: boolean) => void;
}

/**
 * The way to the cloud. It is pinged all the time, so that a cut is known before a vehicle stands there; from the pings' dates the clock is
 * measured. Nobody answers: NETWORK is out. Somebody answers, but not what was asked: CLOUD is out.
 */
export class CloudLink {
  private readonly door: HttpDoor;
  /** Apart from the rest: a slow answer must not hold up a ping. */
  private readonly pingDoor: HttpDoor;
  private readonly parts: CloudLinkParts;
  private timer: NodeJS.Timeout | undefined;
  private answersInRow = 0;
  private restMs = FIRST_REST_MS;
  private restsUntilMs = 0;
  private isClosed = false;

  constructor(parts: CloudLinkParts) {
    this.parts = parts;
    this.door = openDoor(parts.cloudUrl);
    this.pingDoor = openDoor(parts.cloudUrl);
  }

  start(): void {
    void this.ping();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.door.close();
    this.pingDoor.close();
  }

  /** Asks in GraphQL, and waits at most so long. What goes wrong is noted as an outage and comes back as NOTHING. */
  async ask(question: { query: string; variables: object; bearer: string; timeoutMs: number }): Promise<CloudAnswer> {
    const { query, variables, bearer, timeoutMs } = question;
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` };
    const body = JSON.stringify({ query, variables });
    const reply = await this.call({ method: 'POST', path: '/graphql', headers, body, timeoutMs });
    if (reply === undefined) return { came: 'NOTHING' };
    const answer = readAnswer(reply);
    if (answer.came === 'NOTHING') this.cloudFailed();
    else this.cloudAnswered();
    return answer;
  }

  /** Any call to the cloud; undefined when nothing usable came back, which is noted as an outage. */
  async call(call: Call): Promise<Reply | undefined> {
    try {
      const reply = await this.door.call(call);
      if (reply.status < CLOUD_IN_TROUBLE && reply.status !== TOO_MANY) return reply;
      this.cloudFailed();
    } catch (error) {
      this.noteFailure(error);
    }
    return undefined;
  }

  /** The agent's own key. */
  bearer(): string {
    return this.parts.deviceKey;
  }

  credentials(): { authorization: string } {
    return { authorization: `Bearer ${this.bearer()}` };
  }

  /** The cloud answered a scan, but not so that it helps anybody. */
  cloudFailed(): void {
    if (this.isClosed) return;
    const nowMs = monotonicMs();
    if (nowMs >= this.restsUntilMs) {
      this.restsUntilMs = nowMs + this.restMs;
      this.restMs = Math.min(2 * this.restMs, LONGEST_REST_MS);
    }
    this.note('CLOUD', true);
  }

  private cloudAnswered(): void {
    this.restMs = FIRST_REST_MS;
    this.restsUntilMs = 0;
    this.note('CLOUD', false);
  }

  private note(kind: 'NETWORK' | 'CLOUD', isOut: boolean): void {
    if (!this.isClosed) this.parts.outages.note(kind, isOut, this.parts.clock.nowMs());
  }

  private noteFailure(error: unknown): void {
    const why = error instanceof CallFailed ? error.why : 'LOST';
    // Somebody refuses, or is slow about this while pings come back: the way there is whole.
    if (why === 'REFUSED' || (why === 'LATE' && this.answersInRow > 0)) {
      this.note('NETWORK', false);
      this.cloudFailed();
      return;
    }
    this.answersInRow = 0;
    this.note('NETWORK', true);
  }

  private async ping(): Promise<void> {
    const dueMs = monotonicMs() + PING_LATE_MS;
    const { clock } = this.parts;
    const sentElapsedMs = clock.elapsedMs();
    try {
      const path = `/lane/v1/ping?pending=${this.parts.pending()}`;
      const headers = this.credentials();
      const reply = await this.pingDoor.call({ method: 'GET', path, headers, timeoutMs: PING_LATE_MS });
      this.pinged(reply, sentElapsedMs);
    } catch (error) {
      // The machine was busy with itself: what would have come in time may lie there unread.
      if (monotonicMs() - dueMs < STALL_MS || this.parts.outages.isOut('NETWORK')) {
        this.answersInRow = 0;
        this.noteFailure(error);
      }
    }
    if (!this.isClosed) this.timer = setTimeout(() => void this.ping(), this.parts.pingMs);
  }

  private pinged(reply: Reply, sentElapsedMs: number): void {
    this.answersInRow += 1;
    if (this.answersInRow >= BACK_AFTER) this.note('NETWORK', false);
    if (reply.status >= CLOUD_IN_TROUBLE) return this.cloudFailed();
    this.parts.onRefused(reply.status === UNAUTHORIZED || reply.status === FORBIDDEN);
    // Whether it can do more than answer pings, the next vehicle tries.
    if (monotonicMs() >= this.restsUntilMs) this.note('CLOUD', false);
    this.measureClock(reply, sentElapsedMs);
  }

  private measureClock({ headers }: Reply, sentElapsedMs: number): void {
    const { clock } = this.parts;
    const exactMs = Number(headers['parkwell-time']);
    const serverMs = Number.isFinite(exactMs) ? exactMs : Date.parse(headers.date ?? '');
    if (!Number.isFinite(serverMs)) return;
    const resolutionMs = Number.isFinite(exactMs) ? 0 : 1000;
    clock.measure({ serverMs, resolutionMs, sentElapsedMs, receivedElapsedMs: clock.elapsedMs() });
  }
}

interface GraphqlReply {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly { readonly extensions?: { readonly code?: string } }[];
}

const NOT_ALLOWED: ReadonlySet<string | undefined> = new Set(['UNAUTHENTICATED', 'FORBIDDEN']);

function readAnswer({ body }: Reply): CloudAnswer {
  let reply: GraphqlReply;
  try {
    reply = JSON.parse(body.toString('utf8')) as GraphqlReply;
  } catch {
    // Somebody else answered in its place: a proxy, a captive portal.
    return { came: 'NOTHING' };
  }
  if (reply.errors?.some(({ extensions }) => NOT_ALLOWED.has(extensions?.code))) return { came: 'FORBIDDEN' };
  return reply.data == null || reply.errors !== undefined ? { came: 'NOTHING' } : { came: 'DATA', data: reply.data };
}

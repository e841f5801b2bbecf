import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { monotonicMs, systemClock, type Clock } from '../../platform/clock.ts';
import type { GateDecision } from './cloud-link.ts';
import { openDoor, type HttpDoor } from './http-call.ts';
import type { CredentialSent } from './lane-credential.ts';
import { DECISION_QUERIES, PAYLOAD_FIELDS } from './decision-queries.ts';

/** One reading of a lane's devices. */
export interface ClientScan {
  readonly operation: 'CHECK_IN' | 'CHECK_OUT';
  /** Public id. */
  readonly gateId: string;
  /** A UUID made for this reading. */
  readonly scanId: string;
  readonly credential: CredentialSent;
  readonly vehicleClass?: string;
  readonly supersedes?: string;
}

export interface LaneClientOptions {
  /** Of the lot's agent, on the local network; left out where there is none. */
  readonly agentUrl?: string;
  readonly cloudUrl: string;
  /** Of the gate's own device. */
  readonly deviceKey: string;
  readonly clock?: Clock;
  /** Where scans that nobody has yet survive a restart of the controller. */
  readonly memoryFile?: string;
  /** How long each of the two is given. */
  readonly patienceMs?: number;
}

export interface LaneClient {
  /** What the barrier does about a reading: within two seconds, whatever is away. Never throws. */
  decide(scan: ClientScan): Promise<GateDecision>;
  /** Scans that nobody has durably yet. They are handed over by themselves, and once more by this; gives how many are left. */
  handOver(): Promise<number>;
  pending(): number;
  close(): Promise<void>;
}

/** A scan that is sent again until it is durable somewhere. */
interface Remembered {
  readonly scan: ClientScan;
  readonly observedAt: string;
  readonly seenMs: number | null;
  alreadyOpened: boolean;
}

const PATIENCE_MS = 1000;
const HAND_OVER_MS = 1000;
const MOST_REMEMBERED = 10_000;

/**
 * What a lane's controller uses: it asks the lot's agent, then the cloud, each for at most a second; then an exit opens by itself and an
 * entry asks for patience. Whatever is not durable anywhere yet is remembered and handed over until it is.
 */
export function openLaneClient(options: LaneClientOptions): LaneClient {
  return new Client(options);
}

class Client implements LaneClient {
  private readonly options: LaneClientOptions;
  private readonly agent: HttpDoor | undefined;
  private readonly cloud: HttpDoor;
  private readonly clock: Clock;
  private readonly remembered: Map<string, Remembered>;
  private readonly timer: NodeJS.Timeout;
  private handingOver: Promise<number> | undefined;

  constructor(options: LaneClientOptions) {
    this.options = options;
    this.clock = options.clock ?? systemClock;
    this.agent = options.agentUrl === undefined ? undefined : openDoor(options.agentUrl);
    this.cloud = openDoor(options.cloudUrl);
    this.remembered = new Map(this.read().map((item) => [item.scan.scanId, item]));
    this.timer = setInterval(() => void this.handOver(), HAND_OVER_MS);
    this.timer.unref();
  }

  pending(): number {
    return this.remembered.size;
  }

  async decide(scan: ClientScan): Promise<GateDecision> {
    const item: Remembered = {
      scan,
      observedAt: this.clock.now().toISOString(),
      seenMs: monotonicMs(),
      alreadyOpened: false,
    };
    const decision = (await this.ask(item)) ?? this.byItself(item);
    if (!decision.durable) this.remember(item, decision);
    return decision;
  }

  handOver(): Promise<number> {
    this.handingOver ??= this.handOverAll().finally(() => (this.handingOver = undefined));
    return this.handingOver;
  }

  async close(): Promise<void> {
    clearInterval(this.timer);
    this.agent?.close();
    this.cloud.close();
    await this.handingOver;
  }

  private async handOverAll(): Promise<number> {
    for (const item of [...this.remembered.values()]) {
      const decision = await this.ask(item);
      if (decision === undefined) break;
      // An agent whose disk is full keeps it in memory alone: then the cloud is told as well.
      if (decision.durable || (await this.askCloud(item))?.durable === true) this.forget(item);
    }
    return this.pending();
  }

  private async ask(item: Remembered): Promise<GateDecision | undefined> {
    return (await this.askAgent(item)) ?? this.askCloud(item);
  }

  private async askAgent({ scan, observedAt, seenMs, alreadyOpened }: Remembered): Promise<GateDecision | undefined> {
    if (this.agent === undefined) return undefined;
    const ageMs = seenMs === null ? {} : { ageMs: Math.max(0, Math.round(monotonicMs() - seenMs)) };
    const body = JSON.stringify({ ...scan, observedAt, alreadyOpened, ...(alreadyOpened ? ageMs : {}) });
    return this.post(this.agent, { path: '/v1/scans', body }, (reply) => reply as GateDecision);
  }

  private askCloud({ scan, observedAt, alreadyOpened }: Remembered): Promise<GateDecision | undefined> {
    const { operation, ...input } = scan;
    const variables = { input: { ...input, observedAt, alreadyOpened } };
    const body = JSON.stringify({ query: DECISION_QUERIES[operation], variables });
    return this.post(this.cloud, { path: '/graphql', body }, (reply) => {
      const { data } = reply as { data?: Record<string, { decision: GateDecision | null } | null> | null };
      return data?.[PAYLOAD_FIELDS[operation]]?.decision ?? undefined;
    });
  }

  private async post(
    door: HttpDoor,
    { path, body }: { path: string; body: string },
    read: (reply: unknown) => GateDecision | undefined,
  ): Promise<GateDecision | undefined> {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.options.deviceKey}` };
    const timeoutMs = this.options.patienceMs ?? PATIENCE_MS;
    try {
      const reply = await door.call({ method: 'POST', path, headers, body, timeoutMs });
      return reply.status === 200 ? read(JSON.parse(reply.body.toString('utf8'))) : undefined;
    } catch {
      // Away, late or talking nonsense: for a barrier that is one and the same.
      return undefined;
    }
  }

  /** Nobody could be asked. */
  private byItself({ scan }: Remembered): GateDecision {
    const isExit = scan.operation === 'CHECK_OUT';
    return {
      scanId: scan.scanId,
      action: isExit ? 'OPEN' : 'ASK',
      reason: isExit ? 'BILLED_LATER' : 'SYSTEM_UNAVAILABLE',
      ...{ reservationCode: null, stayId: null, ticketCode: null, spotLabel: null, directions: null, due: null },
      ...{ decidedAt: this.clock.now().toISOString(), decidedBy: 'LANE', durable: false },
    };
  }

  /** What was asked for patience is sent again by whoever stands there, if they do. */
  private remember(item: Remembered, { action, reason }: GateDecision): void {
    if (action !== 'OPEN' && reason === 'SYSTEM_UNAVAILABLE') return;
    item.alreadyOpened = action === 'OPEN';
    if (this.remembered.size >= MOST_REMEMBERED) return;
    this.remembered.set(item.scan.scanId, item);
    this.keep();
  }

  private forget({ scan }: Remembered): void {
    this.remembered.delete(scan.scanId);
    this.keep();
  }

  private keep(): void {
    const { memoryFile } = this.options;
    if (memoryFile === undefined) return;
    // The monotonic clock starts anew with the machine: what is read back has the time of day alone.
    const items = [...this.remembered.values()].map((item) => ({ ...item, seenMs: null }));
    try {
      writeFileSync(`${memoryFile}.new`, JSON.stringify(items), { mode: 0o600, flush: true });
      renameSync(`${memoryFile}.new`, memoryFile);
    } catch {
      // A full disk keeps nobody at a barrier: it is remembered for as long as this process runs.
    }
  }

  private read(): Remembered[] {
    const { memoryFile } = this.options;
    if (memoryFile === undefined) return [];
    try {
      return JSON.parse(readFileSync(memoryFile, 'utf8')) as Remembered[];
    } catch {
      // There was nothing to remember.
      return [];
    }
  }
}

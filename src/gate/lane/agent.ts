import { systemClock, monotonicMs } from '../../platform/clock.ts';
import { createLog, type Logger } from '../../platform/log.ts';
import { BundlePoll } from './bundle-poll.ts';
import { BundleStore } from './bundle-store.ts';
import { chainKey } from './chain.ts';
import { ClockWatch, type ClockState, type LaneClock } from './clock-watch.ts';
import { CloudLink, PING_MS } from './cloud-link.ts';
import { decideEntryAlone } from './decide-entry.ts';
import { decideExitAlone } from './decide-exit.ts';
import { Journal } from './journal.ts';
import { readLaneCredential } from './lane-credential.ts';
import { checkpoint, openLaneDatabase, type LaneDatabase } from './lane-database.ts';
import { readLaneKey } from './lane-key.ts';
import { LaneMetrics } from './lane-metrics.ts';
import { openLocalApi, type ListenAt } from './local-api.ts';
import { lotDoors } from './lot-doors.ts';
import { LotIndex } from './lot-index.ts';
import { Outages, type OutageKind, type OutageMemory } from './outages.ts';
import { ASK_MS, ScanDesk } from './scan-desk.ts';
import { Uploader } from './uploader.ts';
import { Whereabouts } from './whereabouts.ts';
import { unwrittenOf, Writer, type LaneIdentity } from './write-down.ts';

export interface LaneAgentOptions {
  /** Must be the lot of the key. */
  readonly lotId: string;
  readonly cloudUrl: string;
  /** Of the agent itself, role LANE. */
  readonly deviceKey: string;
  /** Where it keeps its journal and its bundle; for this agent alone. */
  readonly dataFolder: string;
  readonly listen: ListenAt;
  readonly clock?: LaneClock;
  /** By which bundles must be signed (SPKI in base64url); left out, the key of the first answer is kept for good. */
  readonly cloudKey?: string;
  readonly log?: Logger;
  /** How often it looks whether the cloud is there. */
  readonly pingMs?: number;
  /** How long the cloud is given to answer a scan; then the lane does. */
  readonly askMs?: number;
  /** How large its file may grow. */
  readonly mostBytes?: number;
}

/** What `GET /v1/state` tells. */
export interface LaneState {
  readonly lotId: string;
  readonly agentId: string;
  /** Since when each is out; null for what is not. */
  readonly outages: Record<OutageKind, string | null>;
  /** Decisions that the cloud does not have yet; those that the disk does not take are held in memory. */
  readonly queue: { readonly length: number; readonly heldInMemory: number };
  readonly journal: { readonly lastSeq: number; readonly acknowledgedSeq: number; readonly broken: readonly string[] };
  readonly bundle: {
    readonly version: number;
    readonly ageSeconds: number;
    readonly expiresAt: string;
    readonly isExpired: boolean;
  } | null;
  readonly clock: ClockState;
  /** The cloud no longer takes this agent's key. */
  readonly isRefused: boolean;
}

export interface LaneAgent {
  /** Of its door for devices, without a path. */
  readonly url: string;
  state(): LaneState;
  /** Ends it cleanly: whoever is being answered gets the answer, and everything decided is on the disk already. */
  close(): Promise<void>;
}

const MOST_BYTES = 2 * 1024 ** 3;
const FLUSH_MS = 1000;
const TIDY_MS = 3_600_000;
const CHECKPOINT_MS = 10_000;
/** So many entries stay here after the cloud has them. */
const ENTRIES_KEPT = 20_000;
const BROKEN_SHOWN = 20;
const LATER_THAN_MS = 1000;

/**
 * Starts the agent of one lot: a process that goes on deciding when the cloud, the network or the payment provider is away. Everything it
 * needs stands in its folder, so it starts without a network. Throws when the key is of another lot, or the folder is another process's.
 */
export async function startLaneAgent(options: LaneAgentOptions): Promise<LaneAgent> {
  const key = readLaneKey(options.deviceKey);
  if (key === undefined) throw new TypeError('This is no key of a device.');
  if (key.lotId !== options.lotId) throw new TypeError('The key is of another lot.');
  const database = openLaneDatabase(options.dataFolder, { mostBytes: options.mostBytes ?? MOST_BYTES });
  try {
    const journal = new Journal(database, chainKey(key.keyHash));
    const agent = new Agent({ ...options, database, journal, identity: { lotId: key.lotId, agentId: key.deviceId } });
    await agent.listen(options.listen);
    return agent;
  } catch (error) {
    database.close();
    throw error;
  }
}

interface AgentParts extends LaneAgentOptions {
  readonly database: LaneDatabase;
  readonly journal: Journal;
  readonly identity: LaneIdentity;
}

class Agent implements LaneAgent {
  url = '';
  private readonly parts: AgentParts;
  private readonly log: Logger;
  private readonly clock: ClockWatch;
  private readonly outages: Outages;
  private readonly link: CloudLink;
  private readonly store: BundleStore;
  private readonly whereabouts: Whereabouts;
  private readonly writer: Writer;
  private readonly uploader: Uploader;
  private readonly poll: BundlePoll;
  private readonly metrics = new LaneMetrics();
  private readonly broken: string[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  private index: LotIndex | undefined;
  private isRefused = false;
  private closing: Promise<void> | undefined;
  private api: { url: string; close(): Promise<void> } | undefined;

  constructor(parts: AgentParts) {
    const { journal, identity, cloudUrl, deviceKey, database } = parts;
    this.parts = parts;
    this.log = parts.log ?? createLog('info');
    this.clock = this.startClock();
    this.outages = new Outages(this.rememberedOutages(), (kind, isOut) => this.outage(kind, isOut));
    const pending = () => this.pending();
    const from = { nowMs: this.clock.nowMs(), acknowledgedSeq: journal.acknowledgedSeq };
    this.whereabouts = new Whereabouts(journal.vehicles(), from);
    this.link = new CloudLink({
      ...{ cloudUrl, deviceKey, pending, clock: this.clock, outages: this.outages },
      pingMs: parts.pingMs ?? PING_MS,
      onRefused: (isRefused) => this.refused(isRefused),
    });
    const { clock, whereabouts, link, log } = this;
    this.writer = new Writer({ identity, journal, whereabouts, clock, onFull: (error) => this.full(error) });
    this.store = new BundleStore(database, identity.lotId);
    this.uploader = new Uploader({
      ...{ link, journal, log, lotId: identity.lotId },
      isAlone: () => this.outages.isAlone(),
      onAcknowledged: (seq) => this.acknowledged(seq),
      onBroken: (broken) => this.foundBroken(broken.map(({ seq, problem }) => `${seq} ${problem}`)),
    });
    this.poll = new BundlePoll({
      ...{ link, log, pending, store: this.store },
      pinnedKey: () => this.pinnedKey(),
      pinKey: (key) => journal.setNote('cloudKey', key),
      onBundle: () => this.takeBundle(),
      onRefused: () => this.metrics.count('bundles_refused'),
    });
  }

  async listen(at: ListenAt): Promise<void> {
    const pinned = this.pinnedKey();
    if (pinned !== undefined && this.store.load(pinned)) this.takeBundle();
    const { identity, journal } = this.parts;
    const { clock, outages, link, writer, whereabouts, metrics, log } = this;
    const index = () => this.index;
    const onWritten = () => this.uploader.nudge();
    const askMs = this.parts.askMs ?? ASK_MS;
    const desk = new ScanDesk({
      askMs,
      ...{ identity, clock, outages, link, journal, writer, whereabouts, metrics, index, onWritten },
    });
    const answerTo = (scanId: string) => journal.answerTo(scanId) ?? writer.heldAnswer(scanId);
    const doors = lotDoors({ desk, writer, clock, identity, metrics, log, answerTo, onWritten });
    this.api = await openLocalApi(
      { posts: doors, state: () => this.state(), metrics: () => metrics.text(this.gauges()), index, log },
      at,
    );
    this.url = this.api.url;
    this.link.start();
    this.poll.start();
    this.uploader.start();
    this.every(FLUSH_MS, () => this.flush());
    this.every(CHECKPOINT_MS, () => this.tryToKeep(() => checkpoint(this.parts.database)));
    this.every(TIDY_MS, () => this.tryToKeep(() => journal.prune(ENTRIES_KEPT, clock.nowMs())));
    const { lastSeq, acknowledgedSeq } = journal;
    log.info(
      { url: this.url, ...identity, lastSeq, acknowledgedSeq, bundleVersion: this.index?.bundle.version },
      'ready',
    );
  }

  state(): LaneState {
    const { journal, identity } = this.parts;
    const { lastSeq, acknowledgedSeq } = journal;
    const heldInMemory = this.writer.heldCount;
    const bundle = this.index?.bundle;
    const nowMs = this.clock.nowMs();
    return {
      ...identity,
      outages: this.outages.state(),
      queue: { length: this.pending(), heldInMemory },
      journal: { lastSeq, acknowledgedSeq, broken: this.broken },
      bundle: bundle
        ? {
            version: bundle.version,
            ageSeconds: Math.round((nowMs - bundle.issuedAt) / 1000),
            expiresAt: new Date(bundle.expiresAt).toISOString(),
            isExpired: nowMs >= bundle.expiresAt,
          }
        : null,
      clock: this.clock.state(),
      isRefused: this.isRefused,
    };
  }

  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private async end(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.api?.close();
    this.poll.close();
    this.uploader.close();
    this.link.close();
    this.flush();
    this.parts.database.close();
    this.log.info({ queue: this.pending() }, 'closed');
  }

  private every(ms: number, work: () => void): void {
    this.timers.push(setInterval(work, ms));
  }

  private startClock(): ClockWatch {
    const { journal, clock = { ...systemClock, elapsedMs: monotonicMs } } = this.parts;
    const skew = journal.note('skewMs');
    const [last] = journal.entriesAfter(journal.lastSeq - 1, 1);
    const notBeforeMs = last === undefined ? 0 : (JSON.parse(last.body) as { observedAt: number }).observedAt;
    return new ClockWatch(clock, { rememberedSkewMs: skew === undefined ? undefined : Number(skew), notBeforeMs });
  }

  private rememberedOutages(): OutageMemory | undefined {
    const text = this.parts.journal.note('outages');
    return text === undefined ? undefined : (JSON.parse(text) as OutageMemory);
  }

  private pinnedKey(): string | undefined {
    return this.parts.cloudKey ?? this.parts.journal.note('cloudKey');
  }

  private pending(): number {
    const { lastSeq, acknowledgedSeq } = this.parts.journal;
    return Math.max(0, lastSeq - acknowledgedSeq) + this.writer.heldCount;
  }

  private takeBundle(): void {
    const bundle = this.store.current();
    if (bundle === undefined) return;
    const index = new LotIndex(bundle);
    const old = this.whereabouts.takeIndex(index);
    if (this.index === undefined) this.warmUp(index);
    this.index = index;
    if (old.length > 0) this.tryToKeep(() => this.parts.journal.forgetVehicles(old));
    this.outages.note('PAYMENT', bundle.paymentProvider === 'AWAY', this.clock.nowMs());
  }

  /** What is done for the first time takes tens of milliseconds: no driver should wait for that. */
  private warmUp(index: LotIndex): void {
    const { clock, whereabouts } = this;
    const at = { nowMs: clock.nowMs(), clockSkewMs: 0 };
    const credential = readLaneCredential(index, { plate: { text: 'WARM1' } }, at);
    const gate = { id: '', name: '', direction: 'BOTH', inService: true } as const;
    const question = {
      scanId: '',
      gate,
      credential,
      vehicleClass: 'CAR',
      index,
      whereabouts,
      partition: undefined,
    } as const;
    const now = { nowMs: at.nowMs, observedMs: at.nowMs, alreadyOpened: false, isClockUnsure: false };
    for (const decide of [decideEntryAlone, decideExitAlone]) {
      const asked = { question: { ...question, ...now }, operation: 'CHECK_IN', deviceObservedMs: at.nowMs } as const;
      unwrittenOf({ ...asked, verdict: decide(asked.question) }, { identity: this.parts.identity, clock });
    }
  }

  private outage(kind: OutageKind, isOut: boolean): void {
    this.log.warn({ kind, isOut, queue: this.pending() }, isOut ? 'out' : 'back');
    this.metrics.count(isOut ? `outages_${kind.toLowerCase()}` : `returns_${kind.toLowerCase()}`);
    this.tryToKeep(() => this.parts.journal.setNote('outages', JSON.stringify(this.outages.memory())));
  }

  private acknowledged(seq: number): void {
    this.tryToKeep(() => this.parts.journal.acknowledge(seq));
    this.whereabouts.acknowledged(seq, this.clock.nowMs());
  }

  private foundBroken(problems: readonly string[]): void {
    this.broken.push(...problems);
    this.broken.splice(0, Math.max(0, this.broken.length - BROKEN_SHOWN));
    this.metrics.count('journal_broken');
  }

  private refused(isRefused: boolean): void {
    if (isRefused === this.isRefused) return;
    this.isRefused = isRefused;
    if (isRefused) this.log.error('the cloud no longer takes the key of this agent: issue a new one');
  }

  private full(error: unknown): void {
    this.log.error({ err: error }, 'the journal can not be written: exits open and are held in memory, entries wait');
    this.metrics.count('journal_write_failures');
  }

  private flush(): void {
    const held = this.writer.heldCount;
    // What the cloud has makes room for what it has not.
    if (held > 0) this.tryToKeep(() => this.parts.journal.prune(0, this.clock.nowMs()));
    if (held > 0 && this.writer.flush()) {
      this.log.info({ held }, 'the journal can be written again');
      this.uploader.nudge();
    }
    const { isMeasured, skewMs } = this.clock.state();
    const known = Number(this.parts.journal.note('skewMs') ?? Number.NaN);
    if (isMeasured && !(Math.abs(skewMs - known) < LATER_THAN_MS))
      this.tryToKeep(() => this.parts.journal.setNote('skewMs', String(Math.round(skewMs))));
  }

  /** What is only remembered for a restart is not worth an answer that fails. */
  private tryToKeep(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.log.warn({ err: error }, 'the lane could not note something on its disk');
    }
  }

  private gauges(): Record<string, number> {
    const { queue, journal, bundle, clock, outages } = this.state();
    return {
      queue_length: queue.length,
      held_in_memory: queue.heldInMemory,
      journal_last_seq: journal.lastSeq,
      journal_acknowledged_seq: journal.acknowledgedSeq,
      bundle_age_seconds: bundle?.ageSeconds ?? -1,
      clock_skew_seconds: clock.skewMs / 1000,
      clock_alarm: clock.alarm ? 1 : 0,
      network_out: outages.NETWORK === null ? 0 : 1,
      cloud_out: outages.CLOUD === null ? 0 : 1,
      payment_out: outages.PAYMENT === null ? 0 : 1,
    };
  }
}

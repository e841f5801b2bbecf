import { PostgresBackend } from '@agendajs/postgres-backend';
import { Agenda, type AgendaBackend, type Job } from 'agenda';
import { Pool } from 'pg';
import type { Config } from '../config.ts';
import { systemClock } from './clock.ts';
import type { Logger } from './log.ts';

export type JobData = Record<string, unknown>;

/** What is done when a job's time has come. Runs at least once, perhaps late, perhaps beside itself: it decides from the rows. */
export interface JobHandler {
  readonly name: string;
  /** Throws to be tried again. */
  readonly run: (data: JobData) => Promise<void>;
}

/** FAILED will be tried again; PARKED was tried `MAX_TRIES` times and waits for a person. */
export type RunOutcome = 'DONE' | 'FAILED' | 'PARKED';

/** A clock for jobs, never their memory: what must not be lost is a row that a sweep finds. */
export interface Scheduler {
  /** Lets `job` run at `when` by the machine's clock; at once when that has passed. Any process may, also one that runs no jobs. */
  schedule(job: string, when: Date, data: JobData): Promise<void>;
  /** Lets `job` run after so long by the machine's clock; 0: as soon as a process has time. */
  runIn(job: string, delayMs: number, data: JobData): Promise<void>;
  /** Throws when jobs can't be scheduled now. */
  ping(): Promise<void>;
  /** Begins to run due jobs in this process; `onRun` hears of each run. */
  start(handlers: readonly JobHandler[], onRun: (job: string, outcome: RunOutcome) => void): Promise<void>;
  /** Takes up nothing more, gives back what waits, and resolves when what runs is done, or after `DRAIN_TIMEOUT_MS`. */
  stop(): Promise<void>;
  /** Closes the connections. */
  close(): Promise<void>;
}

/** A worker that died gives its jobs back after this long. Far longer than any job of ours: each of their steps is bounded. */
const LEASE_MS = 30_000;
const LOOK_EVERY_MS = 1000;
/** Of one kind, in one process; so a kind that hangs leaves room for the others. */
const AT_ONCE = 8;
const AT_ONCE_OVERALL = 24;
/** Taken ahead by one process at each look. A burst is shared between processes, and nothing waits for its lease to run out. */
const TAKEN_AHEAD = 250;
const MAX_TRIES = 5;
const FIRST_RETRY_MS = 1000;
const DRAIN_TIMEOUT_MS = 20_000;
const POOL_MAX = 6;

/** Jobs on MongoDB where there is one, otherwise on PostgreSQL. Connects when it is first used. */
export async function createScheduler(
  { databaseUrl, mongodbUrl }: Pick<Config, 'databaseUrl' | 'mongodbUrl'>,
  log: Logger,
): Promise<Scheduler> {
  if (mongodbUrl === undefined) return new AgendaScheduler(postgresStore(databaseUrl, log), log);
  // Loaded only where it is used: its driver takes a tenth of a second.
  const { mongoStore } = await import('./mongo-store.ts');
  return new AgendaScheduler(mongoStore(mongodbUrl), log);
}

/** Where jobs are kept. */
export interface JobStore {
  open(): Promise<AgendaBackend>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

function postgresStore(connectionString: string, log: Logger): JobStore {
  const pool = new Pool({
    connectionString,
    max: POOL_MAX,
    application_name: 'parkwell-jobs',
    connectionTimeoutMillis: 5000,
  });
  // Without a listener a restart of PostgreSQL would end this process.
  pool.on('error', (error) => log.warn({ err: error }, 'job connection'));
  return {
    open: async () => {
      // Its table is in the migrations. Jobs are known long before their time, so nobody needs to be woken for a new one.
      const backend = new PostgresBackend({ pool, ensureSchema: false, disableNotifications: true });
      await backend.connect();
      return backend;
    },
    ping: async () => {
      await pool.query('SELECT 1');
    },
    close: () => pool.end(),
  };
}

class AgendaScheduler implements Scheduler {
  private readonly store: JobStore;
  private readonly log: Logger;
  private agenda: Promise<Agenda> | undefined;
  private underWay = 0;
  private onIdle: (() => void) | undefined;

  constructor(store: JobStore, log: Logger) {
    this.store = store;
    this.log = log;
  }

  async schedule(job: string, when: Date, data: JobData): Promise<void> {
    const agenda = await this.connected();
    await agenda.schedule(when, job, data);
  }

  runIn(job: string, delayMs: number, data: JobData): Promise<void> {
    return this.schedule(job, new Date(systemClock.now().getTime() + delayMs), data);
  }

  ping(): Promise<void> {
    return this.store.ping();
  }

  async start(handlers: readonly JobHandler[], onRun: (job: string, outcome: RunOutcome) => void): Promise<void> {
    const agenda = await this.connected();
    for (const { name, run } of handlers) {
      agenda.define(name, (job: Job<JobData>) => this.counted(() => run(job.attrs.data)), { backoff });
      agenda.on(`success:${name}`, () => onRun(name, 'DONE'));
      agenda.on(`complete:${name}`, () => this.completed());
    }
    agenda.on('fail', (error: Error, { attrs }: Job) => {
      const { name, failCount } = attrs;
      const parked = (failCount ?? 0) >= MAX_TRIES;
      this.log[parked ? 'error' : 'warn'](
        { err: error, job: name, failCount },
        parked ? 'a job was given up' : 'a job failed and will be tried again',
      );
      onRun(name, parked ? 'PARKED' : 'FAILED');
    });
    await agenda.start();
  }

  async stop(): Promise<void> {
    if (!this.agenda) return;
    const agenda = await this.agenda;
    // `drain` would keep what was taken ahead until its lease runs out; `stop` gives it back, and we wait for the rest ourselves.
    await agenda.stop(false);
    await this.idle();
  }

  async close(): Promise<void> {
    await this.stop();
    await this.store.close();
  }

  private connected(): Promise<Agenda> {
    this.agenda ??= this.connect().catch((error: unknown) => {
      this.agenda = undefined;
      throw error;
    });
    return this.agenda;
  }

  private async connect(): Promise<Agenda> {
    const backend = await this.store.open();
    this.guard(backend);
    const agenda = new Agenda({
      backend,
      processEvery: LOOK_EVERY_MS,
      defaultConcurrency: AT_ONCE,
      maxConcurrency: AT_ONCE_OVERALL,
      defaultLockLimit: TAKEN_AHEAD,
      defaultLockLifetime: LEASE_MS,
      removeOnComplete: true,
    });
    agenda.on('error', (error) => this.log.warn({ err: error }, 'job queue'));
    await agenda.ready;
    return agenda;
  }

  /** Agenda does these two without waiting for them: a failure would be nobody's and end the process. */
  private guard(backend: AgendaBackend): void {
    backend.connect = () => Promise.resolve();
    const { repository } = backend;
    const unlockJob = repository.unlockJob.bind(repository);
    repository.unlockJob = (job) =>
      unlockJob(job).catch((error: unknown) => this.log.warn({ err: error }, 'a job keeps its lease'));
  }

  private async counted(work: () => Promise<void>): Promise<void> {
    this.underWay++;
    await work();
  }

  /** Called when the outcome of a run has been written. */
  private completed(): void {
    this.underWay--;
    if (this.underWay === 0) this.onIdle?.();
  }

  private async idle(): Promise<void> {
    if (this.underWay === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.log.error({ underWay: this.underWay }, 'jobs are still running; others take them up after their lease');
        resolve();
      }, DRAIN_TIMEOUT_MS);
      this.onIdle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** 1, 2, 4, 8 seconds; the fifth failure is the last. */
function backoff({ attempt }: { attempt: number }): number | null {
  return attempt >= MAX_TRIES ? null : FIRST_RETRY_MS * 2 ** (attempt - 1);
}

import { Migrator } from '@mikro-orm/migrations';
import {
  DeadlockException,
  DriverException,
  MikroORM,
  UniqueConstraintViolationException,
  type EntityClass,
  type EntityManager,
  type Options,
} from '@mikro-orm/postgresql';
import type { Config } from '../config.ts';
import { AccountBalance } from '../entities/account-balance.ts';
import { Allocation } from '../entities/allocation.ts';
import { AuditEntry } from '../entities/audit-entry.ts';
import { BooksCheck } from '../entities/books-check.ts';
import { Camera } from '../entities/camera.ts';
import { Debt } from '../entities/debt.ts';
import { Device } from '../entities/device.ts';
import { Driver } from '../entities/driver.ts';
import { GateEvent } from '../entities/gate-event.ts';
import { Gate } from '../entities/gate.ts';
import { IdempotencyKey } from '../entities/idempotency-key.ts';
import { Incident } from '../entities/incident.ts';
import { JournalCursor } from '../entities/journal-cursor.ts';
import { LaneAgent } from '../entities/lane-agent.ts';
import { LaneBundleVersion } from '../entities/lane-bundle-version.ts';
import { LaneScanRow } from '../entities/lane-scan.ts';
import { LedgerEntry } from '../entities/ledger-entry.ts';
import { Level } from '../entities/level.ts';
import { Lot } from '../entities/lot.ts';
import { Merchant } from '../entities/merchant.ts';
import { MonthlyPassPlate } from '../entities/monthly-pass-plate.ts';
import { MonthlyPassProduct } from '../entities/monthly-pass-product.ts';
import { MonthlyPassUse } from '../entities/monthly-pass-use.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import { Operator } from '../entities/operator.ts';
import { OutboxEvent } from '../entities/outbox-event.ts';
import { ParkedEntry } from '../entities/parked-entry.ts';
import { Passage } from '../entities/passage.ts';
import { Payment } from '../entities/payment.ts';
import { Pool } from '../entities/pool.ts';
import { ProviderCommand } from '../entities/provider-command.ts';
import { ProviderCursor } from '../entities/provider-cursor.ts';
import { ProviderFinding } from '../entities/provider-finding.ts';
import { ReceiptCounter } from '../entities/receipt-counter.ts';
import { Receipt } from '../entities/receipt.ts';
import { RefreshToken } from '../entities/refresh-token.ts';
import { Refund } from '../entities/refund.ts';
import { RelayCommand } from '../entities/relay-command.ts';
import { RepricedStay } from '../entities/repriced-stay.ts';
import { Repricing } from '../entities/repricing.ts';
import { Reservation } from '../entities/reservation.ts';
import { ScanImage } from '../entities/scan-image.ts';
import { Shift } from '../entities/shift.ts';
import { SensorChange } from '../entities/sensor-change.ts';
import { Sensor } from '../entities/sensor.ts';
import { SpotOverride } from '../entities/spot-override.ts';
import { Spot } from '../entities/spot.ts';
import { Staff } from '../entities/staff.ts';
import { Stay } from '../entities/stay.ts';
import { Tariff } from '../entities/tariff.ts';
import { PromoCode } from '../entities/promo-code.ts';
import { PromoUse } from '../entities/promo-use.ts';
import { Validation } from '../entities/validation.ts';
import { Vehicle } from '../entities/vehicle.ts';
import { WatchEntry } from '../entities/watch-entry.ts';
import { WebhookEvent } from '../entities/webhook-event.ts';
import { giveBackEnded } from './ended-connections.ts';
import { newId } from './ids.ts';
import { RowBatch } from './row-batch.ts';
import { migrationsList } from '../migrations/list.ts';
import type { Platform } from './platform.ts';
import { topic } from './topics.ts';

const ENTITIES = [
  AccountBalance, Allocation, BooksCheck, Debt, Device, Driver, Gate, GateEvent, IdempotencyKey, Incident, JournalCursor, LaneAgent, LaneBundleVersion, LaneScanRow, LedgerEntry, Level, Lot, Operator, OutboxEvent, ParkedEntry,
  Payment, Pool, ProviderCommand, ProviderCursor, ProviderFinding, Receipt, ReceiptCounter, RefreshToken, Refund, RepricedStay, Repricing, Reservation, Shift, Spot, Staff, Stay, Tariff, Vehicle, WebhookEvent,
  AuditEntry, Sensor, SensorChange, SpotOverride, WatchEntry,
  Merchant, MonthlyPass, MonthlyPassPlate, MonthlyPassProduct, MonthlyPassUse, PromoCode, PromoUse, Validation,
  Camera, Passage, RelayCommand, ScanImage,
]; // prettier-ignore

/** A client that hangs or dies may hold a lock for this long at most. */
const SESSION_SETTINGS = {
  statement_timeout: '15s',
  lock_timeout: '10s',
  idle_in_transaction_session_timeout: '10s',
  client_connection_check_interval: '1s',
  default_transaction_isolation: 'read committed',
  timezone: 'UTC',
};

/** A server that takes connections and says nothing is one that is away. */
const CONNECT_TIMEOUT_MS = 5000;
/** Above the server's own `statement_timeout`: only for a server that no longer answers. */
const QUERY_TIMEOUT_MS = 20_000;

/** For `em.execute`: from a replica where there is one. The answer may be a moment old. */
export const FROM_REPLICA = { connectionType: 'read' } as const;

/** Options shared by the server, the migration command and the schema check. */
export function ormOptions(config: Pick<Config, 'databaseUrl' | 'databaseReplicaUrls' | 'databasePoolMax'>): Options {
  return {
    entities: ENTITIES,
    extensions: [Migrator],
    clientUrl: config.databaseUrl,
    ...(config.databaseReplicaUrls.length === 0
      ? {}
      : { replicas: config.databaseReplicaUrls.map((clientUrl) => ({ clientUrl })) }),
    // A replica is behind: whoever decides reads the primary, and only what may be a moment old asks for a replica by name (FROM_REPLICA).
    preferReadReplicas: false,
    pool: { min: 0, max: config.databasePoolMax },
    driverOptions: {
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      onPoolCreated: giveBackEnded,
      options: Object.entries(SESSION_SETTINGS)
        .map(([name, value]) => `-c ${name}=${value.replaceAll(' ', '\\ ')}`)
        .join(' '),
    },
    migrations: {
      migrationsList,
      tableName: 'migration',
      snapshot: false,
      transactional: true,
      allOrNothing: true,
      silent: true,
    },
    // Agenda's table belongs to Agenda; the constraints the ORM can't express are in the migrations.
    schemaGenerator: { skipTables: ['agenda_jobs'] },
  };
}

export async function connectDatabase(config: Config): Promise<MikroORM> {
  return MikroORM.init(ormOptions(config));
}

/** Brings the database up to date. Several processes may call it at once: one does the work, the others wait for it. */
export async function migrate(databaseUrl: string): Promise<void> {
  const orm = await MikroORM.init(ormOptions({ databaseUrl, databaseReplicaUrls: [], databasePoolMax: 4 }));
  const lock = await (await orm.em.getConnection().getNativeClient()).connect();
  try {
    await lock.query(`SELECT pg_advisory_lock(hashtext('parkwell migrations'))`);
    await orm.migrator.up();
  } finally {
    lock.release(true);
    await orm.close(true);
  }
}

/** What a verb works with inside its transaction. */
export interface Transaction {
  readonly em: EntityManager;
  /** The instant of the verb: read once, the same for everything it writes. */
  readonly now: Date;
  /**
   * Writes a new row when the verb has ended, together with all others in one round trip: while a pool is locked, every round trip is
   * time in which nobody else books. Reads inside the verb do not see it.
   */
  insert<T extends object>(entity: EntityClass<T>, row: { [K in keyof T]?: T[K] }): void;
  /** Says "look" on a topic once this transaction has committed; forgotten when it does not. */
  publish(topic: string, payload: Record<string, unknown>): void;
  /** Runs once this transaction has committed (scheduling, starting a payment). Must be repeatable: what must not be lost is a row. */
  afterCommit(work: (platform: Platform) => Promise<unknown> | void): void;
  /** Writes an outbox row: what the outside must learn of this transaction. */
  announce(event: { lotId: string; type: string; aggregateId: string; payload: Record<string, unknown> }): void;
}

const MAX_ATTEMPTS = 4;
const NESTED = new WeakSet<object>();

/**
 * Runs a verb in one transaction with an EntityManager of its own. Serialisation failures, deadlocks and unlucky draws are tried again from
 * the start, three times at most. What `work` throws rolls everything back and is thrown on; a claim that the table refuses is thrown as DoubleClaim. After the commit the events are
 * published and the after-commit work is done; a failure there is logged and not thrown, since the verb has happened.
 * No network inside, no nesting.
 */
export async function inTransaction<T>(platform: Platform, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const run = new TransactionRun(platform);
    try {
      const result = await run.commit(work);
      await run.settle();
      return result;
    } catch (error) {
      if (!isRetryable(error) || attempt >= MAX_ATTEMPTS) throw asDoubleClaim(error);
      platform.metrics.transactionRetries.inc();
    }
  }
}

class TransactionRun {
  private readonly events: { topic: string; payload: Record<string, unknown> }[] = [];
  private readonly followUps: ((platform: Platform) => Promise<unknown> | void)[] = [];
  private readonly platform: Platform;

  constructor(platform: Platform) {
    this.platform = platform;
  }

  async commit<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const now = this.platform.clock.now();
    return this.platform.orm.em.fork().transactional(async (em) => {
      if (NESTED.has(em)) throw new Error('a verb must not open a transaction inside another');
      NESTED.add(em);
      const rows = new RowBatch(em);
      let announced = false;
      const result = await work({
        em,
        now,
        insert: (entity, row) => rows.add(entity, row),
        publish: (topic, payload) => this.events.push({ topic, payload }),
        afterCommit: (followUp) => this.followUps.push(followUp),
        announce: (event) => {
          rows.add(OutboxEvent, { id: newId(now), ...event, createdAt: now, attempts: 0 });
          announced = true;
        },
      });
      await rows.write();
      if (announced) this.events.push({ topic: topic.outbox, payload: {} });
      return result;
    });
  }

  async settle(): Promise<void> {
    for (const { topic, payload } of this.events) this.platform.topics.publish(topic, payload);
    for (const followUp of this.followUps) {
      try {
        await followUp(this.platform);
      } catch (error) {
        this.platform.log.error({ err: error }, 'work after a commit failed; a sweep will find it');
      }
    }
  }
}

/** A spot was claimed that somebody holds already: a writer forgot the pool lock, and the table's constraint caught it. */
export class DoubleClaim extends Error {
  override readonly name = 'DoubleClaim';
}

const EXCLUSION_VIOLATION = '23P01';

/** Thrown by a verb that finds after its locks that it locked the wrong thing: it is run again from the start. */
export class TryAgain extends Error {
  override readonly name = 'TryAgain';
}

/**
 * What another try gets right. Drawn by chance: the next draw will do (two open reservations of a lot never share a code). Done by somebody
 * else in the same moment: the verb sees it now, and says so.
 */
const RIGHT_NEXT_TIME: ReadonlySet<string> = new Set([
  'reservation_open_code',
  'shift_open_staff',
  'shift_open_device',
  'payment_terminal_receipt',
]);

function isRetryable(error: unknown): boolean {
  if (error instanceof DeadlockException || error instanceof TryAgain) return true;
  if (!(error instanceof UniqueConstraintViolationException)) return false;
  return 'constraint' in error && typeof error.constraint === 'string' && RIGHT_NEXT_TIME.has(error.constraint);
}

function asDoubleClaim(error: unknown): unknown {
  if (sqlState(error) !== EXCLUSION_VIOLATION) return error;
  return new DoubleClaim('the spot is claimed by somebody else for a part of the period', { cause: error });
}

const LOCK_NOT_AVAILABLE = '55P03';

/** True when a statement waited for a lock as long as it may: nothing is wrong, too many want the same thing at once. */
export function isLockTimeout(error: unknown): boolean {
  return sqlState(error) === LOCK_NOT_AVAILABLE;
}

/** PostgreSQL's code of an error (`23P01`: an exclusion constraint refused), or undefined. */
export function sqlState(error: unknown): string | undefined {
  if (error instanceof DriverException && typeof error.code === 'string') return error.code;
  return undefined;
}

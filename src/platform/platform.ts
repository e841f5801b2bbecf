import type { MikroORM } from '@mikro-orm/postgresql';
import type { Redis } from 'ioredis';
import type { Config } from '../config.ts';
import { createScheduler, type Scheduler } from './agenda.ts';
import { systemClock, type Clock } from './clock.ts';
import { connectDatabase } from './db.ts';
import { createLog, type Logger } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createPlateVault, type PlateVault } from './plate-vault.ts';
import { connectRedis } from './redis.ts';
import { createTopics, type Topics } from './topics.ts';

/** What every verb is handed: the connections and services of one process. */
export interface Platform {
  readonly config: Config;
  readonly orm: MikroORM;
  /** For everything but gates: commands may take a second. */
  readonly redis: Redis;
  /** For gate decisions: commands fail after 50 ms, because a driver is waiting. */
  readonly gateRedis: Redis;
  readonly topics: Topics;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly plates: PlateVault;
  /** Schedules jobs; the worker role also runs them. */
  readonly scheduler: Scheduler;
}

const GATE_COMMAND_TIMEOUT_MS = 50;
const COMMAND_TIMEOUT_MS = 2000;

/** Opens the connections of a process. `close` ends them in reverse order; call it last. */
export async function openPlatform(
  config: Config,
  options: { clock?: Clock; processMetrics?: boolean } = {},
): Promise<Platform & { close(): Promise<void> }> {
  const log = createLog(config.logLevel);
  const orm = await connectDatabase(config);
  const connect = (purpose: string, commandTimeoutMs?: number, autoPipelining = false) =>
    connectRedis({
      url: config.redisUrl,
      purpose,
      log,
      autoPipelining,
      ...(commandTimeoutMs === undefined ? {} : { commandTimeoutMs }),
    });
  const [redis, gateRedis, publisher, subscriber] = await Promise.all([
    connect('commands', COMMAND_TIMEOUT_MS, true),
    connect('gate', GATE_COMMAND_TIMEOUT_MS, true),
    connect('publisher', COMMAND_TIMEOUT_MS, true),
    connect('subscriber'),
  ]);
  const topics = createTopics({ publisher, subscriber, log });
  const scheduler = await createScheduler(config, log);
  return {
    config,
    orm,
    redis,
    gateRedis,
    topics,
    clock: options.clock ?? systemClock,
    log,
    metrics: createMetrics({ processMetrics: options.processMetrics ?? false }),
    plates: createPlateVault(config.dataKey),
    scheduler,
    close: async () => {
      await scheduler.close();
      await topics.close();
      for (const connection of [redis, gateRedis, publisher, subscriber]) connection.disconnect();
      await orm.close(true);
    },
  };
}

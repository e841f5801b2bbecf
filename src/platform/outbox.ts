import type { Platform } from './platform.ts';
import { topic } from './topics.ts';
import { withinMs } from './within-ms.ts';

/** What a sink hears of: what happened to one aggregate of one lot. It says "look"; the truth is read afresh. */
export interface OutboxMessage {
  readonly id: string;
  readonly lotId: string;
  /** `reservation.confirmed`, `payment.captured`, … */
  readonly type: string;
  readonly aggregateId: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly createdAt: Date;
}

/** A consumer. It may hear a message again, so hearing it twice must do no harm; the messages of one aggregate come in their order. */
export interface OutboxSink {
  readonly name: string;
  readonly wants: (type: string) => boolean;
  readonly deliver: (platform: Platform, message: OutboxMessage) => Promise<void>;
  /** Throws while what the sink speaks to is away: then its messages wait, and none is given up for it. */
  readonly ping?: (platform: Platform) => Promise<unknown>;
}

const BATCH = 50;
/** Each takes a batch, and the slowest message of one holds up only what comes after it there. */
const LANES = 4;
const POLL_MS = 1000;
/** A message on which a process died is taken up again after this. */
const CLAIM_MS = 30_000;
const DELIVERY_TIMEOUT_MS = 4000;
const MAX_TRIES = 5;
const FIRST_RETRY_MS = 1000;
const AWAY_RETRY_MS = 1000;
const FORGET_BATCH = 5000;

/**
 * Hands every open message to the sinks that want it, at least once, those of one aggregate in the order in which they were written; gives
 * how many were delivered. A message that a sink refuses is tried again after 1, 2, 4 and 8 seconds and then parked, with a log
 * line and a metric; until then it holds up its own aggregate, and no other. Any number of processes may do this at once: they skip each
 * other's messages, and of an aggregate only the oldest open one can be taken.
 */
export async function relayOutbox(platform: Platform, sinks: readonly OutboxSink[]): Promise<number> {
  let delivered = 0;
  for (;;) {
    const round = await relayRound(platform, sinks);
    if (round.claimed === 0) return delivered;
    delivered += round.delivered;
  }
}

/**
 * Relays until it is told to stop: at once when a transaction has announced something, and every `pollMs` (a second) in case nobody heard
 * of it.
 */
export function startOutboxRelay(
  platform: Platform,
  sinks: readonly OutboxSink[],
  { pollMs = POLL_MS } = {},
): { stop(): Promise<void> } {
  const bells = Array.from({ length: LANES }, () => new Bell());
  const ring = () => bells.forEach((bell) => bell.ring());
  const heard = platform.topics.pubsub.subscribe(topic.outbox, ring);
  heard.catch((error: unknown) =>
    platform.log.warn({ err: error }, 'the relay is not told of new messages; it looks every second'),
  );
  let stopping = false;
  const lane = async (bell: Bell) => {
    while (!stopping) {
      const { claimed } = await relayRound(platform, sinks).catch((error: unknown) => {
        platform.log.warn({ err: error }, 'messages could not be relayed; trying again');
        return { claimed: 0 };
      });
      if (claimed === 0 && !stopping) await bell.wait(pollMs);
    }
  };
  const lanes = bells.map(lane);
  return {
    stop: async () => {
      stopping = true;
      ring();
      await Promise.all(lanes);
      const subscription = await heard.catch(() => undefined);
      if (subscription !== undefined) platform.topics.pubsub.unsubscribe(subscription);
    },
  };
}

/** Deletes messages that were relayed before `relayedBefore`, at most 5,000; gives how many. */
export async function forgetRelayed(platform: Platform, relayedBefore: Date): Promise<number> {
  const forgotten = await platform.orm.em
    .fork()
    .execute<unknown[]>(
      `DELETE FROM outbox_event WHERE id IN (SELECT id FROM outbox_event WHERE relayed_at < ? LIMIT ${FORGET_BATCH}) RETURNING id`,
      [relayedBefore],
    );
  return forgotten.length;
}

interface Claimed extends OutboxMessage {
  readonly attempts: number;
}

async function relayRound(
  platform: Platform,
  sinks: readonly OutboxSink[],
): Promise<{ claimed: number; delivered: number }> {
  const claimed = await claim(platform);
  const outcomes = await Promise.all(claimed.map((message) => relay(platform, sinks, message)));
  return { claimed: claimed.length, delivered: outcomes.filter((delivered) => delivered).length };
}

/**
 * Takes the oldest open message of up to 50 aggregates. It is one statement: the sinks are spoken to when no row is locked any more, and the
 * claim keeps other relays away meanwhile. Nothing can come in front of a claimed message later: `seq` is drawn under its aggregate's lock.
 */
async function claim(platform: Platform): Promise<Claimed[]> {
  const now = platform.clock.now();
  const rows = await platform.orm.em
    .fork()
    .execute<(Omit<Claimed, 'createdAt'> & { createdAt: string; seq: string })[]>(
      `WITH oldest AS (
       SELECT id FROM outbox_event AS head
       WHERE relayed_at IS NULL AND parked_at IS NULL AND (claimed_until IS NULL OR claimed_until <= ?)
         AND NOT EXISTS (
           SELECT 1 FROM outbox_event AS earlier
           WHERE earlier.aggregate_id = head.aggregate_id AND earlier.seq < head.seq AND earlier.relayed_at IS NULL AND earlier.parked_at IS NULL)
       ORDER BY seq LIMIT ${BATCH} FOR UPDATE SKIP LOCKED)
     UPDATE outbox_event AS event SET claimed_until = ?, attempts = attempts + 1 FROM oldest WHERE event.id = oldest.id
     RETURNING event.id, lot_id AS "lotId", type, aggregate_id AS "aggregateId", payload, created_at AS "createdAt", attempts, seq`,
      [now, new Date(now.getTime() + CLAIM_MS)],
    );
  return rows
    .map((row) => ({ ...row, createdAt: new Date(row.createdAt) }))
    .sort((a, b) => Number(a.seq) - Number(b.seq));
}

/** Every sink hears the message, also when another one has refused it. */
async function relay(platform: Platform, sinks: readonly OutboxSink[], message: Claimed): Promise<boolean> {
  const wanting = sinks.filter(({ wants }) => wants(message.type));
  const failures = (await Promise.all(wanting.map((sink) => deliver(platform, sink, message)))).filter(
    (failure) => failure !== undefined,
  );
  if (failures.length === 0) {
    await finish(platform, message, { relayedAt: platform.clock.now() });
    platform.metrics.outboxDelaySeconds.observe(
      Math.max(0, platform.clock.now().getTime() - message.createdAt.getTime()) / 1000,
    );
    return true;
  }
  await postpone(platform, message, failures);
  return false;
}

interface Failure {
  readonly sink: string;
  readonly error: unknown;
  /** What the sink speaks to is there: it is the message that it can't take. */
  readonly refused: boolean;
}

async function deliver(platform: Platform, sink: OutboxSink, message: OutboxMessage): Promise<Failure | undefined> {
  try {
    await withinMs(DELIVERY_TIMEOUT_MS, sink.deliver(platform, message));
    return undefined;
  } catch (error) {
    const refused = await withinMs(DELIVERY_TIMEOUT_MS, Promise.resolve(sink.ping?.(platform))).then(
      () => true,
      () => false,
    );
    return { sink: sink.name, error, refused };
  }
}

async function postpone(platform: Platform, message: Claimed, failures: readonly Failure[]): Promise<void> {
  const now = platform.clock.now();
  const refusals = failures.filter(({ refused }) => refused);
  const { id, type, attempts } = message;
  const facts = {
    err: (refusals[0] ?? failures[0])?.error,
    messageId: id,
    type,
    attempts,
    sinks: failures.map(({ sink }) => sink),
  };
  if (refusals.length === 0) {
    platform.log.warn(facts, 'a message waits until its consumer can be reached again');
    return finish(platform, message, { claimedUntil: new Date(now.getTime() + AWAY_RETRY_MS), uncounted: true });
  }
  if (attempts < MAX_TRIES) {
    platform.log.warn(facts, 'a message was refused and will be tried again');
    return finish(platform, message, { claimedUntil: new Date(now.getTime() + FIRST_RETRY_MS * 2 ** (attempts - 1)) });
  }
  platform.log.error(facts, 'a message was refused too often and is parked');
  platform.metrics.outboxParked.inc({ type });
  return finish(platform, message, { parkedAt: now });
}

interface Ending {
  readonly relayedAt?: Date;
  readonly parkedAt?: Date;
  readonly claimedUntil?: Date;
  /** This try did not count. */
  readonly uncounted?: true;
}

/** Writes how a claim ended, unless it ran out meanwhile and another relay has the message. */
async function finish(platform: Platform, { id, attempts }: Claimed, ending: Ending): Promise<void> {
  await platform.orm.em.fork().execute(
    `UPDATE outbox_event SET relayed_at = ?, parked_at = ?, claimed_until = ?, attempts = ?
     WHERE id = ? AND attempts = ? AND relayed_at IS NULL`,
    [
      ending.relayedAt ?? null,
      ending.parkedAt ?? null,
      ending.claimedUntil ?? null,
      ending.uncounted ? attempts - 1 : attempts,
      id,
      attempts,
    ],
  );
}

/** Wakes the one who waits; a ring that nobody was waiting for is kept for the next wait. */
class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Resolves at the next ring, or after `ms`. */
  async wait(ms: number): Promise<void> {
    if (!this.rung) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        timer = setTimeout(resolve, ms);
      });
      clearTimeout(timer);
    }
    this.rung = false;
  }
}

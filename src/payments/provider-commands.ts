import { Refusal } from '../domain/refusal.ts';
import type { CommandKind } from '../domain/payment.ts';
import { ProviderCommand } from '../entities/provider-command.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { inBackground } from './background.ts';
import { ProviderTrouble } from './provider-answers.ts';

/** What a command is about. Of each kind one at most is open for a payment or refund. */
export interface CommandSubject {
  readonly kind: CommandKind;
  readonly lotId: string;
  readonly subjectId: string;
}

/** A command that was taken up: whoever has it may finish it while `attempts` stays what it is. */
export interface Command extends CommandSubject {
  readonly id: string;
  readonly ref: string | null;
  readonly attempts: number;
  readonly failures: number;
}

/**
 * DONE: nothing is left to ask. TROUBLE: the provider could not be asked, or does not know yet; tried again with back-off, as long as
 * it takes. `againInMs`: nothing was wrong, but it is to be looked at again.
 */
export type CommandOutcome = 'DONE' | 'TROUBLE' | { readonly againInMs: number };

/** Does what a command wants, from the rows: running it twice, late, or beside another does no harm. */
export type CommandHandler = (
  platform: Platform,
  command: CommandSubject & { ref: string | null },
) => Promise<CommandOutcome>;
export type CommandHandlers = Readonly<Record<CommandKind, CommandHandler>>;

/** Longer than any command takes: its calls wait at most 5 s for their turn and 9 s for their answer. */
const LEASE_MS = 120_000;
const FIRST_RETRY_MS = 5000;
const LONGEST_RETRY_MS = 60_000;
/** How often a command may fail through no fault of the provider's. */
const MAX_FAILURES = 5;
/** How many the process that writes them tries beside its callers; what is more is the worker's. */
const MAX_AT_ONCE = 16;

/**
 * Writes a command about a subject that is new in this transaction, together with the other rows, and tries it in this process as soon
 * as the transaction has committed, so that a refund leaves within seconds. Whatever becomes of that try, the row stays until it is done.
 */
export function commandNow(tx: Transaction, about: CommandSubject, handle: CommandHandler): void {
  const id = newId(tx.now);
  const counts = { attempts: 0, failures: 0 };
  tx.insert(ProviderCommand, { ...about, ...counts, id, nextAttemptAt: tx.now, createdAt: tx.now });
  tryAfterCommit(tx, { lotId: about.lotId, id }, handle);
}

/**
 * The same about a subject that may have such a command already: that one is hastened, and whoever works on it at this moment does not
 * finish it. With `dueInMs` it is only written, for a worker to come to.
 */
export async function commandAgain(
  tx: Transaction,
  about: CommandSubject & { ref?: string },
  when: { handle: CommandHandler } | { dueInMs: number },
): Promise<void> {
  const { kind, lotId, subjectId, ref = null } = about;
  const dueAt = new Date(tx.now.getTime() + ('dueInMs' in when ? when.dueInMs : 0));
  const [row] = await tx.em.execute<{ id: string }[]>(
    `INSERT INTO provider_command (lot_id, id, kind, subject_id, ref, next_attempt_at, attempts, failures, created_at)
     VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?)
     ON CONFLICT (lot_id, kind, subject_id) WHERE finished_at IS NULL DO UPDATE SET
       next_attempt_at = least(provider_command.next_attempt_at, excluded.next_attempt_at), ref = coalesce(excluded.ref, provider_command.ref),
       attempts = provider_command.attempts + 1, failures = 0, parked_at = NULL
     RETURNING id`,
    [lotId, newId(tx.now), kind, subjectId, ref, dueAt, tx.now],
  );
  if (row && 'handle' in when) tryAfterCommit(tx, { lotId, id: row.id }, when.handle);
}

function tryAfterCommit(tx: Transaction, key: { lotId: string; id: string }, handle: CommandHandler): void {
  tx.afterCommit((platform) =>
    inBackground(platform, MAX_AT_ONCE, async () => {
      const [command] = await claim(platform, { one: key });
      if (command) await run(platform, command, handle);
    }),
  );
}

/**
 * Works off up to `limit` commands that are due, side by side, each under a lease; gives how many there were. Any number of processes
 * may do this at once: they skip each other's rows. A command whose process died is taken up again when its lease is over.
 */
export async function runDueCommands(platform: Platform, handlers: CommandHandlers, limit: number): Promise<number> {
  const commands = await claim(platform, { limit });
  await Promise.all(commands.map((command) => run(platform, command, handlers[command.kind])));
  return commands.length;
}

const RETURNED = `command.lot_id AS "lotId", command.id, command.kind, command.subject_id AS "subjectId", command.ref, command.attempts, command.failures`;

/** One statement: nothing is locked while the provider is spoken to. */
async function claim(
  platform: Platform,
  which: { one: { lotId: string; id: string } } | { limit: number },
): Promise<Command[]> {
  const now = platform.clock.now();
  const [condition, values] =
    'one' in which
      ? ['AND lot_id = ? AND id = ? LIMIT 1', [which.one.lotId, which.one.id]]
      : ['ORDER BY next_attempt_at LIMIT ?', [which.limit]];
  return platform.orm.em.fork().execute<Command[]>(
    `WITH due AS (
       SELECT lot_id, id FROM provider_command
       WHERE finished_at IS NULL AND parked_at IS NULL AND next_attempt_at <= ? ${condition} FOR UPDATE SKIP LOCKED)
     UPDATE provider_command AS command SET attempts = attempts + 1, next_attempt_at = ? FROM due
     WHERE command.lot_id = due.lot_id AND command.id = due.id RETURNING ${RETURNED}`,
    [now, ...values, new Date(now.getTime() + LEASE_MS)],
  );
}

async function run(platform: Platform, command: Command, handle: CommandHandler): Promise<void> {
  const { kind, lotId, subjectId } = command;
  try {
    const outcome = await handle(platform, { kind, lotId, subjectId, ref: command.ref });
    await conclude(platform, command, outcome);
  } catch (error) {
    if (isTrouble(error)) return conclude(platform, command, 'TROUBLE');
    await noteFailure(platform, command, error);
  }
}

function isTrouble(error: unknown): boolean {
  return error instanceof ProviderTrouble || (error instanceof Refusal && error.code === 'PAYMENT_UNAVAILABLE');
}

async function conclude(platform: Platform, command: Command, outcome: CommandOutcome): Promise<void> {
  const { kind, attempts } = command;
  const now = platform.clock.now();
  const name = typeof outcome === 'string' ? outcome.toLowerCase() : 'again';
  platform.metrics.providerCommands.inc({ kind, outcome: name });
  if (outcome === 'DONE') return end(platform, command, { finishedAt: now });
  const waitMs = outcome === 'TROUBLE' ? backOffMs(attempts) : outcome.againInMs;
  return end(platform, command, { nextAttemptAt: new Date(now.getTime() + waitMs) });
}

async function noteFailure(platform: Platform, command: Command, error: unknown): Promise<void> {
  const { kind, lotId, subjectId, attempts } = command;
  const failures = command.failures + 1;
  const facts = { err: error, kind, lotId, subjectId, failures };
  const now = platform.clock.now();
  if (failures < MAX_FAILURES) {
    platform.log.warn(facts, 'a command for the payment provider failed and will be tried again');
    platform.metrics.providerCommands.inc({ kind, outcome: 'failed' });
    return end(platform, command, { failures, nextAttemptAt: new Date(now.getTime() + backOffMs(attempts)) });
  }
  platform.log.error(facts, 'a command for the payment provider failed too often and is parked');
  platform.metrics.providerCommands.inc({ kind, outcome: 'parked' });
  return end(platform, command, { failures, parkedAt: now });
}

function backOffMs(attempts: number): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts - 1, 8));
}

interface Ending {
  readonly finishedAt?: Date;
  readonly parkedAt?: Date;
  readonly nextAttemptAt?: Date;
  readonly failures?: number;
}

/** Writes how a try ended, unless its lease ran out or the command was wanted again: then it is somebody else's. */
async function end(platform: Platform, { lotId, id, attempts, failures }: Command, ending: Ending): Promise<void> {
  await platform.orm.em.fork().execute(
    `UPDATE provider_command SET finished_at = ?, parked_at = ?, next_attempt_at = coalesce(?, next_attempt_at), failures = ?
     WHERE lot_id = ? AND id = ? AND attempts = ? AND finished_at IS NULL`,
    [
      ending.finishedAt ?? null,
      ending.parkedAt ?? null,
      ending.nextAttemptAt ?? null,
      ending.failures ?? failures,
      ...[lotId, id, attempts],
    ],
  );
}

const FORGET_BATCH = 5000;

/** Deletes commands that were finished before `finishedBefore`, at most 5,000; gives how many. */
export async function forgetFinished(platform: Platform, finishedBefore: Date): Promise<number> {
  const forgotten = await platform.orm.em
    .fork()
    .execute<unknown[]>(
      `DELETE FROM provider_command WHERE (lot_id, id) IN (SELECT lot_id, id FROM provider_command WHERE finished_at < ? LIMIT ${FORGET_BATCH}) RETURNING id`,
      [finishedBefore],
    );
  return forgotten.length;
}

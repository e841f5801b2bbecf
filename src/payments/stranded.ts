import { COMMAND_KINDS, type CommandKind } from '../domain/payment.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { commandAgain } from './provider-commands.ts';

/** Younger rows may be in the hands of whoever wrote them. */
const UNTOUCHED_MS = 60_000;
const PAYER_MS = 24 * 3_600_000;
const ABANDONED_MS = 600_000;
const BATCH = 500;

interface Stranded {
  readonly lotId: string;
  readonly subjectId: string;
  readonly kind: CommandKind;
}

/**
 * Writes the commands that are missing: for payments and refunds that want something of the provider and for which none is open,
 * because a process without commands wrote them, or a row was mended by hand. At most 500 of each; gives how many it found.
 */
export async function adoptStranded(platform: Platform): Promise<number> {
  const found = [...(await strandedPayments(platform)), ...(await strandedRefunds(platform))];
  for (const about of found) await inTransaction(platform, (tx) => commandAgain(tx, about, { dueInMs: 0 }));
  return found.length;
}

/** Counts what is due and not finished, for whoever watches over it: how much of each kind, and how old the oldest charge or refund is. */
export async function measureCommands({ orm, clock, metrics }: Platform): Promise<void> {
  const now = clock.now();
  const rows = await orm.em.fork().execute<{ kind: CommandKind; open: number; oldest: string }[]>(
    `SELECT kind, count(*)::int AS open, min(created_at) AS oldest FROM provider_command
     WHERE finished_at IS NULL AND next_attempt_at <= ? GROUP BY kind`,
    [now],
  );
  for (const kind of COMMAND_KINDS)
    metrics.providerCommandsOpen.set({ kind }, rows.find((row) => row.kind === kind)?.open ?? 0);
  const money = rows
    .filter(({ kind }) => kind === 'CHARGE' || kind === 'REFUND')
    .map(({ oldest }) => Date.parse(oldest));
  metrics.providerCommandsOldestSeconds.set(money.length === 0 ? 0 : (now.getTime() - Math.min(...money)) / 1000);
}

const NOBODY_HAS = `NOT EXISTS (SELECT 1 FROM provider_command AS command WHERE command.lot_id = subject.lot_id
  AND command.subject_id = subject.id AND command.finished_at IS NULL)`;

function strandedPayments(platform: Platform): Promise<Stranded[]> {
  const nowMs = platform.clock.now().getTime();
  return platform.orm.em.fork().execute<Stranded[]>(
    `SELECT subject.lot_id AS "lotId", subject.id AS "subjectId", CASE WHEN subject.kind IN ('NO_SHOW_FEE', 'OVERSTAY') THEN 'CHARGE' ELSE 'LOOK' END AS kind
     FROM payment AS subject LEFT JOIN reservation ON subject.kind = 'RESERVATION'
       AND reservation.lot_id = subject.lot_id AND reservation.id = subject.reservation_id
     WHERE subject.method = 'CARD' AND subject.state IN ('OWED', 'UNKNOWN', 'PROCESSING', 'REQUIRES_PAYMENT', 'REQUIRES_ACTION') AND subject.updated_at < ?
       AND (subject.kind IN ('NO_SHOW_FEE', 'OVERSTAY') OR subject.state IN ('UNKNOWN', 'PROCESSING')
         OR (subject.state <> 'OWED' AND subject.created_at > ?)
         OR (reservation.state IN ('EXPIRED', 'CANCELLED') AND reservation.ended_at <= ?))
       AND ${NOBODY_HAS}
     ORDER BY subject.updated_at LIMIT ${BATCH}`,
    [new Date(nowMs - UNTOUCHED_MS), new Date(nowMs - PAYER_MS), new Date(nowMs - ABANDONED_MS)],
  );
}

function strandedRefunds(platform: Platform): Promise<Stranded[]> {
  return platform.orm.em.fork().execute<Stranded[]>(
    `SELECT subject.lot_id AS "lotId", subject.id AS "subjectId", 'REFUND' AS kind FROM refund AS subject
     WHERE subject.method = 'CARD' AND subject.state IN ('OWED', 'UNKNOWN', 'SENT') AND subject.updated_at < ? AND ${NOBODY_HAS}
     ORDER BY subject.updated_at LIMIT ${BATCH}`,
    [new Date(platform.clock.now().getTime() - UNTOUCHED_MS)],
  );
}

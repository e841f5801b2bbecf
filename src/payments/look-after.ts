import type { PaymentKind } from '../domain/payment.ts';
import type { Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { commandAgain, type CommandSubject } from './provider-commands.ts';

/** How long whoever began a payment, or its webhook, may take before we ask ourselves. */
const FIRST_LOOK_MS = 60_000;
const LONGEST_BETWEEN_LOOKS_MS = 10 * 60_000;
/** Whoever has not paid within a day is not asked after any more; should they pay, the provider's events say so. */
const PAYER_MS = 24 * 3_600_000;
/** Whoever is at their bank's page when the hold runs out may finish: the money goes back by itself. */
const ABANDONED_MS = 600_000;

/** What somebody has to do for a payment: DROP what nobody shall pay any more, START what was cut off, ASK what became of it. */
export interface Care {
  readonly care: 'NOTHING' | 'DROP' | 'START' | 'ASK';
  readonly kind: PaymentKind;
  /** When to look again if this leads nowhere. */
  readonly againInMs: number;
}

/**
 * A locked payment is about to be unknown: whatever becomes of the process that asks, somebody looks after it in a minute, and again
 * until it has come to an end.
 */
export async function lookLater(tx: Transaction, payment: { lotId: string; id: string }): Promise<void> {
  const about = { kind: 'LOOK', lotId: payment.lotId, subjectId: payment.id } as const;
  await commandAgain(tx, about, { dueInMs: FIRST_LOOK_MS });
}

interface Row {
  readonly kind: PaymentKind;
  readonly state: string;
  readonly started: boolean;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

/** What is to be done for a payment now, by its row and by the reservation that it pays for. Reads only. */
export async function careOf(
  platform: Platform,
  { lotId, subjectId }: Pick<CommandSubject, 'lotId' | 'subjectId'>,
): Promise<Care> {
  const [row] = await platform.orm.em.fork().execute<Row[]>(
    `SELECT payment.kind, payment.state, payment.provider_ref IS NOT NULL AS started, payment.created_at AS "createdAt",
       CASE WHEN reservation.state IN ('EXPIRED', 'CANCELLED') THEN reservation.ended_at END AS "endedAt"
     FROM payment LEFT JOIN reservation ON payment.kind = 'RESERVATION'
       AND reservation.lot_id = payment.lot_id AND reservation.id = payment.reservation_id
     WHERE payment.lot_id = ? AND payment.id = ?`,
    [lotId, subjectId],
  );
  if (!row) throw new Error(`a command names payment ${subjectId}, which is not there`);
  const ageMs = platform.clock.now().getTime() - Date.parse(row.createdAt);
  const againInMs = Math.min(Math.max(ageMs, FIRST_LOOK_MS), LONGEST_BETWEEN_LOOKS_MS);
  return { care: decide(row, platform.clock.now()), kind: row.kind, againInMs };
}

function decide({ state, started, createdAt, endedAt }: Row, now: Date): Care['care'] {
  const waitsForPayer = state === 'REQUIRES_PAYMENT' || state === 'REQUIRES_ACTION';
  const isOpen = waitsForPayer || state === 'UNKNOWN' || state === 'OWED' || state === 'PROCESSING';
  if (!isOpen) return 'NOTHING';
  const isAbandoned = endedAt !== null && now.getTime() - Date.parse(endedAt) >= ABANDONED_MS;
  if (isAbandoned && state !== 'PROCESSING') return 'DROP';
  if (!started) return state === 'UNKNOWN' ? 'START' : 'NOTHING';
  return waitsForPayer && now.getTime() - Date.parse(createdAt) >= PAYER_MS ? 'NOTHING' : 'ASK';
}

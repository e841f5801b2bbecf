import type { EntityManager } from '@mikro-orm/postgresql';
import type { CommandKind } from '../domain/payment.ts';
import { laterOf } from '../domain/period.ts';
import { ProviderCursor } from '../entities/provider-cursor.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { reportUnknown } from './findings.ts';
import type { ListedDispute, ListedIntent, ListedRefund, ProviderEvent } from './provider-answers.ts';
import { commandAgain } from './provider-commands.ts';
import { gatewayOf } from './stripe.ts';
import { concernOf, handledAmong, rememberHandled, type Concern } from './webhook.ts';

const CURSOR = 'stripe';
/** What is written at this moment may stand in the list a little later. */
const OVERLAP_MS = 120_000;
/** Where an installation begins that never looked before. */
const FIRST_LOOK_MS = 24 * 3_600_000;

/** What a page of the provider's list says that our rows do not. */
interface News {
  readonly kind: CommandKind;
  readonly lotId: string;
  readonly subjectId: string;
  readonly ref?: string;
}

/**
 * Compares what the provider has with what we have, since the last time and a little before, and writes a command for each thing of
 * which we have not heard: so the state converges when every webhook is lost. Its events tell what moved, however old the payment is
 * (a bank sends a refund back days later); its lists of payments, refunds and disputes are compared with our rows. Money that it has
 * in our name and we do not know (a restore has lost the row) is reported for a person, once.
 * The cursor moves to the latest event when everything was read: it is told by the provider's clock, for ours may go wrong. It is restored
 * with the database: what a restore lost lies behind it. Gives how much was news. Talks to the provider. Throws ProviderTrouble when it can't be asked: the next run reads the same again.
 */
export async function reconcile(platform: Platform): Promise<number> {
  const gateway = gatewayOf(platform);
  const startedAt = platform.clock.now();
  const cursor = await platform.orm.em.fork().findOne(ProviderCursor, { name: CURSOR });
  const readBefore = cursor?.readUntil ?? new Date(startedAt.getTime() - FIRST_LOOK_MS);
  const since = new Date(readBefore.getTime() - OVERLAP_MS);
  const run: Run = { platform, followed: new Set() };
  let readUntil = readBefore;
  for await (const page of gateway.listEvents(since)) {
    await takeEvents(run, page);
    for (const { createdAt } of page) readUntil = laterOf(readUntil, createdAt);
  }
  for await (const page of gateway.listIntents(since)) await compareIntents(run, page);
  for await (const page of gateway.listRefunds(since)) await compareRefunds(run, page);
  for await (const page of gateway.listDisputes(since)) await compareDisputes(run, page);
  await platform.orm.em.fork().upsert(ProviderCursor, { name: CURSOR, readUntil });
  platform.metrics.reconciledUntilSeconds.set(startedAt.getTime() / 1000);
  return run.followed.size;
}

/** One comparison of everything. */
interface Run {
  readonly platform: Platform;
  /** What a command was written for: the lists tell the same thing more than once. */
  readonly followed: Set<string>;
}

async function takeEvents(run: Run, events: readonly ProviderEvent[]): Promise<void> {
  const { platform } = run;
  const handled = await handledAmong(platform, events);
  for (const event of events.filter(({ id }) => !handled.has(id))) {
    const concern = await concernOf(platform, event);
    if (concern) await follow(run, newsOf(concern));
    await rememberHandled(platform, event);
  }
}

function newsOf(concern: Concern): News {
  const { lotId } = concern;
  switch (concern.about) {
    case 'PAYMENT':
      return { kind: 'SETTLE', lotId, subjectId: concern.paymentId };
    case 'REFUND':
      return { kind: 'REFUND', lotId, subjectId: concern.refundId };
    case 'DISPUTE':
      return { kind: 'DISPUTE', lotId, subjectId: concern.paymentId, ref: concern.disputeRef };
  }
}

async function follow({ platform, followed }: Run, news: News): Promise<void> {
  const name = `${news.kind} ${news.subjectId} ${news.ref ?? ''}`;
  if (followed.has(name)) return;
  await inTransaction(platform, (tx) => commandAgain(tx, news, { dueInMs: 0 }));
  followed.add(name);
  platform.metrics.reconciled.inc({ about: news.kind.toLowerCase() });
}

interface KnownPayment {
  readonly lotId: string;
  readonly id: string;
  readonly providerRef: string | null;
  readonly state: string;
  readonly captured: boolean;
}

/**
 * By the provider's id, or by ours where the process died before it had written the provider's down. Money in a second intent of a payment
 * is none that we know.
 */
async function compareIntents(run: Run, intents: readonly ListedIntent[]): Promise<void> {
  const { platform } = run;
  const em = platform.orm.em.fork();
  const known = await paymentsOf(em, { refs: intents.map(({ ref }) => ref), keys: keysIn(intents, 'paymentId') });
  const byRef = new Map(known.map((payment) => [payment.providerRef, payment]));
  const byId = new Map(known.map((payment) => [payment.id, payment]));
  for (const intent of intents) {
    const payment = byRef.get(intent.ref) ?? byId.get(intent.metadata['paymentId'] ?? '');
    const isPaid = intent.status === 'SUCCEEDED';
    if (!payment) {
      const isOurs = intent.metadata['paymentId'] !== undefined && intent.status !== 'CANCELED';
      if (isOurs) await reportUnknown(platform, { kind: 'PAYMENT', ...intent });
    } else if (payment.providerRef !== null && payment.providerRef !== intent.ref) {
      if (isPaid) await reportUnknown(platform, { kind: 'PAYMENT', ...intent });
    } else if (isPaid && !payment.captured) {
      await follow(run, { kind: 'SETTLE', lotId: payment.lotId, subjectId: payment.id });
    }
  }
}

async function compareRefunds(run: Run, refunds: readonly ListedRefund[]): Promise<void> {
  const { platform } = run;
  const { lotIds, ids } = keysIn(refunds, 'refundId');
  const known = await platform.orm.em
    .fork()
    .execute<{ lotId: string; id: string; state: string }[]>(
      `SELECT lot_id AS "lotId", id, state FROM refund WHERE (lot_id, id) IN (${KEYS})`,
      [lotIds.join(','), ids.join(',')],
    );
  const byId = new Map(known.map((refund) => [refund.id, refund]));
  for (const listed of refunds) {
    const refundId = listed.metadata['refundId'];
    // One that a person made with the provider's own tools is the operator's to book.
    if (refundId === undefined) continue;
    const refund = byId.get(refundId);
    if (!refund) await reportUnknown(platform, { kind: 'REFUND', ...listed });
    else if (differs(refund.state, listed))
      await follow(run, { kind: 'REFUND', lotId: refund.lotId, subjectId: refund.id });
  }
}

/** Pending there is no news: it is looked at now and then. */
function differs(state: string, { status }: ListedRefund): boolean {
  return (
    (status === 'FAILED' && state !== 'FAILED') ||
    (status === 'SUCCEEDED' && state !== 'SUCCEEDED' && state !== 'FAILED')
  );
}

async function compareDisputes(run: Run, disputes: readonly ListedDispute[]): Promise<void> {
  const refs = disputes.flatMap(({ intentRef }) => (intentRef === null ? [] : [intentRef]));
  const known = await paymentsOf(run.platform.orm.em.fork(), { refs, keys: NO_KEYS });
  const byRef = new Map(known.map((payment) => [payment.providerRef, payment]));
  for (const { ref, intentRef, status } of disputes) {
    const payment = byRef.get(intentRef);
    if (payment && (payment.state === 'DISPUTED') !== (status !== 'WON'))
      await follow(run, { kind: 'DISPUTE', lotId: payment.lotId, subjectId: payment.id, ref });
  }
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Rows of ours by what we wrote on the provider's objects when we made them: each id beside its lot. */
interface Keys {
  readonly lotIds: readonly string[];
  readonly ids: readonly string[];
}

const NO_KEYS: Keys = { lotIds: [], ids: [] };
/** An id alone would be looked for in every lot. */
const KEYS = `SELECT * FROM unnest(string_to_array(?, ',')::uuid[], string_to_array(?, ',')::uuid[])`;

function keysIn(listed: readonly { metadata: Readonly<Record<string, string>> }[], name: string): Keys {
  const named = listed
    .map(({ metadata }) => ({ lotId: metadata['lotId'] ?? '', id: metadata[name] ?? '' }))
    .filter(({ lotId, id }) => UUID.test(lotId) && UUID.test(id));
  return { lotIds: named.map(({ lotId }) => lotId), ids: named.map(({ id }) => id) };
}

async function paymentsOf(
  em: EntityManager,
  { refs, keys }: { refs: readonly string[]; keys: Keys },
): Promise<KnownPayment[]> {
  return em.execute<KnownPayment[]>(
    `SELECT lot_id AS "lotId", id, provider_ref AS "providerRef", state, captured_at IS NOT NULL AS captured FROM payment
     WHERE provider_ref = ANY(string_to_array(?, ','))
     UNION SELECT lot_id, id, provider_ref, state, captured_at IS NOT NULL FROM payment WHERE (lot_id, id) IN (${KEYS})`,
    [refs.join(','), keys.lotIds.join(','), keys.ids.join(',')],
  );
}

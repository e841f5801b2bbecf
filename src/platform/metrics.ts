import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

const GATE_BUCKETS_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1];

/** What gates decide, and how far their journal is applied. */
function gateMetrics(registers: Registry[]) {
  return {
    gateDecisionSeconds: new Histogram({
      name: 'parkwell_gate_decision_seconds',
      help: 'From the parsed scan to its committed decision.',
      labelNames: ['operation', 'action'],
      buckets: GATE_BUCKETS_SECONDS,
      registers,
    }),
    journalApplied: new Counter({
      name: 'parkwell_journal_applied_total',
      help: 'Journal entries applied to PostgreSQL.',
      registers,
    }),
    journalParked: new Counter({
      name: 'parkwell_journal_parked_total',
      help: 'Journal entries that could not be applied and wait for a person.',
      registers,
    }),
    incidentsRaised: new Counter({
      name: 'parkwell_incidents_total',
      help: 'What a person should look at, by kind.',
      labelNames: ['kind'],
      registers,
    }),
    indexRebuilt: new Counter({
      name: 'parkwell_gate_index_rebuilt_total',
      help: 'Rebuilds of a partition of the gate index from PostgreSQL.',
      registers,
    }),
  };
}

/** Reservations, transactions, jobs, payments. */
function workMetrics(registers: Registry[]) {
  return {
    reservations: new Counter({
      name: 'parkwell_reservations_total',
      help: 'Reservations by outcome of the request.',
      labelNames: ['outcome'],
      registers,
    }),
    reseatings: new Counter({
      name: 'parkwell_reseatings_total',
      help: 'Searches for room by moving other drivers: by why, and whether there was any (FITS, NONE: proven, GAVE_UP: not found in time).',
      labelNames: ['reason', 'outcome'],
      registers,
    }),
    transactionRetries: new Counter({
      name: 'parkwell_transaction_retries_total',
      help: 'Transactions run again after a serialisation failure or deadlock.',
      registers,
    }),
    sweepFound: new Counter({
      name: 'parkwell_sweep_found_total',
      help: 'Work that a sweep found because a job had missed it.',
      labelNames: ['job'],
      registers,
    }),
    jobRuns: new Counter({
      name: 'parkwell_job_runs_total',
      help: 'Job runs by outcome.',
      labelNames: ['job', 'outcome'],
      registers,
    }),
    outboxDelaySeconds: new Histogram({
      name: 'parkwell_outbox_delay_seconds',
      help: 'From the transaction that wrote an event to its last consumer.',
      buckets: [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 15, 60],
      registers,
    }),
    outboxParked: new Counter({
      name: 'parkwell_outbox_parked_total',
      help: 'Events that their consumers refused too often and that wait for a person.',
      labelNames: ['type'],
      registers,
    }),
    debts: new Counter({
      name: 'parkwell_debts_total',
      help: 'What was left owing, and what became of it.',
      labelNames: ['event', 'reason'],
      registers,
    }),
    booksFaults: new Gauge({
      name: 'parkwell_books_faults',
      help: 'What the monitor of the books found wrong and is not mended, by kind.',
      labelNames: ['kind'],
      registers,
    }),
    webhooks: new Counter({
      name: 'parkwell_webhooks_total',
      help: 'Webhook deliveries of the payment provider by outcome.',
      labelNames: ['outcome'],
      registers,
    }),
  };
}

/** What is asked of the payment provider, and what comes of it. */
function providerMetrics(registers: Registry[]) {
  return {
    providerCalls: new Counter({
      name: 'parkwell_provider_calls_total',
      help: 'Calls of the payment provider by endpoint; a refusal of a card counts as failed.',
      labelNames: ['endpoint', 'outcome'],
      registers,
    }),
    providerCommands: new Counter({
      name: 'parkwell_provider_commands_total',
      help: 'Tries of what has to be asked of the payment provider, by kind and outcome; a parked one waits for a person.',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    providerCommandsOpen: new Gauge({
      name: 'parkwell_provider_commands_open',
      help: 'Commands that are due and not finished, as last counted.',
      labelNames: ['kind'],
      registers,
    }),
    providerCommandsOldestSeconds: new Gauge({
      name: 'parkwell_provider_commands_oldest_seconds',
      help: 'Age of the oldest charge or refund that is still to be made, as last counted.',
      registers,
    }),
    savedCardCharges: new Counter({
      name: 'parkwell_saved_card_charges_total',
      help: 'Charges of saved cards, their owners away, by kind and outcome; a refused one is a debt.',
      labelNames: ['kind', 'outcome'],
      registers,
    }),
    disputes: new Counter({
      name: 'parkwell_disputes_total',
      help: 'Payments that went into a dispute or out of a won one.',
      labelNames: ['outcome'],
      registers,
    }),
    reconciled: new Counter({
      name: 'parkwell_reconciled_total',
      help: 'News that a look into the provider’s lists brought and no webhook had.',
      labelNames: ['about'],
      registers,
    }),
    reconciledUntilSeconds: new Gauge({
      name: 'parkwell_reconciled_until_seconds',
      help: 'Until when the provider’s lists have been compared with ours, as a Unix time.',
      registers,
    }),
    unknownAtProvider: new Counter({
      name: 'parkwell_unknown_at_provider_total',
      help: 'Payments and refunds that the provider has in our name and we do not know.',
      labelNames: ['kind'],
      registers,
    }),
  };
}

/** What cameras send. */
function hardwareMetrics(registers: Registry[]) {
  return {
    cameraReads: new Counter({
      name: 'parkwell_camera_reads_total',
      help: 'Readings of cameras by maker and what became of them.',
      labelNames: ['vendor', 'outcome'],
      registers,
    }),
    cameraImages: new Counter({
      name: 'parkwell_camera_images_total',
      help: 'Pictures that came with readings and were not kept.',
      labelNames: ['vendor'],
      registers,
    }),
  };
}

/** Boards, subscriptions and what the edge refuses. */
function edgeMetrics(registers: Registry[]) {
  return {
    boardPublishes: new Counter({
      name: 'parkwell_board_publishes_total',
      help: 'Availability snapshots published.',
      registers,
    }),
    subscribers: new Gauge({ name: 'parkwell_subscribers', help: 'Open subscriptions.', registers }),
    refused: new Counter({
      name: 'parkwell_requests_refused_total',
      help: 'Requests refused at the edge, by reason.',
      labelNames: ['reason'],
      registers,
    }),
  };
}

/** One registry a process (tests run several), with a metric for each promise. */
export function createMetrics(options: { processMetrics: boolean }) {
  const registry = new Registry();
  if (options.processMetrics) collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    ...gateMetrics(registers),
    ...workMetrics(registers),
    ...providerMetrics(registers),
    ...hardwareMetrics(registers),
    ...edgeMetrics(registers),
  };
}
export type Metrics = ReturnType<typeof createMetrics>;

import { createHmac } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type Stripe from 'stripe';
import type { FaultSwitches } from './faults.ts';

export interface Delivery {
  eventId: string;
  type: string;
  attempt: number;
  /** HTTP status of the receiver; null when it could not be reached; `dropped` never left the double. */
  outcome: number | null | 'dropped';
}

interface Waiting {
  event: Stripe.Event;
  attempt: number;
  /** How often it is sent at once, unless the switches say more. */
  copies: number;
  dueAtMs: number;
  /** Of those that are due the lowest goes first: the order of creation, unless it is to be mixed up. */
  rank: number;
}

export interface WebhookOptions {
  secret: string;
  url: string | undefined;
  now: () => Date;
  faults: FaultSwitches;
  /** Waits before the second, third, … attempt. */
  retryDelaysMs: readonly number[];
}

const RECEIVER_TIMEOUT_MS = 5000;
/** While events are mixed up they wait this long, so that there is something to mix, and move by so many places. */
const REORDER_WINDOW_MS = 100;
const REORDER_PLACES = 10;
const LOG_LENGTH = 10_000;

/** `t=…,v1=…`: the signature that `stripe.webhooks.constructEvent` checks. */
export function signatureHeader(payload: string, secret: string, at: Date): string {
  const timestamp = Math.floor(at.getTime() / 1000);
  const digest = createHmac('sha256', secret).update(`${timestamp}.${payload}`).digest('hex');
  return `t=${timestamp},v1=${digest}`;
}

/** Posts events to the receiver, one after the other in order of creation, and tries failed ones again. */
export class Webhooks {
  readonly #options: WebhookOptions;
  readonly #log: Delivery[] = [];
  readonly #abort = new AbortController();
  #url: string | undefined;
  #queue: Waiting[] = [];
  #order = 0;
  #working: Promise<void> | null = null;
  #timer: NodeJS.Timeout | null = null;
  #hurried = 0;

  constructor(options: WebhookOptions) {
    this.#options = options;
    this.#url = options.url;
  }

  setUrl(url: string | undefined): void {
    this.#url = url;
  }

  deliveries(): Delivery[] {
    return structuredClone(this.#log);
  }

  /** Queues an event. Without a receiver it is only to be found in the list of events. */
  announce(event: Stripe.Event): void {
    if (this.#url === undefined || this.#abort.signal.aborted) return;
    const { faults } = this.#options;
    const fate = faults.schedule()?.eventFate() ?? { copies: 1, places: 0 };
    if (fate.copies === 0 || faults.takeDrop()) {
      this.#note({ eventId: event.id, type: event.type, attempt: 0, outcome: 'dropped' });
      return;
    }
    event.pending_webhooks = 1;
    const { delayMs, reorder } = faults.current().webhooks;
    const places = reorder ? faults.random() * REORDER_PLACES : fate.places;
    const waitMs = delayMs + (places > 0 ? REORDER_WINDOW_MS : 0);
    this.#add({ event, attempt: 1, copies: fate.copies, waitMs, places });
  }

  /** Sends everything that waits, without waiting for delays and back-off, until it was delivered or given up. */
  async deliverPending(): Promise<void> {
    this.#hurried += 1;
    try {
      do await this.#work();
      while (this.#queue.length > 0);
    } finally {
      this.#hurried -= 1;
    }
  }

  stop(): void {
    this.#abort.abort();
    this.#queue = [];
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #add({ waitMs, places, ...what }: Omit<Waiting, 'dueAtMs' | 'rank'> & { waitMs: number; places: number }): void {
    this.#order += 1;
    this.#queue.push({ ...what, dueAtMs: performance.now() + waitMs, rank: this.#order + places });
    this.#wakeLater();
  }

  #wakeLater(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#queue.length === 0 || this.#abort.signal.aborted) return;
    const next = this.#queue.reduce((earliest, waiting) => Math.min(earliest, waiting.dueAtMs), Infinity);
    this.#timer = setTimeout(() => void this.#work(), Math.max(0, next - performance.now()));
    this.#timer.unref();
  }

  #work(): Promise<void> {
    this.#working ??= this.#sendDue().finally(() => {
      this.#working = null;
      this.#wakeLater();
    });
    return this.#working;
  }

  async #sendDue(): Promise<void> {
    for (let next = this.#takeDue(); next !== undefined; next = this.#takeDue()) await this.#send(next);
  }

  #takeDue(): Waiting | undefined {
    const now = performance.now();
    let first: Waiting | undefined;
    for (const waiting of this.#queue) {
      const due = this.#hurried > 0 || waiting.dueAtMs <= now;
      if (due && (first === undefined || waiting.rank < first.rank)) first = waiting;
    }
    if (first !== undefined) this.#queue.splice(this.#queue.indexOf(first), 1);
    return first;
  }

  async #send({ event, attempt, copies }: Waiting): Promise<void> {
    const length = Math.max(copies, this.#options.faults.current().webhooks.repeat);
    const outcomes = await Promise.all(Array.from({ length }, () => this.#post(event)));
    for (const outcome of outcomes) this.#note({ eventId: event.id, type: event.type, attempt, outcome });
    if (outcomes.some((outcome) => outcome !== null && outcome >= 200 && outcome < 300)) {
      event.pending_webhooks = 0;
      return;
    }
    const waitMs = this.#options.retryDelaysMs[attempt - 1];
    if (waitMs !== undefined && !this.#abort.signal.aborted)
      this.#add({ event, attempt: attempt + 1, copies, waitMs, places: 0 });
  }

  async #post(event: Stripe.Event): Promise<number | null> {
    if (this.#url === undefined) return null;
    const payload = JSON.stringify(event, null, 2);
    try {
      const response = await fetch(this.#url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'stripe-signature': signatureHeader(payload, this.#options.secret, this.#options.now()),
          'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
        },
        body: payload,
        redirect: 'manual',
        signal: AbortSignal.any([this.#abort.signal, AbortSignal.timeout(RECEIVER_TIMEOUT_MS)]),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return null; // Not reached: it is tried again, and the log says so.
    }
  }

  #note(delivery: Delivery): void {
    this.#log.push(delivery);
    if (this.#log.length > LOG_LENGTH) this.#log.shift();
  }
}

import { randomBytes } from 'node:crypto';
import type Stripe from 'stripe';
import { missing } from './problem.ts';

type EventOf<T extends Stripe.Event.Type> = Extract<Stripe.Event, { type: T }>;
type Origin = { id: string; idempotencyKey: string | null };

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 24;
/** Stripe forgets events after 30 days; a double that runs for weeks must not grow without end either. */
const EVENTS_KEPT = 50_000;

/** An opaque id of Stripe's shape: `pi_` and 24 letters and digits. */
export function newId(prefix: string): string {
  return `${prefix}_${[...randomBytes(ID_LENGTH)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('')}`;
}

/** The id that a field holds or, when it was expanded, that its object has. */
export function idOf(reference: string | { id: string } | null): string {
  if (reference === null) throw new Error('There is no object to refer to');
  return typeof reference === 'string' ? reference : reference.id;
}

/** One kind of object, in order of creation. */
export class Shelf<T extends { id: string }> {
  readonly #kind: string;
  readonly #limit: number;
  readonly #rows = new Map<string, T>();

  /** With a limit, the oldest rows are forgotten. */
  constructor(kind: string, limit = Infinity) {
    this.#kind = kind;
    this.#limit = limit;
  }

  add(row: T): T {
    this.#rows.set(row.id, row);
    const [oldest] = this.#rows.keys();
    if (this.#rows.size > this.#limit && oldest !== undefined) this.#rows.delete(oldest);
    return row;
  }

  remove(id: string): void {
    this.#rows.delete(id);
  }

  find(id: string): T | undefined {
    return this.#rows.get(id);
  }

  /** The object, or Stripe's "No such …" naming the parameter that pointed at nothing. */
  get(id: string, param?: string): T {
    const row = this.#rows.get(id);
    if (row === undefined) throw missing(this.#kind, id, param);
    return row;
  }

  newestFirst(): T[] {
    return [...this.#rows.values()].reverse();
  }

  all(): T[] {
    return [...this.#rows.values()];
  }
}

/** What a card will do, kept beside its PaymentMethod because Stripe's object does not tell. */
export interface CardFacts {
  number: string;
  /** It was authenticated for later use while its owner was present. */
  readyOffSession: boolean;
  /** Spent once without a customer, or detached: Stripe refuses to use it again. */
  spent: boolean;
}

/** What a store holds, as plain values: by the name of the shelf, set or map. */
export type StoreSnapshot = Readonly<Record<string, unknown>>;

/** Everything that the double knows, in memory. */
export class Store {
  readonly customers = new Shelf<Stripe.Customer>('customer');
  readonly paymentMethods = new Shelf<Stripe.PaymentMethod>('PaymentMethod');
  readonly setupIntents = new Shelf<Stripe.SetupIntent>('setupintent');
  readonly paymentIntents = new Shelf<Stripe.PaymentIntent>('payment_intent');
  readonly charges = new Shelf<Stripe.Charge>('charge');
  readonly refunds = new Shelf<Stripe.Refund>('refund');
  readonly disputes = new Shelf<Stripe.Dispute>('dispute');
  readonly events = new Shelf<Stripe.Event>('event', EVENTS_KEPT);
  readonly balanceTransactions = new Shelf<Stripe.BalanceTransaction>('balance_transaction');
  readonly deletedCustomers = new Set<string>();
  readonly cards = new Map<string, CardFacts>();
  /** Intents waiting for their 3-D Secure challenge: return address by intent id. */
  readonly challenges = new Map<string, { returnUrl: string | null; offSession: boolean }>();
  /** Intents with an open card authorisation, which lapses if nobody captures it. */
  readonly authorised = new Set<string>();

  readonly #now: () => Date;
  readonly #apiVersion: string;
  readonly #announce: (event: Stripe.Event) => void;
  #origin: Origin | null = null;

  constructor(options: { now: () => Date; apiVersion: string; announce: (event: Stripe.Event) => void }) {
    this.#now = options.now;
    this.#apiVersion = options.apiVersion;
    this.#announce = options.announce;
  }

  /** The time in whole seconds, as all of Stripe's stamps are. */
  seconds(): number {
    return Math.floor(this.#now().getTime() / 1000);
  }

  /** Runs a call so that its events name the request that caused them. */
  during<T>(origin: Origin | null, work: () => T): T {
    this.#origin = origin;
    try {
      return work();
    } finally {
      this.#origin = null;
    }
  }

  /** Records an event with a snapshot of its object and hands it to the webhooks. */
  emit<T extends Stripe.Event.Type>(type: T, object: EventOf<T>['data']['object'], previous?: object): void {
    const snapshot = structuredClone(object);
    const event = {
      id: newId('evt'),
      object: 'event',
      api_version: this.#apiVersion,
      created: this.seconds(),
      data:
        previous === undefined
          ? { object: snapshot }
          : { object: snapshot, previous_attributes: structuredClone(previous) },
      livemode: false,
      pending_webhooks: 0,
      request: this.#origin === null ? null : { id: this.#origin.id, idempotency_key: this.#origin.idempotencyKey },
      type,
      // The union of two hundred events cannot be built generically; `object` was checked against `type` above.
    } as unknown as Stripe.Event;
    this.events.add(event);
    this.#announce(event);
  }

  /** All of it, for a file. Events are left out: nobody asks for those of an earlier run. */
  snapshot(): StoreSnapshot {
    const shelves = Object.entries(this.#shelves()).map(([name, shelf]) => [name, shelf.all()] as const);
    const { deletedCustomers, cards, challenges, authorised } = this;
    return { ...Object.fromEntries(shelves), deletedCustomers, cards, challenges, authorised };
  }

  /** Takes over what `snapshot` gave. */
  restore(snapshot: StoreSnapshot): void {
    for (const [name, shelf] of Object.entries(this.#shelves())) {
      for (const row of (snapshot[name] ?? []) as { id: string }[]) (shelf as Shelf<{ id: string }>).add(row);
    }
    for (const id of snapshot['deletedCustomers'] as Set<string>) this.deletedCustomers.add(id);
    for (const id of snapshot['authorised'] as Set<string>) this.authorised.add(id);
    for (const [id, card] of snapshot['cards'] as Store['cards']) this.cards.set(id, card);
    for (const [id, challenge] of snapshot['challenges'] as Store['challenges']) this.challenges.set(id, challenge);
  }

  #shelves() {
    const { customers, paymentMethods, setupIntents, paymentIntents } = this;
    const { charges, refunds, disputes, balanceTransactions } = this;
    return {
      customers,
      paymentMethods,
      setupIntents,
      paymentIntents,
      charges,
      refunds,
      disputes,
      balanceTransactions,
    };
  }

  /** Any object by its id, for `expand`. */
  byId(id: string): unknown {
    for (const shelf of Object.values(this.#shelves())) {
      const row = shelf.find(id);
      if (row !== undefined) return row;
    }
    return undefined;
  }
}

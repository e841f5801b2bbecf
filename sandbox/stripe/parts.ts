import type { Bank } from './bank.ts';
import type { FaultSwitches } from './faults.ts';
import type { IdempotencyKeys } from './idempotency.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Store } from './store.ts';
import type { Webhooks } from './webhooks.ts';

/** One call as the double saw it, for people and tests. */
export interface RequestRecord {
  id: string;
  /** When it came, in real time whatever the double's clock says. */
  atMs: number;
  /** "POST /v1/refunds", with the ids as they came. */
  call: string;
  status: number;
  idempotencyKey: string | null;
  replayed: boolean;
  /** The answer was withheld by a fault. */
  lost: boolean;
}

const LOG_LENGTH = 20_000;

/** The last calls, oldest first. */
export class RequestLog {
  readonly #records: RequestRecord[] = [];

  add(record: RequestRecord): void {
    this.#records.push(record);
    if (this.#records.length > LOG_LENGTH) this.#records.shift();
  }

  all(): RequestRecord[] {
    return structuredClone(this.#records);
  }
}

/** What one running double is made of. */
export interface Parts {
  store: Store;
  faults: FaultSwitches;
  bank: Bank;
  webhooks: Webhooks;
  keys: IdempotencyKeys;
  rate: RateLimit;
  requests: RequestLog;
  secretKey: string;
  publishableKey: string;
  /** Known once the server listens. */
  publicUrl: string;
}

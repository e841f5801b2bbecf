import type Stripe from 'stripe';

/** The body of a Stripe error, as the API sends it under `error`. */
export interface ProblemBody {
  type: 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';
  message: string;
  code?: string;
  decline_code?: string;
  param?: string;
  charge?: string;
  doc_url?: string;
  payment_intent?: Stripe.PaymentIntent;
  payment_method?: Stripe.PaymentMethod;
  setup_intent?: Stripe.SetupIntent;
}

/**
 * A refusal of the double. `executed` says whether the call had begun its work: as at Stripe, only such answers are
 * kept under the idempotency key, so a request that failed validation may be sent again, corrected, with the same key.
 */
export class Problem extends Error {
  readonly status: number;
  readonly body: ProblemBody;
  readonly executed: boolean;
  readonly headers: Record<string, string>;

  constructor(status: number, body: ProblemBody, more: { executed?: boolean; headers?: Record<string, string> } = {}) {
    super(body.message);
    this.status = status;
    const docUrl =
      body.code === undefined
        ? {}
        : { doc_url: `https://stripe.com/docs/error-codes/${body.code.replaceAll('_', '-')}` };
    this.body = { ...body, ...docUrl };
    this.executed = more.executed ?? false;
    this.headers = more.headers ?? {};
  }
}

/** 400: the request itself is malformed. Never stored under an idempotency key. */
export function invalid(message: string, more: { code?: string; param?: string } = {}): Problem {
  return new Problem(400, { type: 'invalid_request_error', message, ...more });
}

/** 400: the request is well formed, but the state of the object forbids it. Stored under the idempotency key. */
export function forbidden(message: string, more: Omit<ProblemBody, 'type' | 'message'> = {}): Problem {
  return new Problem(400, { type: 'invalid_request_error', message, ...more }, { executed: true });
}

/** 404 (or 400 when the missing object was only named in a parameter). */
export function missing(kind: string, id: string, param = 'id'): Problem {
  const status = param === 'id' || param === 'intent' ? 404 : 400;
  return new Problem(status, {
    type: 'invalid_request_error',
    code: 'resource_missing',
    message: `No such ${kind}: '${id}'`,
    param,
  });
}

/** 402: the card was refused. */
export function declined(body: Omit<ProblemBody, 'type'>): Problem {
  return new Problem(402, { type: 'card_error', ...body }, { executed: true });
}

/** 429: an endpoint is called too often. Nothing was done. */
export function tooMany(): Problem {
  const body = { type: 'invalid_request_error', code: 'rate_limit', message: 'Request rate limit exceeded.' } as const;
  return new Problem(429, body, { headers: { 'stripe-rate-limited-reason': 'endpoint-rate' } });
}

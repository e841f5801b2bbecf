import type { IncomingMessage, ServerResponse } from 'node:http';
import { ZodError } from 'zod';
import { parseFaults } from './faults.ts';
import { type Exchange, readBody, sendJson } from './http-io.ts';
import type { Parts } from './parts.ts';
import { Problem } from './problem.ts';

/**
 * The switchboard under /_double, for people and for tests in another process:
 * GET state · GET/POST/DELETE faults · POST webhook_url `{ "url": … }` · POST deliver · POST bank.
 */
export async function serveControl(parts: Parts, { request, response, url }: Exchange): Promise<void> {
  const action = `${request.method ?? ''} ${url.pathname}`;
  if (action === 'GET /_double/state') return sendJson(response, 200, stateOf(parts));
  if (action === 'GET /_double/faults') return sendJson(response, 200, parts.faults.current());
  // Only JSON is taken: a foreign web page cannot send that without asking first.
  const json = request.headers['content-type']?.startsWith('application/json') === true;
  if (action === 'DELETE /_double/faults') {
    parts.faults.reset();
    return sendJson(response, 200, parts.faults.current());
  }
  if (!json && request.method === 'POST') return sendJson(response, 415, { error: 'Send JSON.' });
  if (action === 'POST /_double/faults') return setFaults(parts, request, response);
  if (action === 'POST /_double/webhook_url') {
    const body = await jsonBody(request);
    const receiver: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'url') : undefined;
    if (typeof receiver !== 'string' || !URL.canParse(receiver))
      return sendJson(response, 400, { error: 'Send { "url": "http://…" }.' });
    parts.webhooks.setUrl(receiver);
    return sendJson(response, 200, { url: receiver });
  }
  if (action === 'POST /_double/deliver') {
    await parts.webhooks.deliverPending();
    return sendJson(response, 200, { deliveries: parts.webhooks.deliveries().length });
  }
  if (action === 'POST /_double/bank') return sendJson(response, 200, parts.bank.act());
  return sendJson(response, 404, { error: 'Unknown switch.' });
}

/** Everything that the double knows, as it would answer it. */
function stateOf({ store, webhooks, requests, faults }: Parts): object {
  return {
    customers: store.customers.all(),
    payment_methods: store.paymentMethods.all(),
    setup_intents: store.setupIntents.all(),
    payment_intents: store.paymentIntents.all(),
    charges: store.charges.all(),
    refunds: store.refunds.all(),
    disputes: store.disputes.all(),
    balance_transactions: store.balanceTransactions.all(),
    events: store.events.all(),
    deliveries: webhooks.deliveries(),
    requests: requests.all(),
    faults: faults.current(),
  };
}

async function setFaults(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    sendJson(response, 200, parts.faults.set(parseFaults(await jsonBody(request))));
  } catch (error) {
    if (!(error instanceof ZodError)) throw error;
    sendJson(response, 400, { error: error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`) });
  }
}

async function jsonBody(request: IncomingMessage): Promise<unknown> {
  try {
    return JSON.parse(await readBody(request));
  } catch {
    throw new Problem(400, { type: 'invalid_request_error', message: 'Not JSON.' });
  }
}

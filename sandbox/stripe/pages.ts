import type { ServerResponse } from 'node:http';
import { answerChallenge, viewChallenge } from './challenges.ts';
import { document, html, type Html } from './html.ts';
import { type Exchange, readBody, send } from './http-io.ts';
import { Params, parseForm } from './params.ts';
import type { Parts } from './parts.ts';
import { idOf } from './store.ts';

const SHOWN = 50;
const HTML_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors *; base-uri 'none'",
  'referrer-policy': 'no-referrer',
};

/** The page for people at `/`: what was paid, given back, contested and told. */
export function showOverview({ store, webhooks }: Parts, response: ServerResponse): void {
  const intents = store.paymentIntents.newestFirst().slice(0, SHOWN);
  const refunds = store.refunds.newestFirst().slice(0, SHOWN);
  const disputes = store.disputes.newestFirst().slice(0, SHOWN);
  const deliveries = webhooks.deliveries().reverse().slice(0, SHOWN);
  const body = html`<main>
    <h1>Stripe sandbox</h1>
    <p>
      No money moves here. The newest ${SHOWN} of each; everything as JSON: <a href="/_double/state">state</a>,
      <a href="/_double/faults">faults</a>.
    </p>
    ${table(
      'Payment intents',
      ['Created', 'Id', 'Amount', 'Received', 'Status', 'Description'],
      intents.map((row) => [
        time(row.created),
        row.id,
        money(row.amount, row.currency),
        money(row.amount_received, row.currency),
        row.status,
        row.description ?? '',
      ]),
    )}
    ${table(
      'Refunds',
      ['Created', 'Id', 'Amount', 'Payment intent', 'Status', 'Reason'],
      refunds.map((row) => [
        time(row.created),
        row.id,
        money(row.amount, row.currency),
        idOf(row.payment_intent),
        row.status ?? '',
        row.reason ?? '',
      ]),
    )}
    ${table(
      'Disputes',
      ['Created', 'Id', 'Amount', 'Payment intent', 'Status', 'Reason'],
      disputes.map((row) => [
        time(row.created),
        row.id,
        money(row.amount, row.currency),
        idOf(row.payment_intent),
        row.status,
        row.reason,
      ]),
    )}
    ${table(
      'Webhook deliveries',
      ['Event', 'Type', 'Attempt', 'Outcome'],
      deliveries.map((row) => [row.eventId, row.type, String(row.attempt), String(row.outcome ?? 'not reached')]),
    )}
  </main>`;
  sendPage(response, 'Stripe sandbox', body);
}

/** The bank's 3-D Secure page of an intent; answering it sends the driver back to the shop. */
export async function serveChallenge(parts: Parts, { request, response }: Exchange, id: string): Promise<void> {
  const { intent, waiting, returnUrl } = viewChallenge(parts.store, id);
  if (request.method === 'POST' && waiting) {
    const outcome = new Params(parseForm(await readBody(request))).oneOf('outcome', ['succeed', 'fail']) ?? 'fail';
    parts.store.during(null, () => answerChallenge(parts.store, id, outcome));
    if (returnUrl !== null)
      return send(response, { status: 303, headers: { location: wayBack(returnUrl, intent) }, text: '' });
    return sendPage(
      response,
      'Thank you',
      html`<main>
        <h1>Thank you</h1>
        <p>You can close this page.</p>
      </main>`,
    );
  }
  const amount =
    intent.object === 'payment_intent'
      ? html`<p>Amount: <strong>${money(intent.amount, intent.currency)}</strong></p>`
      : null;
  const question = html`<p>This stands for the page of your bank. Is it you who pays?</p>
    <form method="post">
      <button class="main" name="outcome" value="succeed">Yes, confirm</button
      ><button name="outcome" value="fail">No, refuse</button>
    </form>`;
  const over = html`<p>There is nothing to confirm here (any more).</p>`;
  const body = html`<main>
    <h1>Confirm with your bank</h1>
    ${amount}${waiting ? question : over}
  </main>`;
  sendPage(response, 'Confirm with your bank', body);
}

function wayBack(
  returnUrl: string,
  intent: { id: string; object: string; client_secret: string | null; status: string },
): string {
  const url = new URL(returnUrl);
  url.searchParams.set(intent.object, intent.id);
  url.searchParams.set(`${intent.object}_client_secret`, intent.client_secret ?? '');
  url.searchParams.set(
    'redirect_status',
    ['succeeded', 'requires_capture'].includes(intent.status) ? 'succeeded' : 'failed',
  );
  return url.href;
}

function table(caption: string, columns: string[], rows: string[][]): Html {
  if (rows.length === 0)
    return html`<h2>${caption}</h2>
      <p>None yet.</p>`;
  return html`<table>
    <caption>
      ${caption}
    </caption>
    <thead>
      <tr>
        ${columns.map((column) => html`<th scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) =>
          html`<tr>
            ${row.map((cell) => html`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function money(amountMinor: number, currency: string): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: currency.toUpperCase() });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amountMinor / 10 ** digits);
}

function time(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 19);
}

function sendPage(response: ServerResponse, title: string, body: Html): void {
  send(response, { status: 200, headers: HTML_HEADERS, text: document(title, body) });
}

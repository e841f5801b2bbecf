import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { lapseAuthorisations } from './capture-and-cancel.ts';
import { expand } from './expand.ts';
import { type Answer, type Exchange, header, readBody, send } from './http-io.ts';
import { type ParamTree, Params, parseForm } from './params.ts';
import type { Parts } from './parts.ts';
import { Problem, tooMany } from './problem.ts';
import { publicView } from './public-view.ts';
import { findRoute, type Route } from './router.ts';
import { newId } from './store.ts';

interface Incoming {
  requestId: string;
  method: string;
  path: string;
  tree: ParamTree;
  publishable: boolean;
  idempotencyKey: string | null;
}

interface Target {
  route: Route;
  id: string;
}

interface Outcome {
  answer: Answer;
  /** The answer must be withheld: a fault says so. */
  lost: boolean;
  /** The call did its work (or was refused for its object's state): its answer belongs to the key. */
  executed: boolean;
  replayed: boolean;
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, DELETE',
  'access-control-allow-headers': 'authorization, content-type, idempotency-key, stripe-version',
  'access-control-expose-headers': 'request-id, idempotent-replayed',
};

/** Serves one call of /v1: key, endpoint, rate, idempotency, faults, then the effect. */
export async function serveApi(parts: Parts, { request, response, url }: Exchange): Promise<void> {
  if (request.method === 'OPTIONS') return send(response, { status: 204, headers: CORS, text: '' });
  const down = parts.faults.current().down;
  if (down === 'refuse') {
    request.socket.destroy();
    return;
  }
  const requestId = newId('req');
  const atMs = performance.timeOrigin + performance.now();
  const idempotencyKey = request.method === 'POST' ? header(request, 'idempotency-key') : null;
  const outcome = await answerOf(parts, request, { url, requestId, idempotencyKey, down: down === 'unavailable' });
  const { answer, lost, replayed } = outcome;
  parts.requests.add({
    id: requestId,
    atMs,
    call: `${request.method ?? ''} ${url.pathname}`,
    status: answer.status,
    idempotencyKey,
    replayed,
    lost,
  });
  // A lost answer keeps its connection open until the caller gives up, as a dead network would.
  if (lost) return;
  const own = { 'request-id': requestId, ...(replayed ? { 'idempotent-replayed': 'true' } : {}) };
  const echo = idempotencyKey === null ? {} : { 'idempotency-key': idempotencyKey };
  const headers = { ...CORS, 'content-type': 'application/json', ...answer.headers, ...echo, ...own };
  send(response, { status: answer.status, headers, text: answer.text });
}

async function answerOf(
  parts: Parts,
  request: IncomingMessage,
  about: { url: URL; requestId: string; idempotencyKey: string | null; down: boolean },
): Promise<Outcome> {
  try {
    const body = await readBody(request);
    if (about.down) throw new Problem(503, { type: 'api_error', message: 'Stripe is temporarily unavailable.' });
    const publishable = checkKey(parts, header(request, 'authorization'));
    const method = request.method ?? 'GET';
    const tree = parseForm(method === 'POST' ? body : about.url.search.slice(1));
    const incoming = {
      requestId: about.requestId,
      method,
      path: about.url.pathname,
      tree,
      publishable,
      idempotencyKey: about.idempotencyKey,
    };
    const target = targetOf(incoming);
    parts.rate.count(target.route.name);
    return await onceOnly(parts, incoming, () => execute(parts, incoming, target));
  } catch (error) {
    return { answer: answerFor(error), lost: false, executed: false, replayed: false };
  }
}

function checkKey(parts: Parts, authorization: string | null): boolean {
  const [scheme, credentials = ''] = (authorization ?? '').split(' ');
  const key =
    scheme === 'Basic' ? (Buffer.from(credentials, 'base64').toString('utf8').split(':')[0] ?? '') : credentials;
  if (key === parts.secretKey) return false;
  if (key === parts.publishableKey) return true;
  const message = key === '' ? 'You did not provide an API key.' : `Invalid API Key provided: ${key.slice(0, 8)}****`;
  throw new Problem(401, { type: 'invalid_request_error', message });
}

function targetOf(incoming: Incoming): Target {
  const found = findRoute(incoming.method, incoming.path);
  if (found === undefined) {
    throw new Problem(404, {
      type: 'invalid_request_error',
      message: `Unrecognized request URL (${incoming.method}: ${incoming.path}).`,
    });
  }
  if (incoming.publishable && !found.route.publishable) {
    throw new Problem(403, {
      type: 'invalid_request_error',
      code: 'secret_key_required',
      message: 'This API call cannot be made with a publishable API key. Please use a secret API key.',
    });
  }
  return found;
}

async function onceOnly(parts: Parts, incoming: Incoming, run: () => Promise<Outcome>): Promise<Outcome> {
  const key = incoming.idempotencyKey;
  if (key === null) return run();
  const scoped = `${incoming.publishable ? 'pk' : 'sk'} ${key}`;
  const fingerprint = `${incoming.path} ${new Params(incoming.tree).canonical()}`;
  const stored = parts.keys.claim(scoped, fingerprint);
  if (stored !== null) return { answer: stored, lost: false, executed: true, replayed: true };
  try {
    const outcome = await run();
    const original = {
      ...outcome.answer,
      headers: { ...outcome.answer.headers, 'original-request': incoming.requestId },
    };
    if (outcome.executed) parts.keys.keep(scoped, original);
    else parts.keys.release(scoped);
    return outcome;
  } catch (error) {
    parts.keys.release(scoped);
    throw error;
  }
}

async function execute(parts: Parts, incoming: Incoming, target: Target): Promise<Outcome> {
  const call = `${incoming.method} ${incoming.path}`;
  const { latencyMs, serverErrors } = parts.faults.current();
  const { fate, waitMs } = parts.faults.schedule()?.callFate(target.route.name) ?? { fate: 'ANSWERED', waitMs: 0 };
  if (latencyMs + waitMs > 0) await delay(latencyMs + waitMs, undefined, { ref: false });
  if (fate === 'TOO_MANY') throw tooMany();
  const switched = parts.faults.takeServerError(call);
  const breaks = switched || fate === 'ERROR' || fate === 'ERROR_AFTER';
  const withEffect = !breaks || fate === 'ERROR_AFTER' || (switched && serverErrors.afterEffect);
  const effect = withEffect ? perform(parts, incoming, target) : null;
  const answer = breaks || effect === null ? serverError() : effect.answer;
  const executed = breaks || effect === null || effect.executed;
  return { answer, executed, lost: parts.faults.takeTimeout(call) || fate === 'LOST', replayed: false };
}

function perform(parts: Parts, incoming: Incoming, { route, id }: Target): { answer: Answer; executed: boolean } {
  const { store, publicUrl } = parts;
  const params = new Params(incoming.tree);
  const { requestId, idempotencyKey, publishable } = incoming;
  let done = false;
  try {
    const result = store.during({ id: requestId, idempotencyKey }, () => {
      lapseAuthorisations(store);
      return route.handler({ store, params, id, publishable, publicUrl });
    });
    done = true;
    const expanded = expand(store, result, params.list('expand') ?? []);
    const shown = publishable ? publicView(expanded) : expanded;
    return { answer: { status: 200, headers: {}, text: JSON.stringify(shown) }, executed: true };
  } catch (error) {
    const answer = answerFor(error, publishable);
    // A wrong `expand` is noticed after the effect: its answer must stay with the key, or a retry would repeat the effect.
    return { answer, executed: done || !(error instanceof Problem) || error.executed };
  }
}

function answerFor(error: unknown, publishable = false): Answer {
  if (!(error instanceof Problem)) {
    process.stderr.write(`Stripe double: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    return serverError();
  }
  const body = publishable ? publicView(error.body) : error.body;
  return { status: error.status, headers: error.headers, text: JSON.stringify({ error: body }) };
}

function serverError(): Answer {
  const error = { type: 'api_error', message: 'An unknown error occurred.' };
  // Stripe keeps this answer under the key, so trying again with the same key is useless and the header says so.
  return { status: 500, headers: { 'stripe-should-retry': 'false' }, text: JSON.stringify({ error }) };
}

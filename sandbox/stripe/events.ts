import type Stripe from 'stripe';
import type { Call } from './call.ts';
import { listParams, page } from './lists.ts';

export function retrieveEvent({ store, params, id }: Call): Stripe.Event {
  params.allow('expand');
  return store.events.get(id);
}

/** What happened, newest first; `type` may end in `*`. Dropped webhooks are here too: this is how lost ones are found. */
export function listEvents({ store, params }: Call): Stripe.ApiList<Stripe.Event> {
  params.allow(...listParams('type', 'types'));
  const single = params.text('type');
  const wanted = single === undefined ? params.list('types') : [single];
  const rows = store.events
    .newestFirst()
    .filter((event) => wanted === undefined || wanted.some((pattern) => fits(event.type, pattern)));
  return page(rows, params, '/v1/events');
}

function fits(type: string, pattern: string): boolean {
  return pattern.endsWith('*') ? type.startsWith(pattern.slice(0, -1)) : type === pattern;
}

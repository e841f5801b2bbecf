import type { FastifyHelmetOptions } from '@fastify/helmet';

/** What a browser may load for a page, by kind, over helmet's own rules: its policy as `@fastify/helmet` takes it. */
function policyOf(directives: Record<string, string[]>) {
  return {
    contentSecurityPolicy: {
      // An operator's own network may be without TLS: what a page asks for goes back the way the page came.
      directives: { 'font-src': ["'self'"], ...directives, 'upgrade-insecure-requests': null },
    },
  } satisfies FastifyHelmetOptions;
}

/** For what the server writes out itself, with a style in it: receipts, debts, lists to print. */
export const PLAIN_POLICY = policyOf({ 'style-src': ["'self'", "'unsafe-inline'"] });

/** A page loads what it is made of, from this server; nothing that stands in the page itself is run or shown. */
export const PAGE_POLICY = policyOf({ 'style-src': ["'self'"] });

/** The workbench's editor writes its styles and letters into the page. */
export const WORKBENCH_POLICY = policyOf({
  'style-src': ["'self'", "'unsafe-inline'"],
  'font-src': ["'self'", 'data:'],
});

/** What the page that holds Stripe's element may load besides its own: what Stripe asks for, and nothing else. Its script styles its frames. */
export const STRIPE_POLICY = policyOf({
  'style-src': ["'self'", "'unsafe-inline'"],
  'script-src': ["'self'", 'https://js.stripe.com'],
  'frame-src': ['https://js.stripe.com', 'https://hooks.stripe.com'],
  'connect-src': ["'self'", 'https://api.stripe.com'],
});

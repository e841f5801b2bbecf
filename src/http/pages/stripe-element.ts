import type { FastifyHelmetOptions } from '@fastify/helmet';
import { html } from './html.ts';

/** What the page that holds Stripe's element may load besides its own: what Stripe asks for, and nothing else. */
export const STRIPE_POLICY = {
  contentSecurityPolicy: {
    directives: {
      'script-src': ["'self'", 'https://js.stripe.com'],
      'frame-src': ['https://js.stripe.com', 'https://hooks.stripe.com'],
      'connect-src': ["'self'", 'https://api.stripe.com'],
    },
  },
} satisfies FastifyHelmetOptions;

/** The page with the publishable key in its head, where its script looks for it. */
export function withStripeKey(page: string, publishableKey: string): string {
  return page.replace('</head>', () => html`<meta name="stripe-key" content="${publishableKey}" /></head>`.text);
}

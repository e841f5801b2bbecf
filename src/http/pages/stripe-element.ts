import { html } from './html.ts';

/** The page with the publishable key in its head, where its script looks for it. */
export function withStripeKey(page: string, publishableKey: string): string {
  return page.replace('</head>', () => html`<meta name="stripe-key" content="${publishableKey}" /></head>`.text);
}

// As much of Stripe's own script as the pages use. It must come from Stripe itself; a page's policy lets it in where the server has
// a publishable key.

const SOURCE = 'https://js.stripe.com/v3/';

export interface CardElement {
  mount(place: HTMLElement): void;
  destroy(): void;
}

interface Elements {
  create(kind: 'card', options: object): CardElement;
}

export interface StripeJs {
  elements(options: { locale: string }): Elements;
  createPaymentMethod(of: { type: 'card'; card: CardElement }): Promise<{
    paymentMethod?: { id: string; card?: { last4: string } };
    error?: { message?: string };
  }>;
  /** Lets the bank ask its question about a payment that waits for it. */
  handleNextAction(of: { clientSecret: string }): Promise<{ error?: { message?: string } }>;
  /** Hands a card over to be kept for its owner. */
  confirmCardSetup(clientSecret: string, of: { payment_method: string }): Promise<{ error?: { message?: string } }>;
}

declare global {
  var Stripe: ((publishableKey: string) => StripeJs) | undefined;
}

/** The key of the server's account; undefined in a sandbox. */
export const STRIPE_KEY = document.querySelector<HTMLMetaElement>('meta[name="stripe-key"]')?.content;

let loading: Promise<StripeJs> | undefined;

/** Loads the script once it is needed, not before. Rejects when Stripe can't be reached; asking again tries again. */
export function loadStripe(key: string): Promise<StripeJs> {
  loading ??= loadScript().then(() => {
    if (globalThis.Stripe === undefined) throw new Error('the script of Stripe is empty');
    return globalThis.Stripe(key);
  });
  loading.catch(() => (loading = undefined));
  return loading;
}

function loadScript(): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = SOURCE;
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => {
      script.remove();
      reject(new Error('Stripe can’t be reached'));
    });
    document.head.append(script);
  });
}

import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../design/button.tsx';
import { Notice } from '../design/notice.tsx';
import { loadStripe, type CardElement, type StripeJs } from './stripe-js.ts';

/** What the field says, in the words of the page that it stands on. */
export type StripeText = 'card' | 'tryAgain' | 'stripe_says' | 'stripe_use' | 'stripe_taken' | 'stripe_away';

interface Props {
  readonly texts: { readonly locale: string; readonly say: (key: StripeText) => string };
  readonly stripeKey: string;
  readonly card: string;
  readonly onCard: (paymentMethodId: string) => void;
}

interface Opened {
  readonly stripe: StripeJs;
  readonly element: CardElement;
}

/** Stripe's own field for a card: what is typed goes to Stripe, and comes back as the id of a payment method. */
export function StripeCard({ texts, stripeKey, card, onCard }: Props) {
  const { say, locale } = texts;
  const { place, opened, isAway, tryAgain } = useElement(stripeKey, locale);
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const use = async ({ stripe, element }: Opened) => {
    setBusy(true);
    const { paymentMethod, error } = await stripe.createPaymentMethod({ type: 'card', card: element });
    setBusy(false);
    setProblem(paymentMethod ? undefined : (error?.message ?? say('stripe_away')));
    if (paymentMethod) onCard(paymentMethod.id);
  };
  return (
    <fieldset class="stack tight">
      <legend>{say('card')}</legend>
      <div class="stripe-field" ref={place} />
      {isAway && (
        <Notice tone="bad" actions={<Button onClick={tryAgain}>{say('tryAgain')}</Button>}>
          {say('stripe_away')}
        </Notice>
      )}
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      <p class="quiet small" role="status">
        {say(card === '' ? 'stripe_says' : 'stripe_taken')}
      </p>
      <Button isBusy={isBusy} disabled={!opened} onClick={() => opened && void use(opened)}>
        {say('stripe_use')}
      </Button>
    </fieldset>
  );
}

/** The field in its place, as soon as Stripe's script is there. */
function useElement(stripeKey: string, locale: string) {
  const place = useRef<HTMLDivElement>(null);
  const [opened, setOpened] = useState<Opened>();
  const [isAway, setAway] = useState(false);
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    let element: CardElement | undefined;
    let isGone = false;
    setAway(false);
    loadStripe(stripeKey).then(
      (stripe) => {
        if (isGone || !place.current) return;
        element = stripe.elements({ locale }).create('card', { hidePostalCode: true });
        element.mount(place.current);
        setOpened({ stripe, element });
      },
      () => setAway(true),
    );
    return () => {
      isGone = true;
      element?.destroy();
      setOpened(undefined);
    };
  }, [stripeKey, locale, attempt]);
  return { place, opened, isAway, tryAgain: () => setAttempt((before) => before + 1) };
}

import { StripeCard } from '../../pay/stripe-card.tsx';
import { STRIPE_KEY } from '../../pay/stripe-js.ts';
import { useApp } from '../frame/app-context.ts';

/** The provider's test cards of the sandbox, by what each shows. */
export const TEST_CARDS = [
  { id: 'pm_card_visa', text: 'card_pays' },
  { id: 'pm_card_visa_chargeDeclinedInsufficientFunds', text: 'card_declined' },
  { id: 'pm_card_authenticationRequired', text: 'card_asks' },
] as const;

/** What is chosen before anybody chose: with Stripe's own field nothing. */
export const FIRST_CARD: string = STRIPE_KEY === undefined ? TEST_CARDS[0].id : '';

interface Props {
  /** The payment method (`pm_…`) that is chosen now. */
  readonly card: string;
  readonly onCard: (paymentMethodId: string) => void;
  /** Tells choices of several on one view apart. */
  readonly name: string;
}

/**
 * Where a card comes from: the one seam to the payment provider. Gives the id of a payment method and knows nothing of what it pays for;
 * a card's number never comes to us. Where the server has a publishable key it is Stripe's own field; the sandbox offers the provider's test
 * cards.
 */
export function CardEntry({ card, onCard, name }: Props) {
  const texts = useApp();
  const { say } = texts;
  if (STRIPE_KEY !== undefined) return <StripeCard texts={texts} stripeKey={STRIPE_KEY} card={card} onCard={onCard} />;
  return (
    <fieldset class="stack tight">
      <legend>{say('card')}</legend>
      {TEST_CARDS.map(({ id, text }) => (
        <label class="check" key={id}>
          <input type="radio" name={name} value={id} checked={card === id} onChange={() => onCard(id)} />
          {say(text)}
        </label>
      ))}
      <p class="quiet small">{say('testCards')}</p>
    </fieldset>
  );
}

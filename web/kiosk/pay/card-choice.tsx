import { StripeCard } from '../../pay/stripe-card.tsx';
import { STRIPE_KEY } from '../../pay/stripe-js.ts';
import { useKiosk, type KioskKey } from '../kiosk-context.ts';

/** The provider's test cards of the sandbox. */
const TEST_CARDS = [
  { id: 'pm_card_visa', text: 'cardPays' },
  { id: 'pm_card_visa_chargeDeclinedInsufficientFunds', text: 'cardDeclined' },
] as const satisfies readonly { id: string; text: KioskKey }[];

/** What is chosen before anybody chose: with Stripe's own field nothing. */
export const FIRST_CARD: string = STRIPE_KEY === undefined ? TEST_CARDS[0].id : '';

/** Stripe's own field where the server has a publishable key, else the sandbox's test cards. Gives the id of a payment method. */
export function CardChoice({ card, onCard }: { card: string; onCard: (paymentMethodId: string) => void }) {
  const texts = useKiosk();
  const { say } = texts;
  if (STRIPE_KEY !== undefined) return <StripeCard texts={texts} stripeKey={STRIPE_KEY} card={card} onCard={onCard} />;
  return (
    <fieldset class="stack">
      <legend>{say('card')}</legend>
      {TEST_CARDS.map(({ id, text }) => (
        <label class="check" key={id}>
          <input type="radio" name="card" checked={card === id} onChange={() => onCard(id)} /> {say(text)}
        </label>
      ))}
      <p class="quiet">{say('testCards')}</p>
    </fieldset>
  );
}

import { StripeCard } from '../../pay/stripe-card.tsx';
import { STRIPE_KEY } from '../../pay/stripe-js.ts';
import { useViewer } from '../account/viewer.ts';
import { useApp } from '../frame/app-context.ts';
import { useKept } from '../frame/kept.ts';

/** The provider's test cards of the sandbox, by what each shows. */
export const TEST_CARDS = [
  { id: 'pm_card_visa', text: 'card_pays' },
  { id: 'pm_card_visa_chargeDeclinedInsufficientFunds', text: 'card_declined' },
  { id: 'pm_card_authenticationRequired', text: 'card_asks' },
] as const;

/** What is chosen before anybody chose, without a saved card: with Stripe's own field nothing. */
const FIRST_CARD: string = STRIPE_KEY === undefined ? TEST_CARDS[0].id : '';

/** The card that is chosen: the saved one until another is. One that is saved no more is not chosen any more. */
export function useCard(): [card: string, choose: (paymentMethodId: string) => void] {
  const saved = useViewer().driver?.savedPaymentMethodId ?? undefined;
  const [chosen, choose] = useKept<{ card: string; isSaved: boolean } | undefined>('card', () => undefined);
  const isGone = chosen?.isSaved === true && chosen.card !== saved;
  const card = chosen === undefined || isGone ? (saved ?? FIRST_CARD) : chosen.card;
  return [card, (next) => choose({ card: next, isSaved: next === saved })];
}

interface Props {
  /** The payment method (`pm_…`) that is chosen now. */
  readonly card: string;
  readonly onCard: (paymentMethodId: string) => void;
  /** Tells choices of several on one view apart. */
  readonly name: string;
}

/**
 * Where a card comes from: the one seam to the payment provider. Gives the id of a payment method and knows nothing of what it pays for;
 * a card's number never comes to us. The saved card is one press; for another there is Stripe's own field where the server has a publishable
 * key, and the provider's test cards in the sandbox.
 */
export function CardEntry({ card, onCard, name }: Props) {
  const texts = useApp();
  const { say } = texts;
  const saved = useViewer().driver?.savedPaymentMethodId ?? undefined;
  const savedChoice = saved === undefined ? [] : [{ id: saved, text: 'card_saved' as const }];
  if (STRIPE_KEY === undefined)
    return (
      <fieldset class="stack tight">
        <legend>{say('card')}</legend>
        <Choices of={[...savedChoice, ...TEST_CARDS]} {...{ card, onCard, name }} />
        <p class="quiet small">{say('testCards')}</p>
      </fieldset>
    );
  const isOther = saved === undefined || card !== saved;
  return (
    <div class="stack tight">
      {saved !== undefined && (
        <fieldset class="stack tight">
          <legend class="heard">{say('card')}</legend>
          <Choices
            of={[...savedChoice, { id: isOther ? card : '', text: 'card_other' as const }]}
            {...{ card, onCard, name }}
          />
        </fieldset>
      )}
      {isOther && <StripeCard texts={texts} stripeKey={STRIPE_KEY} card={card} onCard={onCard} />}
    </div>
  );
}

type Choice = { readonly id: string; readonly text: 'card_saved' | 'card_other' | (typeof TEST_CARDS)[number]['text'] };

function Choices({ of, card, onCard, name }: Props & { of: readonly Choice[] }) {
  const { say } = useApp();
  return (
    <>
      {of.map(({ id, text }) => (
        <label class="check" key={text}>
          <input type="radio" name={name} value={id} checked={card === id} onChange={() => onCard(id)} />
          {say(text)}
        </label>
      ))}
    </>
  );
}

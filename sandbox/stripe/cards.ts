/** What a charge on a card ends in. */
export interface Decline {
  code: string;
  declineCode?: string;
  message: string;
}

/** When a card asks its owner for 3-D Secure. */
export type Challenge = 'never' | 'always' | 'unless-set-up' | 'on-session-only';

export interface TestCard {
  number: string;
  brand: 'visa' | 'mastercard' | 'amex';
  funding: 'credit' | 'debit';
  challenge: Challenge;
  /** Refused when it is charged. */
  decline: Decline | null;
  /** Also refused when it is saved: all declining cards but the one made to fail later. */
  refusesSaving: boolean;
  dispute: { reason: string; inquiry: boolean } | null;
  refund: 'succeeds' | 'fails-later' | 'pending-first';
}

function decline(declineCode: string, message: string, code = 'card_declined'): Decline {
  return { code, declineCode, message };
}

const GENERIC = decline('generic_decline', 'Your card was declined.');
const INSUFFICIENT = decline('insufficient_funds', 'Your card has insufficient funds.');

function card(number: string, traits: Partial<Omit<TestCard, 'number'>> = {}): TestCard {
  const plain = {
    brand: 'visa',
    funding: 'credit',
    challenge: 'never',
    decline: null,
    dispute: null,
    refund: 'succeeds',
  } as const;
  return { number, refusesSaving: traits.decline != null && traits.challenge === undefined, ...plain, ...traits };
}

const FRAUD = { reason: 'fraudulent', inquiry: false };

/** The test cards of Stripe's documentation that matter to a seller of parking, by number and by PaymentMethod id. */
const CARDS: readonly (readonly [TestCard, ...string[]])[] = [
  [card('4242424242424242'), 'pm_card_visa'],
  [card('4000056655665556', { funding: 'debit' }), 'pm_card_visa_debit'],
  [card('5555555555554444', { brand: 'mastercard' }), 'pm_card_mastercard'],
  [card('5200828282828210', { brand: 'mastercard', funding: 'debit' }), 'pm_card_mastercard_debit'],
  [card('378282246310005', { brand: 'amex' }), 'pm_card_amex'],
  [card('4000000000000002', { decline: GENERIC }), 'pm_card_chargeDeclined', 'pm_card_visa_chargeDeclined'],
  [
    card('4000000000009995', { decline: INSUFFICIENT }),
    'pm_card_chargeDeclinedInsufficientFunds',
    'pm_card_visa_chargeDeclinedInsufficientFunds',
  ],
  [
    card('4000000000009987', { decline: decline('lost_card', 'Your card was declined.') }),
    'pm_card_visa_chargeDeclinedLostCard',
  ],
  [
    card('4000000000009979', { decline: decline('stolen_card', 'Your card was declined.') }),
    'pm_card_visa_chargeDeclinedStolenCard',
  ],
  [
    card('4000000000000069', { decline: { code: 'expired_card', message: 'Your card has expired.' } }),
    'pm_card_chargeDeclinedExpiredCard',
  ],
  [
    card('4000000000000127', {
      decline: { code: 'incorrect_cvc', message: "Your card's security code is incorrect." },
    }),
    'pm_card_chargeDeclinedIncorrectCvc',
  ],
  [
    card('4000000000000119', {
      decline: {
        code: 'processing_error',
        message: 'An error occurred while processing your card. Try again in a little bit.',
      },
    }),
    'pm_card_chargeDeclinedProcessingError',
  ],
  [
    card('4000000000006975', { decline: decline('card_velocity_exceeded', 'Your card was declined.') }),
    'pm_card_visa_chargeDeclinedVelocityLimitExceeded',
  ],
  [card('4000000000000341', { decline: GENERIC, refusesSaving: false }), 'pm_card_chargeCustomerFail'],
  [card('4000002500003155', { challenge: 'unless-set-up' }), 'pm_card_authenticationRequiredOnSetup'],
  [card('4000002760003184', { challenge: 'always' }), 'pm_card_authenticationRequired'],
  [card('4000003800000446', { challenge: 'on-session-only' }), 'pm_card_authenticationRequiredSetupForOffSession'],
  [card('4000000000003220', { challenge: 'always' }), 'pm_card_threeDSecure2Required', 'pm_card_threeDSecureRequired'],
  [
    card('4000008260003178', { challenge: 'always', decline: INSUFFICIENT }),
    'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
  ],
  [card('4000008400001629', { challenge: 'always', decline: GENERIC }), 'pm_card_threeDSecureRequiredChargeDeclined'],
  [card('4000000000000259', { dispute: FRAUD }), 'pm_card_createDispute'],
  [
    card('4000000000002685', { dispute: { reason: 'product_not_received', inquiry: false } }),
    'pm_card_createDisputeProductNotReceived',
  ],
  [card('4000000000001976', { dispute: { reason: 'fraudulent', inquiry: true } }), 'pm_card_createDisputeInquiry'],
  [card('4000000000005126', { refund: 'fails-later' }), 'pm_card_refundFail'],
  [card('4000000000007726', { refund: 'pending-first' }), 'pm_card_pendingRefund'],
];

const BY_NUMBER = new Map(CARDS.map(([entry]) => [entry.number, entry]));
const BY_PAYMENT_METHOD = new Map(CARDS.flatMap(([entry, ...ids]) => ids.map((id) => [id, entry] as const)));

/** The card behind one of Stripe's fixed ids (`pm_card_visa`), if it is one. */
export function cardOfFixedId(id: string): TestCard | undefined {
  return BY_PAYMENT_METHOD.get(id);
}

/** The card with this number: a test card with its own behaviour, or an ordinary one that succeeds. */
export function cardOfNumber(number: string): TestCard {
  const brand = number.startsWith('5') ? 'mastercard' : number.startsWith('3') ? 'amex' : 'visa';
  return BY_NUMBER.get(number) ?? card(number, { brand });
}

/** Whether the check digit of a card number is right (Luhn). */
export function hasValidCheckDigit(number: string): boolean {
  if (!/^\d{12,19}$/.test(number)) return false;
  const sum = [...number].reverse().reduce((total, digit, index) => {
    const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

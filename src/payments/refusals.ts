import type { PaymentKind } from '../domain/payment.ts';
import { Refusal } from '../domain/refusal.ts';
import type { IntentView } from './provider-answers.ts';

/** What stays as it is while a payment is not made; a driver who was refused asks for that first. */
const MEANWHILE: Record<PaymentKind, string> = {
  RESERVATION: 'your spot is held until the hold runs out',
  CHANGE: 'your reservation stays as it was',
  STAY: 'what you owe stays open, and the staff can help',
  MONTHLY_PASS: 'your monthly pass begins, or goes on, when it is paid',
  NO_SHOW_FEE: 'what you owe stays open',
  OVERSTAY: 'what you owe stays open',
  DEBT: 'what you owe stays open',
};

/** The bank refused the card; another may be tried. */
export function declined(kind: PaymentKind, failureCode: string): Refusal {
  const message = `The card was refused. Try another card; ${MEANWHILE[kind]}.`;
  return new Refusal('PAYMENT_DECLINED', message, { field: ['paymentMethodId'], details: { failureCode } });
}

export function actionRequired({ clientSecret, nextAction }: IntentView): Refusal {
  const message =
    'The bank wants to know that it is you. Finish the payment with its client secret, then complete again.';
  return new Refusal('PAYMENT_ACTION_REQUIRED', message, { details: { clientSecret, nextAction } });
}

/** Nobody knows yet what became of it: ask again. */
export function unavailable(kind: PaymentKind): Refusal {
  const message = `The payment provider does not answer. Try again in a moment; ${MEANWHILE[kind]}.`;
  return new Refusal('PAYMENT_UNAVAILABLE', message);
}

/** The provider understood and will never take this payment (`amount_too_small`): no card and no waiting helps. */
export function impossible(kind: PaymentKind, failureCode: string): Refusal {
  const small =
    failureCode === 'amount_too_small' ? ': the amount is below the smallest that a card can be charged' : '';
  const message = `The payment provider does not take this payment${small}. Nothing was charged; ${MEANWHILE[kind]}.`;
  return new Refusal('PAYMENT_IMPOSSIBLE', message, { details: { failureCode } });
}

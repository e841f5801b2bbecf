import { listBalanceTransactions, retrieveBalanceTransaction } from './balance-transactions.ts';
import type { Handler } from './call.ts';
import { cancelPaymentIntent, capturePaymentIntent } from './capture-and-cancel.ts';
import { completePaymentChallenge, completeSetupChallenge } from './challenges.ts';
import { listCharges, retrieveCharge } from './charges.ts';
import { createCustomer, deleteCustomer, listCustomers, retrieveCustomer, updateCustomer } from './customers.ts';
import { closeDispute, contestCharge, listDisputes, retrieveDispute, updateDispute } from './disputes.ts';
import { listEvents, retrieveEvent } from './events.ts';
import {
  confirmPaymentIntent,
  createPaymentIntent,
  listPaymentIntents,
  retrievePaymentIntent,
  updatePaymentIntent,
} from './payment-intents.ts';
import {
  attachPaymentMethod,
  createPaymentMethod,
  detachPaymentMethod,
  listCustomerPaymentMethods,
  listPaymentMethods,
  retrievePaymentMethod,
} from './payment-methods.ts';
import { createRefund, finishRefund, listRefunds, retrieveRefund } from './refunds.ts';
import {
  cancelSetupIntent,
  confirmSetupIntent,
  createSetupIntent,
  listSetupIntents,
  retrieveSetupIntent,
} from './setup-intents.ts';

export interface Route {
  /** "POST /v1/payment_intents/:id/confirm": also the endpoint that the rate is counted for. */
  name: string;
  handler: Handler;
  /** A client app may call it with the publishable key. */
  publishable: boolean;
}

const SECRET_ONLY: readonly (readonly [string, Handler])[] = [
  ['POST /v1/customers', createCustomer],
  ['GET /v1/customers', listCustomers],
  ['GET /v1/customers/:id', retrieveCustomer],
  ['POST /v1/customers/:id', updateCustomer],
  ['DELETE /v1/customers/:id', deleteCustomer],
  ['GET /v1/customers/:id/payment_methods', listCustomerPaymentMethods],
  ['GET /v1/payment_methods', listPaymentMethods],
  ['GET /v1/payment_methods/:id', retrievePaymentMethod],
  ['POST /v1/payment_methods/:id/attach', attachPaymentMethod],
  ['POST /v1/payment_methods/:id/detach', detachPaymentMethod],
  ['POST /v1/setup_intents', createSetupIntent],
  ['GET /v1/setup_intents', listSetupIntents],
  ['POST /v1/setup_intents/:id/cancel', cancelSetupIntent],
  ['POST /v1/payment_intents', createPaymentIntent],
  ['GET /v1/payment_intents', listPaymentIntents],
  ['POST /v1/payment_intents/:id', updatePaymentIntent],
  ['POST /v1/payment_intents/:id/capture', capturePaymentIntent],
  ['POST /v1/payment_intents/:id/cancel', cancelPaymentIntent],
  ['POST /v1/refunds', createRefund],
  ['GET /v1/refunds', listRefunds],
  ['GET /v1/refunds/:id', retrieveRefund],
  ['GET /v1/charges', listCharges],
  ['GET /v1/charges/:id', retrieveCharge],
  ['GET /v1/disputes', listDisputes],
  ['GET /v1/disputes/:id', retrieveDispute],
  ['POST /v1/disputes/:id', updateDispute],
  ['POST /v1/disputes/:id/close', closeDispute],
  ['GET /v1/events', listEvents],
  ['GET /v1/events/:id', retrieveEvent],
  ['GET /v1/balance_transactions', listBalanceTransactions],
  ['GET /v1/balance_transactions/:id', retrieveBalanceTransaction],
  ['POST /v1/test_helpers/payment_intents/:id/complete_challenge', completePaymentChallenge],
  ['POST /v1/test_helpers/setup_intents/:id/complete_challenge', completeSetupChallenge],
  ['POST /v1/test_helpers/refunds/:id/finish', finishRefund],
  ['POST /v1/test_helpers/charges/:id/dispute', contestCharge],
];

const ALSO_PUBLISHABLE: readonly (readonly [string, Handler])[] = [
  ['POST /v1/payment_methods', createPaymentMethod],
  ['GET /v1/payment_intents/:id', retrievePaymentIntent],
  ['POST /v1/payment_intents/:id/confirm', confirmPaymentIntent],
  ['GET /v1/setup_intents/:id', retrieveSetupIntent],
  ['POST /v1/setup_intents/:id/confirm', confirmSetupIntent],
];

const ROUTES = [
  ...SECRET_ONLY.map(([name, handler]) => compile({ name, handler, publishable: false })),
  ...ALSO_PUBLISHABLE.map(([name, handler]) => compile({ name, handler, publishable: true })),
];

/** The endpoint for a method and path, with the id that the path names (or none). */
export function findRoute(method: string, path: string): { route: Route; id: string } | undefined {
  const asked = `${method} ${path}`;
  for (const { route, pattern } of ROUTES) {
    const match = pattern.exec(asked);
    if (match !== null) return { route, id: decodeURIComponent(match[1] ?? '') };
  }
  return undefined;
}

function compile(route: Route): { route: Route; pattern: RegExp } {
  return { route, pattern: new RegExp(`^${route.name.replace(':id', '([A-Za-z0-9_]+)')}$`) };
}

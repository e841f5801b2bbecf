import { Refusal } from '../domain/refusal.ts';
import { Driver } from '../entities/driver.ts';
import type { Platform } from '../platform/platform.ts';
import { customerOf } from './customer.ts';
import { ProviderRefusal, ProviderTrouble } from './provider-answers.ts';
import { gatewayOf } from './stripe.ts';

export type SavedPaymentMethod = { readonly clientSecret: string } | { readonly savedPaymentMethodId: string };

/**
 * Saves the card for charges that come later (a no-show's fee, an overstay), in two steps. Without `paymentMethodId`:
 * begins, and gives the client secret with which the driver's own device hands the card to the provider; we never see
 * it. With it: keeps that card, which the first step must have saved for this very driver.
 * Talks to the provider. Refuses with INVALID_INPUT, PAYMENT_UNAVAILABLE.
 */
export async function savePaymentMethod(
  platform: Platform,
  input: { paymentMethodId?: string },
  driver: { driverId: string },
): Promise<SavedPaymentMethod> {
  const { driverId } = driver;
  const { paymentMethodId } = input;
  try {
    const customerId = await customerOf(platform, driverId);
    if (paymentMethodId === undefined) {
      return { clientSecret: await gatewayOf(platform).createSetupIntent(customerId, { driverId }) };
    }
    const owner = await gatewayOf(platform).ownerOfCard(paymentMethodId);
    if (owner !== customerId) throw notSaved();
    await platform.orm.em.fork().nativeUpdate(Driver, { id: driverId }, { savedPaymentMethodId: paymentMethodId });
    return { savedPaymentMethodId: paymentMethodId };
  } catch (error) {
    if (error instanceof ProviderRefusal && paymentMethodId !== undefined) throw notSaved();
    if (error instanceof ProviderTrouble || error instanceof ProviderRefusal) {
      throw new Refusal('PAYMENT_UNAVAILABLE', 'The payment provider does not answer. Try again in a moment.');
    }
    throw error;
  }
}

function notSaved(): Refusal {
  const message =
    'No such card was saved for you. Finish the first step with its client secret, then send the card it gave.';
  return new Refusal('INVALID_INPUT', message, { field: ['paymentMethodId'] });
}

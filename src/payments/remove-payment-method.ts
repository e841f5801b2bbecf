import { Refusal } from '../domain/refusal.ts';
import { Driver } from '../entities/driver.ts';
import type { Platform } from '../platform/platform.ts';
import { ProviderRefusal, ProviderTrouble } from './provider-answers.ts';
import { gatewayOf } from './stripe.ts';

/**
 * Lets go of a driver's saved card, at the provider first: nothing can be charged to it any more, so what was agreed to for it ends too. What
 * a reservation may still cost (not coming, staying on) becomes a debt. Without a saved card nothing is done.
 * Talks to the provider. Refuses with PAYMENT_UNAVAILABLE.
 */
export async function removePaymentMethod(platform: Platform, { driverId }: { driverId: string }): Promise<void> {
  const em = platform.orm.em.fork();
  const driver = await em.findOne(Driver, { id: driverId });
  const card = driver?.savedPaymentMethodId;
  if (card == null) return;
  try {
    await gatewayOf(platform).detachCard(card);
  } catch (error) {
    if (error instanceof ProviderTrouble)
      throw new Refusal('PAYMENT_UNAVAILABLE', 'The payment provider does not answer. Try again in a moment.');
    // The provider does not have it (any more).
    if (!(error instanceof ProviderRefusal)) throw error;
  }
  const without = { savedPaymentMethodId: null, automaticPayment: null, debtsCollectedSince: null };
  await em.nativeUpdate(Driver, { id: driverId, savedPaymentMethodId: card }, without);
}

import { Refusal } from '../domain/refusal.ts';
import { Driver } from '../entities/driver.ts';
import type { Platform } from '../platform/platform.ts';
import { gatewayOf } from './stripe.ts';

/**
 * The provider's id for a driver, made on the first need. The provider learns our id and nothing of the person.
 * Talks to the provider; two calls at once get the same customer by the derived key `cu:<driverId>`.
 */
export async function customerOf(platform: Platform, driverId: string): Promise<string> {
  const em = platform.orm.em.fork();
  const driver = await em.findOne(Driver, { id: driverId });
  if (!driver) throw new Refusal('NOT_FOUND', 'There is no such driver.');
  if (driver.stripeCustomerId != null) return driver.stripeCustomerId;
  const customerId = await gatewayOf(platform).createCustomer({ driverId }, `cu:${driverId}`);
  await em.nativeUpdate(Driver, { id: driverId, stripeCustomerId: null }, { stripeCustomerId: customerId });
  return customerId;
}

/** Keeps the card that a driver has just paid with for later charges, unless they have saved one. */
export async function keepCard(platform: Platform, driverId: string, paymentMethodId: string): Promise<void> {
  const em = platform.orm.em.fork();
  await em.nativeUpdate(
    Driver,
    { id: driverId, savedPaymentMethodId: null },
    { savedPaymentMethodId: paymentMethodId },
  );
}

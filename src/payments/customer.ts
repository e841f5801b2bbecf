import { Refusal } from '../domain/refusal.ts';
import { Driver } from '../entities/driver.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { ProviderTrouble } from './provider-answers.ts';
import { gatewayOf } from './stripe.ts';

/**
 * The provider's id for a driver, made on the first need. The provider learns our id and nothing of the person.
 * Talks to the provider; two calls at once get the same customer by the derived key `cu:<driverId>`, and if they should
 * get two, the row keeps the first.
 */
export async function customerOf(platform: Platform, driverId: string): Promise<string> {
  const known = await storedCustomer(platform, driverId);
  if (known !== null) return known;
  const customerId = await createCustomer(platform, driverId);
  const nobody = { id: driverId, stripeCustomerId: null };
  await platform.orm.em.fork().nativeUpdate(Driver, nobody, { stripeCustomerId: customerId });
  return (await storedCustomer(platform, driverId)) ?? customerId;
}

async function storedCustomer(platform: Platform, driverId: string): Promise<string | null> {
  const driver = await platform.orm.em.fork().findOne(Driver, { id: driverId });
  if (!driver) throw new Refusal('NOT_FOUND', 'There is no such driver.');
  return driver.stripeCustomerId ?? null;
}

async function createCustomer(platform: Platform, driverId: string): Promise<string> {
  const gateway = gatewayOf(platform);
  try {
    return await gateway.createCustomer({ driverId }, `cu:${driverId}`);
  } catch (error) {
    if (!(error instanceof ProviderTrouble) || !error.keptUnderKey) throw error;
    // The provider keeps its failure under the key for a day. A customer that nobody knows of does no harm.
    return gateway.createCustomer({ driverId }, `cu:${driverId}:${newId(platform.clock.now())}`);
  }
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

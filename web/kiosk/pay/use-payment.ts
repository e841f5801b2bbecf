import { useRef, useState } from 'preact/hooks';
import { KioskPayDocument, type KioskPayMutation } from '../../generated/graphql.ts';
import { loadStripe, STRIPE_KEY } from '../../pay/stripe-js.ts';
import { ask } from '../door.ts';
import type { KioskKey } from '../kiosk-context.ts';

type UserErrors = KioskPayMutation['payStay']['userErrors'];

/** Pays a visit with a card; `wrong` says why it did not, until the next try. */
export function usePayment(stayId: string, onPaid: () => void) {
  const [wrong, setWrong] = useState<KioskKey>();
  const [isBusy, setBusy] = useState(false);
  // One key a try: a press after a lost answer pays nothing twice.
  const key = useRef(crypto.randomUUID());
  const tryOnce = async (paymentMethodId: string): Promise<KioskKey | undefined> => {
    const input = { idempotencyKey: key.current, stay: { stayId }, paymentMethodId };
    const { userErrors } = (await ask(KioskPayDocument, { input })).payStay;
    if (userErrors.length === 0) return undefined;
    key.current = crypto.randomUUID();
    return afterRefusal(userErrors);
  };
  const pay = async (card: string) => {
    setBusy(true);
    setWrong(undefined);
    try {
      const refused = await tryOnce(card);
      if (refused === undefined) onPaid();
      setWrong(refused);
    } catch {
      setWrong('serverAway');
    } finally {
      setBusy(false);
    }
  };
  return { pay, wrong, isBusy };
}

/** A bank that asks first is let ask; what it said is seen by the payment, which the server looks at. */
async function afterRefusal([refused]: UserErrors): Promise<KioskKey | undefined> {
  if (refused?.code === 'NOTHING_DUE') return undefined;
  if (refused?.code !== 'PAYMENT_ACTION_REQUIRED') return 'payFailed';
  const clientSecret = 'clientSecret' in refused ? refused.clientSecret : undefined;
  if (STRIPE_KEY === undefined || clientSecret == null) return 'payAsks';
  const stripe = await loadStripe(STRIPE_KEY);
  const { error } = await stripe.handleNextAction({ clientSecret });
  return error === undefined ? undefined : 'payFailed';
}

import { loadStripe } from '../../pay/stripe-js.ts';

/** Lets the bank ask in front of the page. Gives undefined when it is content, else what to say ('' when nobody answered). */
export async function askBank(key: string, clientSecret: string): Promise<string | undefined> {
  return wrongWith(async () => (await loadStripe(key)).handleNextAction({ clientSecret }));
}

/** Hands a card over to be kept. Gives undefined when it is, else what to say ('' when nobody answered). */
export async function saveAtStripe(
  key: string,
  { clientSecret, paymentMethodId }: { clientSecret: string; paymentMethodId: string },
): Promise<string | undefined> {
  return wrongWith(async () =>
    (await loadStripe(key)).confirmCardSetup(clientSecret, { payment_method: paymentMethodId }),
  );
}

async function wrongWith(ask: () => Promise<{ error?: { message?: string } }>): Promise<string | undefined> {
  try {
    const { error } = await ask();
    return error && (error.message ?? '');
  } catch {
    return '';
  }
}

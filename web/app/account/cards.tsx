import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { AppRemoveCardDocument, AppSaveCardDocument } from '../../generated/graphql.ts';
import { StripeCard } from '../../pay/stripe-card.tsx';
import { STRIPE_KEY } from '../../pay/stripe-js.ts';
import { useApp } from '../frame/app-context.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';
import { saveAtStripe } from '../pay/stripe-steps.ts';
import type { Driver } from './viewer.ts';

interface Props {
  readonly driver: Driver;
  readonly onChanged: () => void;
}

/** The card that later charges go to and that is offered when one pays. The one that was paid with first is saved by itself. */
export function Cards({ driver, onChanged }: Props) {
  const { say } = useApp();
  const isSaved = driver.savedPaymentMethodId != null;
  return (
    <section class="card stack" aria-labelledby="cards">
      <h2 id="cards">{say('card')}</h2>
      <p class="quiet" role="status">
        {say(isSaved ? 'cardSaved' : 'cardNone')}
      </p>
      {isSaved && <RemoveCard onChanged={onChanged} />}
      {STRIPE_KEY !== undefined && <SaveCard stripeKey={STRIPE_KEY} onChanged={onChanged} />}
    </section>
  );
}

function RemoveCard({ onChanged }: Pick<Props, 'onChanged'>) {
  const { say } = useApp();
  const refusalText = useRefusalText();
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, remove] = useDo(AppRemoveCardDocument);
  const submit = async () => {
    const answer = await remove({});
    setRefused(answer?.removePaymentMethod.userErrors[0]);
    if (answer?.removePaymentMethod.removed === true) onChanged();
  };
  return (
    <>
      <p class="quiet small">{say('removeCardHint')}</p>
      {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
      {error && <Problem error={error} />}
      <p>
        <Button isBusy={fetching} onClick={() => void submit()}>
          {say('removeCard')}
        </Button>
      </p>
    </>
  );
}

/** In two steps: we say for whom, Stripe takes the card (and asks the bank), we are told which it is. */
function SaveCard({ stripeKey, onChanged }: Pick<Props, 'onChanged'> & { stripeKey: string }) {
  const texts = useApp();
  const { say } = texts;
  const refusalText = useRefusalText();
  const [refused, setRefused] = useState<Refused>();
  const [problem, setProblem] = useState<string>();
  const [{ error }, save] = useDo(AppSaveCardDocument);
  const submit = async (paymentMethodId: string) => {
    const begun = (await save({ input: {} }))?.savePaymentMethod;
    setRefused(begun?.userErrors[0]);
    if (begun?.clientSecret == null) return;
    const wrong = await saveAtStripe(stripeKey, { clientSecret: begun.clientSecret, paymentMethodId });
    setProblem(wrong === undefined ? undefined : wrong || say('stripe_away'));
    if (wrong !== undefined) return;
    setRefused((await save({ input: { paymentMethodId } }))?.savePaymentMethod.userErrors[0]);
    onChanged();
  };
  return (
    <>
      <StripeCard texts={texts} stripeKey={stripeKey} card="" onCard={(id) => void submit(id)} />
      {problem !== undefined && <Notice tone="bad">{problem}</Notice>}
      {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
      {error && <Problem error={error} />}
    </>
  );
}

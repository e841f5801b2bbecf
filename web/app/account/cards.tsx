import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { AppSaveCardDocument } from '../../generated/graphql.ts';
import { useApp } from '../frame/app-context.ts';
import { useKept } from '../frame/kept.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';
import { CardEntry, FIRST_CARD } from '../pay/card-entry.tsx';
import type { Driver } from './viewer.ts';

/** The card that later charges go to; another one takes its place. */
export function Cards({ driver, onChanged }: { driver: Driver; onChanged: () => void }) {
  const { say } = useApp();
  const refusalText = useRefusalText();
  const [card, setCard] = useKept('card', () => FIRST_CARD);
  const [refused, setRefused] = useState<Refused>();
  const [isSaved, setSaved] = useState(false);
  const [{ fetching, error }, save] = useDo(AppSaveCardDocument);
  const submit = async () => {
    setSaved(false);
    const answer = await save({ input: { paymentMethodId: card } });
    setRefused(answer?.savePaymentMethod.userErrors[0]);
    if (answer?.savePaymentMethod.savedPaymentMethodId == null) return;
    setSaved(true);
    onChanged();
  };
  return (
    <section class="card stack" aria-labelledby="cards">
      <h2 id="cards">{say('card')}</h2>
      <p class="quiet">{say(driver.hasSavedCard ? 'cardSaved' : 'cardNone')}</p>
      <CardEntry card={card} onCard={setCard} name="saved-card" />
      {isSaved && <Notice tone="good">{say('cardNowSaved')}</Notice>}
      {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
      {error && <Problem error={error} />}
      <Button isBusy={fetching} disabled={card === ''} onClick={() => void submit()}>
        {say('saveCard')}
      </Button>
    </section>
  );
}

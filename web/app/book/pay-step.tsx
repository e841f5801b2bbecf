import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { useApp } from '../frame/app-context.ts';
import { writeKept } from '../frame/kept.ts';
import { useNow } from '../../data/now.ts';
import { Problem, useRefusalText } from '../frame/problem.tsx';
import { addressOf, go } from '../frame/router.ts';
import { CardEntry, useCard } from '../pay/card-entry.tsx';
import type { BookedLot } from './booking.tsx';
import { isConfirmed, plainPlate, type PlateEntry } from './plate-step.tsx';
import { cancellationText } from './policy-text.ts';
import { Countdown, type Quote } from './quote-card.tsx';
import type { Trip } from './trip.ts';
import type { Checkout } from './use-checkout.ts';

interface Props {
  readonly lot: BookedLot;
  readonly quote: Quote;
  readonly trip: Trip;
  readonly entry: PlateEntry;
  readonly checkout: Checkout;
  readonly onAskAgain: () => void;
}

/** The card and the one press that reserves and pays, with the cancellation rule beside it. */
export function PayStep({ lot, quote, trip, entry, checkout, onAskAgain }: Props) {
  const app = useApp();
  const { say, locale } = app;
  const [card, setCard] = useCard();
  const total = checkout.hold?.total ?? quote.price.total;
  const isFree = total.amountMinor === 0;
  const missing = useMissing({ quote, entry, checkout }) ?? (isFree || card !== '' ? undefined : say('missing_card'));
  const pay = async () => {
    const { vehicleClass, spotType } = trip;
    const wanted = { lotId: lot.id, quote, plate: plainPlate(entry.text), vehicleClass };
    const id = await checkout.pay({ ...wanted, ...(spotType ? { spotType } : {}) }, card);
    if (id === undefined) return;
    for (const name of ['plate', 'promo', 'trip']) writeKept(name, undefined);
    go(addressOf('parking', id));
  };
  return (
    <section class="card stack" aria-labelledby="pay">
      <div class="row-of spread">
        <h2 id="pay">{say('payTitle')}</h2>
        {checkout.hold && <Countdown until={checkout.hold.holdExpiresAt} />}
      </div>
      {!isFree && <CardEntry card={card} onCard={setCard} name="card" />}
      <CheckoutTrouble checkout={checkout} onAskAgain={onAskAgain} />
      <p>{cancellationText(app, quote.policy, { startsAt: quote.period.startsAt, timeZone: lot.timeZone })}</p>
      {quote.cardConsent.noShowMax.amountMinor > 0 && (
        <p class="quiet small">{say('consent', { amount: formatAmount(quote.cardConsent.noShowMax, locale) })}</p>
      )}
      <p role="status" class="quiet">
        {missing ?? ''}
      </p>
      <div class="row-of">
        <Button kind="main" isBusy={checkout.isBusy} disabled={missing !== undefined} onClick={() => void pay()}>
          {isFree ? say('reserveFree') : say('payNow', { amount: formatAmount(total, locale) })}
        </Button>
        {checkout.hold && (
          <Button isBusy={checkout.isBusy} onClick={() => void checkout.letGo()}>
            {say('letGo')}
          </Button>
        )}
      </div>
    </section>
  );
}

/** What is still to do before it can be paid; undefined: nothing. */
function useMissing({ quote, entry, checkout }: Pick<Props, 'quote' | 'entry' | 'checkout'>): string | undefined {
  const { say, isSignedIn } = useApp();
  const now = useNow(1000);
  if (!isConfirmed(entry) && !checkout.hold) return say('missing_plate');
  if (!isSignedIn) return say('missing_account');
  if (!checkout.hold && Date.parse(quote.expiresAt) <= now) return say('quoteExpired');
  return undefined;
}

function CheckoutTrouble({ checkout, onAskAgain }: Pick<Props, 'checkout' | 'onAskAgain'>) {
  const { say } = useApp();
  const refusalText = useRefusalText();
  const { refused, error } = checkout;
  if (error) return <Problem error={error} />;
  if (!refused) return null;
  const needsPrice = ['QUOTE_EXPIRED', 'QUOTE_INVALID', 'RESERVATION_STATE', 'HOLD_LAPSED'].includes(refused.code);
  return (
    <Notice tone="bad" actions={needsPrice && <Button onClick={onAskAgain}>{say('priceAgain')}</Button>}>
      {refusalText(refused)}
    </Notice>
  );
}

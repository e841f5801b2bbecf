import { useEffect, useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { formatDuration } from '../../format/time.ts';
import { KioskStayDocument, type KioskStayQuery } from '../../generated/graphql.ts';
import { ask } from '../door.ts';
import { useKiosk } from '../kiosk-context.ts';
import { CardChoice, FIRST_CARD } from './card-choice.tsx';
import { usePayment } from './use-payment.ts';

type Stay = NonNullable<KioskStayQuery['stay']>;

type Found = Stay | 'LOOKING' | 'NONE' | 'AWAY';

/** On the driver's own phone, from the QR at the exit: pay the visit; the gate sees it by itself. */
export function PayView({ stayId }: { stayId: string }) {
  const { say, locale } = useKiosk();
  const [stay, setStay] = useState<Found>('LOOKING');
  const look = () =>
    ask(KioskStayDocument, { ref: { stayId } })
      .then((found) => setStay(found.stay ?? 'NONE'))
      .catch(() => setStay('AWAY'));
  useEffect(() => void look(), [stayId]);
  return (
    <main class="pay">
      <h1>{say('payTitle')}</h1>
      {stay === 'LOOKING' && <Waiting label={say('looking')} />}
      {stay === 'NONE' && <Notice tone="warn">{say('stayOver')}</Notice>}
      {stay === 'AWAY' && (
        <Notice tone="bad" actions={<Button onClick={() => void look()}>{say('tryAgain')}</Button>}>
          {say('serverAway')}
        </Notice>
      )}
      {typeof stay === 'object' && (
        <>
          <p class="quiet">{say('parkedFor', { duration: parkedSoFar(stay, locale) })}</p>
          <p class="amount">{formatAmount(stay.due, locale)}</p>
          {stay.due.amountMinor === 0 ? (
            <Notice tone="good">{say('paidGo')}</Notice>
          ) : (
            <Card stayId={stay.id} onPaid={() => void look()} />
          )}
        </>
      )}
    </main>
  );
}

function Card({ stayId, onPaid }: { stayId: string; onPaid: () => void }) {
  const { say } = useKiosk();
  const [card, setCard] = useState(FIRST_CARD);
  const { pay, wrong, isBusy } = usePayment(stayId, onPaid);
  return (
    <div class="stack">
      <CardChoice card={card} onCard={setCard} />
      {wrong && <Notice tone="bad">{say(wrong)}</Notice>}
      <Button kind="main" isBusy={isBusy} disabled={card === ''} onClick={() => void pay(card)}>
        {say('payNow')}
      </Button>
    </div>
  );
}

const parkedSoFar = ({ enteredAt }: Stay, locale: string): string =>
  formatDuration(Date.now() - new Date(enteredAt).getTime(), locale);

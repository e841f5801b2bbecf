import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../../design/button.tsx';
import { Notice, Waiting } from '../../design/notice.tsx';
import { formatAmount } from '../../format/money.ts';
import { formatDuration } from '../../format/time.ts';
import { KioskPayDocument, KioskStayDocument, type KioskStayQuery } from '../../generated/graphql.ts';
import { ask } from '../door.ts';
import { useKiosk, type KioskKey } from '../kiosk-context.ts';

type Stay = NonNullable<KioskStayQuery['stay']>;

/** The provider's test cards of the sandbox. */
const CARDS = [
  { id: 'pm_card_visa', text: 'cardPays' },
  { id: 'pm_card_visa_chargeDeclinedInsufficientFunds', text: 'cardDeclined' },
] as const satisfies readonly { id: string; text: KioskKey }[];

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
        <Notice tone="bad" actions={<Button onClick={() => void look()}>{say('again')}</Button>}>
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
  const [card, setCard] = useState<string>(CARDS[0].id);
  const [wrong, setWrong] = useState<KioskKey>();
  const [isBusy, setBusy] = useState(false);
  // One key a try: a press after a lost answer pays nothing twice.
  const key = useRef(crypto.randomUUID());
  const pay = async () => {
    setBusy(true);
    setWrong(undefined);
    try {
      const input = { idempotencyKey: key.current, stay: { stayId }, paymentMethodId: card };
      const { payStay } = await ask(KioskPayDocument, { input });
      if (payStay.userErrors.length === 0) return onPaid();
      key.current = crypto.randomUUID();
      setWrong('payFailed');
    } catch {
      setWrong('serverAway');
    } finally {
      setBusy(false);
    }
  };
  return (
    <div class="stack">
      <fieldset class="stack">
        <legend>{say('card')}</legend>
        {CARDS.map(({ id, text }) => (
          <label class="check" key={id}>
            <input type="radio" name="card" checked={card === id} onChange={() => setCard(id)} /> {say(text)}
          </label>
        ))}
      </fieldset>
      {wrong && <Notice tone="bad">{say(wrong)}</Notice>}
      <Button kind="main" isBusy={isBusy} onClick={() => void pay()}>
        {say('payNow')}
      </Button>
    </div>
  );
}

const parkedSoFar = ({ enteredAt }: Stay, locale: string): string =>
  formatDuration(Date.now() - new Date(enteredAt).getTime(), locale);

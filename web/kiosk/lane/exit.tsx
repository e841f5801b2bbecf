import { useEffect, useState } from 'preact/hooks';
import { Qr } from '../../design/qr.tsx';
import { formatAmount, type Amount } from '../../format/money.ts';
import { formatDayAndClock, formatDuration } from '../../format/time.ts';
import { KioskStayDocument, type KioskDecisionFragment, type KioskStayQuery } from '../../generated/graphql.ts';
import { ask, type Place } from '../door.ts';
import { useKiosk } from '../kiosk-context.ts';
import type { Asked, Lane } from './use-lane.ts';

type Stay = NonNullable<KioskStayQuery['stay']>;

interface Props {
  readonly decision: KioskDecisionFragment;
  readonly of: { readonly asked: Asked; readonly place: Place; readonly lane: Lane };
}

const LOOK_MS = 2000;

/** What is to be paid before the barrier opens: time in, time out, the lines, the sum, and the way to pay on one's phone. */
export function Exit({ decision, of }: Props) {
  const { say, locale } = useKiosk();
  const { asked, place, lane } = of;
  const stay = useStay(decision.stayId ?? undefined);
  const isPaid = stay?.due.amountMinor === 0;
  // Paid on the phone: the same vehicle asks once more, and the barrier opens.
  useEffect(() => {
    if (isPaid) lane.scan(asked.scan.credential);
  }, [isPaid]);
  const due = stay?.due ?? decision.due;
  if (due == null) return null;
  const at = { locale, timeZone: place.timeZone };
  return (
    <section class="exit" aria-label={say('toPay')}>
      <div class="bill">
        {stay && (
          <dl class="lines">
            <Line name={say('timeIn')} text={formatDayAndClock(stay.enteredAt, at)} />
            <Line name={say('timeOut')} text={formatDayAndClock(decision.decidedAt, at)} />
            <Line name={say('parkedFor', { duration: parkedFor(stay, decision, locale) })} text={total(stay, locale)} />
            {stay.paid.amountMinor > 0 && (
              <Line name={say('alreadyPaid')} text={`− ${formatAmount(stay.paid, locale)}`} />
            )}
          </dl>
        )}
        <p class="sum">
          <span>{say('toPay')}</span> <strong>{formatAmount(due, locale)}</strong>
        </p>
      </div>
      <Pay stay={stay} />
      <button type="button" class="choice" onClick={() => lane.scan(asked.scan.credential)}>
        {say('iHavePaid')}
      </button>
    </section>
  );
}

function Line({ name, text }: { name: string; text: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </div>
  );
}

/** A visit without a reservation has a page of its own to pay on; what is owed on a reservation is paid where that was made. */
function Pay({ stay }: { stay: Stay | undefined }) {
  const { say } = useKiosk();
  const address = new URL(stay ? `/kiosk/pay/${encodeURIComponent(stay.id)}` : '/app/parking', location.href).href;
  return (
    <div class="pay-here" data-address={address}>
      <Qr text={address} label={say('payQr')} />
      <p>{say('payOnPhone')}</p>
    </div>
  );
}

const parkedFor = (stay: Stay, { decidedAt }: KioskDecisionFragment, locale: string): string =>
  formatDuration(new Date(decidedAt).getTime() - new Date(stay.enteredAt).getTime(), locale);

function total({ due, paid }: Stay, locale: string): string {
  const sum: Amount = { amountMinor: due.amountMinor + paid.amountMinor, currency: due.currency };
  return formatAmount(sum, locale);
}

/** The visit as it stands, looked at again while it is shown; undefined when nobody knows it. */
function useStay(stayId: string | undefined): Stay | undefined {
  const [stay, setStay] = useState<Stay>();
  useEffect(() => {
    if (stayId === undefined) return;
    const look = () =>
      ask(KioskStayDocument, { ref: { stayId } })
        .then((found) => found.stay && setStay(found.stay))
        // The next look may find it.
        .catch(() => undefined);
    void look();
    const timer = setInterval(() => void look(), LOOK_MS);
    return () => clearInterval(timer);
  }, [stayId]);
  return stay;
}

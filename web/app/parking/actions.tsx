import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Notice } from '../../design/notice.tsx';
import { AppCancelDocument } from '../../generated/graphql.ts';
import { formatAmount } from '../../format/money.ts';
import { useApp } from '../frame/app-context.ts';
import { forgetKey, keyFor } from '../frame/kept.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';
import { ChangeEnd } from './change-end.tsx';
import { ChangeVehicle } from './change-vehicle.tsx';
import type { Reservation } from './reservation-view.tsx';

interface Props {
  readonly reservation: Reservation;
  readonly onChanged: () => void;
}

/** What can be done with a reservation in its state: stay longer, end it earlier, come with another vehicle, call it off. */
export function Actions({ reservation, onChanged }: Props) {
  const { say, isOnline } = useApp();
  const [asked, ask] = useState<'CANCEL' | 'VEHICLE'>();
  const close = () => ask(undefined);
  const changed = () => {
    close();
    onChanged();
  };
  const { state } = reservation;
  if (state !== 'CONFIRMED' && state !== 'CHECKED_IN') return null;
  return (
    <section class="card stack" aria-labelledby="actions">
      <h2 id="actions">{say('change')}</h2>
      {!isOnline && <p class="quiet">{say('changeOffline')}</p>}
      <fieldset disabled={!isOnline}>
        <legend class="heard">{say('newEnd')}</legend>
        <ChangeEnd reservation={reservation} onChanged={onChanged} />
      </fieldset>
      {state === 'CONFIRMED' && (
        <div class="row-of">
          <Button disabled={!isOnline} onClick={() => ask('VEHICLE')}>
            {say('changeVehicle')}
          </Button>
          <Button kind="danger" disabled={!isOnline} onClick={() => ask('CANCEL')}>
            {say('cancel')}
          </Button>
        </div>
      )}
      {asked === 'VEHICLE' && <ChangeVehicle reservation={reservation} onClose={close} onChanged={changed} />}
      {asked === 'CANCEL' && <CancelDialog reservation={reservation} onClose={close} onChanged={changed} />}
    </section>
  );
}

/** Says what comes back before it is done, and does it at the second press. */
function CancelDialog({ reservation, onClose, onChanged }: Props & { onClose: () => void }) {
  const { say, locale } = useApp();
  const refusalText = useRefusalText();
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, cancel] = useDo(AppCancelDocument);
  const { refundIfCancelledNow: refund, chargeIfCancelledNow: charge, id } = reservation;
  const confirm = async () => {
    const input = { reservationId: id };
    const answer = await cancel({ input: { ...input, idempotencyKey: keyFor('cancel', input) } });
    if (!answer) return;
    forgetKey('cancel');
    if (answer.cancelReservation.reservation) onChanged();
    else setRefused(answer.cancelReservation.userErrors[0]);
  };
  return (
    <Dialog title={say('cancelTitle')} onClose={onClose}>
      {refund && (
        <p>
          {say('comesBack')} <strong class="figure large">{formatAmount(refund, locale)}</strong>
        </p>
      )}
      {charge && charge.amountMinor > 0 && <p>{say('cancelCharge', { amount: formatAmount(charge, locale) })}</p>}
      {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
      {error && <Problem error={error} />}
      <div class="row-of">
        <Button kind="danger" isBusy={fetching} onClick={() => void confirm()}>
          {say('cancelNow')}
        </Button>
        <Button onClick={onClose}>{say('keepIt')}</Button>
      </div>
    </Dialog>
  );
}

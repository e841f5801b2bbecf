import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Dialog } from '../../design/dialog.tsx';
import { Field } from '../../design/field.tsx';
import { formatAmount } from '../../format/money.ts';
import { ConsoleCancelDocument, ConsoleRefundDocument, type ConsolePaymentFragment } from '../../generated/graphql.ts';
import { useConsole } from '../frame/console-context.ts';
import { forgetKey, keyFor, useKept, writeKept } from '../frame/kept.ts';
import type { Refused } from '../frame/problem.tsx';
import { Reason, ReasonDialog, Refusal } from '../frame/reason-dialog.tsx';
import { amountFrom, amountText } from './typed-amount.ts';
import type { WholeReservation } from './reservation-view.tsx';

interface Ends {
  readonly onClose: () => void;
  /** Told in a sentence what was done. */
  readonly onDone: (text: string) => void;
}

/** Calls a reservation off for its driver: says what goes back, and asks why. */
export function CancelDialog({ reservation, onClose, onDone }: { reservation: WholeReservation } & Ends) {
  const { say, locale } = useConsole();
  const { id: reservationId, code, refundIfCancelledNow: back } = reservation;
  const [state, cancel] = useDo(ConsoleCancelDocument);
  const gives =
    back && back.amountMinor > 0
      ? say('cancelGives', { amount: formatAmount(back, locale) })
      : say('cancelGivesNothing');
  return (
    <ReasonDialog
      {...{ name: `cancel.${reservationId}`, title: say('cancelTitle', { code }), action: say('cancel'), state }}
      kind="danger"
      act={async (said, keyOf) => {
        const wish = { reservationId, ...said };
        return (await cancel({ input: { ...wish, idempotencyKey: keyOf(wish) } }))?.cancelReservation;
      }}
      onClose={onClose}
      onDone={({ refund }) => onDone(say('cancelled', { amount: refund ? formatAmount(refund, locale) : '0' }))}
    >
      <p>{gives}</p>
      <p class="quiet">{reservation.promises.cancellation}</p>
    </ReasonDialog>
  );
}

/** Sends back a part of what was paid, at most what is left of it, and asks why. */
export function RefundDialog({ payment, onClose, onDone }: { payment: ConsolePaymentFragment } & Ends) {
  const { say, locale } = useConsole();
  const { id: paymentId, captured, refunded } = payment;
  const { currency } = captured;
  const left = { currency, amountMinor: captured.amountMinor - refunded.amountMinor };
  const name = `refund.${paymentId}`;
  const [form, setForm] = useKept(name, () => ({ amount: amountText(left), reason: '' }));
  const [refused, setRefused] = useState<Refused>();
  const [isAmountWrong, setAmountWrong] = useState(false);
  const [state, refund] = useDo(ConsoleRefundDocument);
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const amountMinor = amountFrom(form.amount, currency) ?? 0;
    const isWrong = amountMinor <= 0 || amountMinor > left.amountMinor;
    setAmountWrong(isWrong);
    if (form.reason.trim() === '') return setRefused({ code: 'REASON_REQUIRED', message: '' });
    if (isWrong) return undefined;
    const wish = { paymentId, amountMinor, reason: form.reason };
    const payload = (await refund({ input: { ...wish, idempotencyKey: keyFor(name, wish) } }))?.refundPayment;
    if (payload === undefined) return undefined;
    forgetKey(name);
    setRefused(payload.userErrors[0]);
    if (payload.userErrors.length > 0) return undefined;
    writeKept(name, undefined);
    return onDone(say('refundSent', { amount: formatAmount({ currency, amountMinor }, locale) }));
  };
  const most = formatAmount(left, locale);
  return (
    <Dialog title={say('refundTitle')} onClose={onClose}>
      <form class="stack" onSubmit={(event) => void submit(event)} noValidate>
        <Field
          {...{
            label: say('refundAmount', { currency }),
            value: form.amount,
            inputMode: 'decimal',
            autocomplete: 'off',
          }}
          hint={say('refundAmountHint', { amount: most })}
          wrong={isAmountWrong ? say('refundAmountWrong', { amount: most }) : undefined}
          onInput={({ currentTarget }) => setForm({ ...form, amount: currentTarget.value })}
        />
        <Reason {...{ refused }} reason={form.reason} onInput={(reason) => setForm({ ...form, reason })} />
        <Refusal {...{ refused, state }} />
        <div class="row-of">
          <Button kind="main" type="submit" isBusy={state.fetching}>
            {say('refund')}
          </Button>
          <Button onClick={onClose}>{say('goBack')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

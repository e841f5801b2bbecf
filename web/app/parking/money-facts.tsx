import { useState } from 'preact/hooks';
import { useDo } from '../../data/ask.ts';
import { Button } from '../../design/button.tsx';
import { Notice } from '../../design/notice.tsx';
import { AppReceiptsDocument, type AppPaymentFragment, type AppReceiptsMutation } from '../../generated/graphql.ts';
import { formatAmount } from '../../format/money.ts';
import { useApp } from '../frame/app-context.ts';
import { Problem, useRefusalText, type Refused } from '../frame/problem.tsx';
import type { Reservation } from './reservation-view.tsx';

type Receipts = NonNullable<AppReceiptsMutation['issueReceipts']['receipts']>;

/** What was paid, kept and given back, with a receipt for each payment. */
export function MoneyFacts({ reservation }: { reservation: Reservation }) {
  const { say, locale } = useApp();
  const { payment, charges, fee, refunded, price } = reservation;
  const payments = [...(payment ? [payment] : []), ...charges];
  return (
    <section class="card stack" aria-labelledby="money">
      <h2 id="money">{say('moneyTitle')}</h2>
      <dl class="facts">
        <div>
          <dt>{say('price')}</dt>
          <dd>{formatAmount(price.total, locale)}</dd>
        </div>
        {refunded.amountMinor > 0 && (
          <div>
            <dt>{say('refunded')}</dt>
            <dd>{formatAmount(refunded, locale)}</dd>
          </div>
        )}
        {fee.amountMinor > 0 && (
          <div>
            <dt>{say('feeKept')}</dt>
            <dd>{formatAmount(fee, locale)}</dd>
          </div>
        )}
      </dl>
      {payments.map((paid) => (
        <PaymentRow key={paid.id} payment={paid} />
      ))}
    </section>
  );
}

function PaymentRow({ payment }: { payment: AppPaymentFragment }) {
  const { say, locale } = useApp();
  const refusalText = useRefusalText();
  const [receipts, setReceipts] = useState<Receipts>();
  const [refused, setRefused] = useState<Refused>();
  const [{ fetching, error }, issue] = useDo(AppReceiptsDocument);
  const show = async () => {
    const answer = await issue({ input: { paymentId: payment.id } });
    setReceipts(answer?.issueReceipts.receipts ?? undefined);
    setRefused(answer?.issueReceipts.userErrors[0]);
  };
  return (
    <div class="stack tight">
      <div class="row-of spread">
        <span>
          {say(`kind_${payment.kind}`)} <strong>{formatAmount(payment.amount, locale)}</strong>
        </span>
        {payment.capturedAt != null && !receipts && (
          <Button isBusy={fetching} onClick={() => void show()}>
            {say('receipt')}
          </Button>
        )}
      </div>
      {receipts?.map(({ id, number, url, pdfUrl, isRefund, total }) => (
        <p key={id} class="row-of spread">
          <a href={`${url}?locale=${locale}`} target="_blank" rel="noreferrer">
            {say(isRefund ? 'receiptOfRefund' : 'receiptOf', { number })}
          </a>
          <span>{formatAmount(total, locale)}</span>
          <a href={`${pdfUrl}?locale=${locale}`} target="_blank" rel="noreferrer" aria-label={`${number}, PDF`}>
            PDF
          </a>
        </p>
      ))}
      {refused && <Notice tone="bad">{refusalText(refused)}</Notice>}
      {error && <Problem error={error} onRetry={() => void show()} />}
    </div>
  );
}

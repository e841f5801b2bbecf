import { formatMoney } from '../../domain/money.ts';
import type { ReceiptContent } from '../../domain/receipt.ts';
import { localDateTime } from '../../domain/tariff/local-time.ts';

/** A receipt as people read it: the same words and figures on the page and in the PDF. */
export interface ReceiptSections {
  readonly title: string;
  readonly from: readonly string[];
  readonly facts: readonly (readonly [label: string, text: string])[];
  readonly lines: readonly (readonly [text: string, amount: string])[];
  readonly total: readonly [text: string, amount: string];
  readonly tax: readonly (readonly [text: string, amount: string])[];
  readonly payments: readonly (readonly [text: string, amount: string])[];
  readonly footer: string | null;
}

/** What a receipt says, in the reader's way of writing money and the lot's own time. */
export function receiptSections(
  receipt: { number: number; content: ReceiptContent; issuedAt: Date },
  of: { lotCode: string; locale: string },
): ReceiptSections {
  const { content, issuedAt } = receipt;
  const { currency, timeZone, period, maskedPlate, taxId, ofNumber, tax } = content;
  const amount = (amountMinor: number) => formatMoney({ amountMinor, currency }, of.locale);
  const time = (iso: string) => localDateTime(Date.parse(iso), timeZone).slice(0, 16).replace('T', ' ');
  const isRefund = content.kind === 'REFUND';
  const pair = ({ text, amountMinor }: { text: string; amountMinor: number }) => [text, amount(amountMinor)] as const;
  return {
    title: isRefund ? 'Refund' : 'Receipt',
    from: [content.legalName, content.legalAddress, ...(taxId === null ? [] : [`Tax number ${taxId}`])],
    facts: [
      ['Number', receiptNumber(of.lotCode, receipt.number)],
      ...(ofNumber === null ? [] : [['Of receipt', receiptNumber(of.lotCode, ofNumber)] as const]),
      ['Issued', time(issuedAt.toISOString())],
      ['Place', content.lotName],
      ['For', content.subject],
      ...(period === null ? [] : [['Period', `${time(period.startsAt)} – ${time(period.endsAt)}`] as const]),
      ...(maskedPlate === null ? [] : [['Vehicle', maskedPlate] as const]),
      [isRefund ? 'Given back' : 'Paid', time(content.paidAt)],
    ],
    lines: content.lines.map(pair),
    total: [isRefund ? 'Given back in all' : 'Total', amount(content.totalMinor)],
    tax:
      tax === null
        ? []
        : [
            ['Without tax', amount(tax.netMinor)],
            [`${tax.name} ${tax.percent} %`, amount(tax.taxMinor)],
          ],
    payments: content.payments.map(pair),
    footer: content.footer,
  };
}

/** "HEL1-000042". */
export function receiptNumber(lotCode: string, number: number): string {
  return `${lotCode}-${String(number).padStart(6, '0')}`;
}

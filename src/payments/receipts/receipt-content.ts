import type { EntityManager } from '@mikro-orm/postgresql';
import { concededPrice } from '../../domain/concessions.ts';
import type { PaymentMethod } from '../../domain/payment.ts';
import type { ReceiptContent, ReceiptLine } from '../../domain/receipt.ts';
import type { Price, TariffDocument } from '../../domain/tariff/document.ts';
import { Debt } from '../../entities/debt.ts';
import { Lot } from '../../entities/lot.ts';
import { Operator } from '../../entities/operator.ts';
import { Payment } from '../../entities/payment.ts';
import type { Refund } from '../../entities/refund.ts';
import { Reservation } from '../../entities/reservation.ts';
import { Stay } from '../../entities/stay.ts';
import { Tariff } from '../../entities/tariff.ts';
import type { PlateVault } from '../../platform/plate-vault.ts';

/** What a receipt is about, as the rows say it now. */
export interface ReceiptSubject {
  readonly payment: Payment;
  readonly lot: Lot;
  readonly operator: Operator;
  readonly reservation: Reservation | null;
  readonly stay: Stay | null;
  readonly tariff: TariffDocument | null;
  readonly maskedPlate: string | null;
}

/** Reads what the receipts of a payment need. */
export async function receiptSubject(em: EntityManager, plates: PlateVault, payment: Payment): Promise<ReceiptSubject> {
  const { lotId } = payment;
  const lot = await em.findOneOrFail(Lot, { id: lotId });
  const operator = await em.findOneOrFail(Operator, { id: lot.operatorId });
  const debt = payment.debtId == null ? null : await em.findOne(Debt, { lotId, id: payment.debtId });
  const charge = debt?.paymentId == null ? null : await em.findOne(Payment, { lotId, id: debt.paymentId });
  const stayId = payment.stayId ?? debt?.stayId;
  const stay = stayId == null ? null : await em.findOne(Stay, { lotId, id: stayId });
  const reservationId = payment.reservationId ?? charge?.reservationId ?? stay?.reservationId;
  const reservation = reservationId == null ? null : await em.findOne(Reservation, { lotId, id: reservationId });
  const tariffId = reservation?.tariffId ?? stay?.tariffId;
  const tariff =
    tariffId === undefined ? await tariffAtCapture(em, payment) : await em.findOne(Tariff, { lotId, id: tariffId });
  const cipher = reservation?.plateCipher ?? stay?.plateCipher;
  const maskedPlate = cipher == null ? null : masked(plates.open(cipher));
  return { payment, lot, operator, reservation, stay, tariff: tariff?.document ?? null, maskedPlate };
}

/** What is neither of a reservation nor of a visit (a monthly pass) is taxed by the tariff that was in force when it was paid. */
async function tariffAtCapture(em: EntityManager, { lotId, capturedAt }: Payment): Promise<Tariff | null> {
  const until = capturedAt == null ? {} : { publishedAt: { $lte: capturedAt } };
  return em.findOne(Tariff, { lotId, ...until }, { orderBy: { versionNumber: 'desc' } });
}

const SHOWN_SIGNS = 2;

/** "•••23": enough to know one's own car by. */
function masked(plate: string): string {
  return '•'.repeat(Math.max(0, plate.length - SHOWN_SIGNS)) + plate.slice(-SHOWN_SIGNS);
}

/** The receipt of a payment that was captured, as it is at this moment. */
export function paymentReceipt(subject: ReceiptSubject): ReceiptContent {
  const { payment } = subject;
  const { capturedMinor: totalMinor, taxMinor, cashMinor, method } = payment;
  const rounding = cashMinor == null || cashMinor === totalMinor ? [] : [ROUNDED(cashMinor - totalMinor)];
  return {
    ...headOf(subject),
    kind: 'PAYMENT',
    lines: linesOf(subject),
    totalMinor,
    tax: taxOf(subject, { totalMinor, taxMinor }),
    payments: [...rounding, { text: paidBy(method), amountMinor: cashMinor ?? totalMinor }],
    paidAt: (payment.capturedAt ?? payment.updatedAt).toISOString(),
    ofNumber: null,
  };
}

/** The receipt of what went back of it. */
export function refundReceipt(subject: ReceiptSubject, refund: Refund, ofNumber: number): ReceiptContent {
  const { amountMinor: totalMinor, taxMinor, method, cashMinor } = refund;
  const rounding = cashMinor == null || cashMinor === totalMinor ? [] : [ROUNDED(cashMinor - totalMinor)];
  return {
    ...headOf(subject),
    kind: 'REFUND',
    lines: [{ text: REASONS[refund.reason], amountMinor: totalMinor }],
    totalMinor,
    tax: taxOf(subject, { totalMinor, taxMinor }),
    payments: [
      ...rounding,
      {
        text: method === 'CASH' ? 'Given back in cash' : 'Goes back to the card',
        amountMinor: cashMinor ?? totalMinor,
      },
    ],
    paidAt: refund.createdAt.toISOString(),
    ofNumber,
  };
}

const ROUNDED = (amountMinor: number): ReceiptLine => ({ text: 'Rounded to coins', amountMinor });

const paidBy = (method: PaymentMethod): string => PAID_BY[method];

const PAID_BY: Readonly<Record<PaymentMethod, string>> = {
  CARD: 'Paid by card',
  CASH: 'Paid in cash',
  TERMINAL: 'Paid on the card terminal',
};

const REASONS: Readonly<Record<Refund['reason'], string>> = {
  CANCELLED: 'Cancelled',
  EARLY_DEPARTURE: 'Left before the end',
  NO_SHOW: 'Not used, less the fee',
  NO_SPOT: 'There was no spot',
  PAID_LATE: 'Paid after the hold had run out',
  PAID_TWICE: 'Paid twice',
  SHORTENED: 'Made shorter',
  STAFF: 'Given back by the operator',
  VALIDATED: 'Taken over by a merchant',
};

function headOf({ payment, lot, operator, reservation, stay, maskedPlate }: ReceiptSubject) {
  const own = lot.receiptDetails;
  return {
    legalName: own?.legalName ?? operator.legalName,
    legalAddress: own?.legalAddress ?? lot.address,
    taxId: own?.taxId ?? operator.taxNumber ?? null,
    footer: own?.footer ?? null,
    lotName: lot.name,
    timeZone: lot.timeZone,
    currency: payment.currency,
    subject: reservation
      ? `Reservation ${reservation.code}`
      : stay?.code == null
        ? SUBJECTS[payment.kind]
        : `Visit ${stay.code}`,
    period: periodOf(payment, reservation, stay),
    maskedPlate,
  };
}

const SUBJECTS: Readonly<Record<Payment['kind'], string>> = {
  RESERVATION: 'Reservation',
  STAY: 'Parking',
  NO_SHOW_FEE: 'Fee for not coming',
  OVERSTAY: 'Time past the end of the reservation',
  CHANGE: 'Change of the reservation',
  DEBT: 'What was left owing',
  MONTHLY_PASS: 'Monthly pass',
};

function periodOf(payment: Payment, reservation: Reservation | null, stay: Stay | null): ReceiptContent['period'] {
  if (reservation) return { startsAt: reservation.startsAt.toISOString(), endsAt: reservation.endsAt.toISOString() };
  if (!stay) return null;
  return { startsAt: stay.enteredAt.toISOString(), endsAt: (stay.leftAt ?? pricedAt(payment)).toISOString() };
}

function linesOf(subject: ReceiptSubject): ReceiptLine[] {
  const { payment } = subject;
  const { capturedMinor: amountMinor, kind } = payment;
  const price = priceOf(subject);
  // A price that was paid in parts, or has changed since, is told in one line.
  if (price?.totalMinor !== amountMinor) return [{ text: SUBJECTS[kind], amountMinor }];
  return price.lines
    .filter((line) => line.amountMinor !== 0 || price.lines.length === 1)
    .map((line) => ({ text: lineText(line), amountMinor: line.amountMinor }));
}

function lineText({ description, localFrom, localTo, quantity }: Price['lines'][number]): string {
  const times = quantity === 1 ? '' : ` × ${quantity}`;
  return `${description}, ${shortTime(localFrom)} – ${shortTime(localTo)}${times}`;
}

/** "2026-10-24 22:00" of "2026-10-24T22:00:00". */
function shortTime(local: string): string {
  return local.slice(0, 16).replace('T', ' ');
}

function priceOf({ payment, reservation, stay, tariff, lot }: ReceiptSubject): Price | undefined {
  if (payment.kind === 'RESERVATION') return reservation?.price;
  if (payment.kind !== 'STAY' || !stay || !tariff) return undefined;
  const { spotType, vehicleClass, multiplierPercent, enteredAt: startsAt } = stay;
  const period = { startsAt, endsAt: pricedAt(payment) };
  const priced = { tariff, timeZone: lot.timeZone, period, spotType, vehicleClass, multiplierPercent };
  return concededPrice(priced, stay.concessions);
}

/** The minute for which a visit's payment was asked. */
function pricedAt({ createdAt, detail }: Payment): Date {
  const at = detail?.['pricedAt'];
  return typeof at === 'string' ? new Date(at) : createdAt;
}

function taxOf({ tariff }: ReceiptSubject, of: { totalMinor: number; taxMinor: number }): ReceiptContent['tax'] {
  const percent = tariff?.tax?.percent;
  if (percent === undefined) return null;
  const { totalMinor, taxMinor } = of;
  return { name: tariff?.tax?.name ?? 'Tax', percent, netMinor: totalMinor - taxMinor, taxMinor };
}

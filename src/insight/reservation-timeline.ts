import type { EntityManager } from '@mikro-orm/postgresql';
import type { MomentKind } from '../domain/moment.ts';
import { AuditEntry } from '../entities/audit-entry.ts';
import { GateEvent } from '../entities/gate-event.ts';
import { Incident } from '../entities/incident.ts';
import { Payment } from '../entities/payment.ts';
import { Refund } from '../entities/refund.ts';
import type { Reservation } from '../entities/reservation.ts';
import { Stay } from '../entities/stay.ts';

/** One thing that happened in the life of a reservation. */
export interface Moment {
  readonly at: Date;
  readonly kind: MomentKind;
  readonly lotId: string;
  readonly amountMinor?: number;
  readonly currency: string;
  readonly gateId?: string;
  /** In one word of the interface: a gate's reason, a refund's, an incident's kind, what a payment was for. */
  readonly detail?: string;
  /** In somebody's own words. */
  readonly note?: string | null;
  readonly staffId?: string | null;
}

const MOST_OF_A_KIND = 100;

/** Everything that is known of a reservation's life, oldest first: its states, money, scans, incidents and what staff did. Reads only. */
export async function reservationTimeline(em: EntityManager, reservation: Reservation): Promise<Moment[]> {
  const { lotId, id: reservationId, currency } = reservation;
  const of = { lotId, currency };
  const [payments, stays, incidents] = await Promise.all([
    em.find(Payment, { lotId, reservationId }, { limit: MOST_OF_A_KIND }),
    em.find(Stay, { lotId, reservationId }, { limit: MOST_OF_A_KIND }),
    em.find(Incident, { lotId, reservationId }, { limit: MOST_OF_A_KIND }),
  ]);
  const paymentId = { $in: payments.map(({ id }) => id) };
  const stayId = { $in: stays.map(({ id }) => id) };
  const subjectId = { $in: [reservationId, ...stays.map(({ id }) => id), ...incidents.map(({ id }) => id)] };
  const [refunds, scans, acts] = await Promise.all([
    em.find(Refund, { lotId, paymentId }, { limit: MOST_OF_A_KIND }),
    em.find(GateEvent, { lotId, stayId }, { limit: MOST_OF_A_KIND }),
    em.find(AuditEntry, { lotId, subjectId }, { limit: MOST_OF_A_KIND }),
  ]);
  return [
    ...statesOf(reservation),
    ...payments.flatMap(momentsOfPayment),
    ...refunds.flatMap(momentsOfRefund),
    ...scans.map(({ decidedAt: at, gateId, action, reason }): Moment => ({
      ...{ ...of, at, kind: 'SCANNED', gateId, detail: reason, note: action },
    })),
    ...incidents.map(({ createdAt: at, kind, note }): Moment => ({
      ...of,
      at,
      kind: 'INCIDENT',
      detail: kind,
      note: note ?? null,
    })),
    ...acts.map(({ createdAt: at, act, reason, staffId }): Moment => ({
      ...{ ...of, at, kind: 'ACT_OF_STAFF', detail: act, note: reason, staffId },
    })),
  ].toSorted((a, b) => a.at.getTime() - b.at.getTime());
}

function statesOf(reservation: Reservation): Moment[] {
  const { lotId, currency, state, outcomeRule } = reservation;
  const ended = state === 'CANCELLED' || state === 'EXPIRED' || state === 'NO_SHOW' ? state : undefined;
  const stamps: [MomentKind | undefined, Date | null | undefined][] = [
    ['MADE', reservation.createdAt],
    ['CONFIRMED', reservation.confirmedAt],
    ['CHECKED_IN', reservation.checkedInAt],
    ['DISPLACED', reservation.displacedAt],
    ['COMPLETED', reservation.completedAt],
    [ended, reservation.endedAt],
  ];
  return stamps.flatMap(([kind, at]) => {
    if (kind === undefined || at == null) return [];
    const rule = (kind === ended || kind === 'COMPLETED') && outcomeRule != null ? { detail: outcomeRule } : {};
    return [{ at, kind, lotId, currency, ...rule }];
  });
}

function momentsOfPayment({ lotId, currency, kind, capturedAt, capturedMinor, staffId }: Payment): Moment[] {
  if (capturedAt == null) return [];
  const by = staffId == null ? {} : { staffId };
  return [{ at: capturedAt, kind: 'PAID', lotId, currency, amountMinor: capturedMinor, detail: kind, ...by }];
}

function momentsOfRefund(refund: Refund): Moment[] {
  const { lotId, currency, amountMinor, reason: detail, note, staffId } = refund;
  const of = { lotId, currency, amountMinor, detail };
  const promised: Moment = {
    ...of,
    at: refund.createdAt,
    kind: 'REFUND_PROMISED',
    note: note ?? null,
    staffId: staffId ?? null,
  };
  if (refund.settledAt == null || refund.state !== 'SUCCEEDED') return [promised];
  return [promised, { ...of, at: refund.settledAt, kind: 'REFUNDED' }];
}

import { graceEndsAt } from '../domain/reservation.ts';
import type { Price } from '../domain/tariff/document.ts';
import type { Lot } from '../entities/lot.ts';
import type { Reservation } from '../entities/reservation.ts';
import type { Transaction } from '../platform/db.ts';
import { tellOfChange } from './move.ts';

/** A locked reservation, and the end and price it gets. */
export interface NewEnd {
  readonly reservation: Reservation;
  readonly lot: Lot;
  readonly price: Price;
  readonly endsAt: Date;
}

/** Gives a reservation its new end and the price that goes with it, and tells of it. Its claim has been changed already. */
export function applyEnd(tx: Transaction, { reservation, lot, price, endsAt }: NewEnd): void {
  Object.assign(reservation, {
    endsAt,
    price,
    totalMinor: price.totalMinor,
    graceEndsAt: graceEndsAt({ startsAt: reservation.startsAt, endsAt }, reservation.policy.graceMinutes),
    revision: reservation.revision + 1,
  });
  tellOfChange(tx, { reservation, lot });
}

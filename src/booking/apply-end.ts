import { earlierOf, laterOf } from '../domain/period.ts';
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

/**
 * Gives a reservation its new end and the price that goes with it, and tells of it. Its claim has been changed already. A spot that waits
 * longer than usual, because its driver said that they are late, goes on waiting.
 */
export function applyEnd(tx: Transaction, { reservation, lot, price, endsAt }: NewEnd): void {
  const usual = graceEndsAt({ startsAt: reservation.startsAt, endsAt }, reservation.policy.graceMinutes);
  Object.assign(reservation, {
    endsAt,
    price,
    totalMinor: price.totalMinor,
    graceEndsAt: earlierOf(laterOf(reservation.graceEndsAt, usual), endsAt),
    revision: reservation.revision + 1,
  });
  tellOfChange(tx, { reservation, lot });
}

// Lots whose free time is in pieces, and what becomes of those who are in the way.

import { randomUUID } from 'node:crypto';
import { decodeId } from '../../src/domain/public-id.ts';
import { projectRight } from '../../src/gate/project-right.ts';
import { Allocation } from '../../src/entities/allocation.ts';
import { OutboxEvent } from '../../src/entities/outbox-event.ts';
import { CANCEL, CHANGE, hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import type { TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, type TestLot } from '../support/world.ts';

const SEAT = `query ($id: ID!) { reservation(id: $id) { state pinned spot { label } } }`;

export interface Booked {
  /** The public id. */
  readonly id: string;
  readonly reservationId: string;
  readonly pass: string;
  /** Where it stands now, as its driver reads it. */
  label(): Promise<string>;
  cancel(): Promise<void>;
  /** Asks for so many hours instead; gives the payload. */
  stay(hours: number): Promise<any>;
}

type Hours = readonly [fromHours: number, hours: number];

/** A paid reservation of a new driver, from so many hours after the next whole hour on. */
export async function book(
  system: TestSystem,
  lot: TestLot,
  [fromHours, hours, more = {}]: readonly [...Hours, Record<string, unknown>?],
): Promise<Booked> {
  const driver = await makeDriver(system);
  const client = async () => system.client(await loginOf(system, driver));
  const period = hoursFrom(system.clock.now(), fromHours, hours);
  const { id, pass } = await reserveAndPay(await client(), reserveInput(lot, period, more));
  const reservationId = decodeId('res', id)?.id ?? '';
  await projectRight(system.platform, { lotId: lot.id, reservationId });
  return {
    ...{ id, pass, reservationId },
    label: async () => {
      const { data, errors } = await (await client()).query(SEAT, { id });
      if (errors) throw new Error(JSON.stringify(errors));
      return data['reservation'].spot.label;
    },
    cancel: async () => {
      const input = { idempotencyKey: randomUUID(), reservationId: id };
      const { data, errors } = await (await client()).query(CANCEL, { input });
      if (errors || !data['cancelReservation'].reservation) throw new Error(JSON.stringify(errors ?? data));
    },
    stay: async (longer) => {
      const endsAt = new Date(Date.parse(period.startsAt) + longer * 3_600_000).toISOString();
      const input = { idempotencyKey: randomUUID(), reservationId: id, endsAt, paymentMethodId: 'pm_card_visa' };
      const { data, errors } = await (await client()).query(CHANGE, { input });
      if (errors) throw new Error(JSON.stringify(errors));
      return data['changeReservation'];
    },
  };
}

/**
 * A lot of two spots of which neither is free for four hours, `at` hours from now: the first is taken for the later two, the second for the
 * earlier two.
 */
export async function inPieces(system: TestSystem, lot: TestLot, at = 24): Promise<{ early: Booked; late: Booked }> {
  const first = await book(system, lot, [at, 2]);
  const early = await book(system, lot, [at, 2]);
  const late = await book(system, lot, [at + 2, 2]);
  await first.cancel();
  return { early, late };
}

/** What the outside is told of moves of a reservation, oldest first. */
export async function movesTold(system: TestSystem, reservationId: string): Promise<Record<string, unknown>[]> {
  const which = { type: 'reservation.reseated', aggregateId: reservationId };
  const events = await system.platform.orm.em.fork().find(OutboxEvent, which, { orderBy: { id: 'asc' } });
  return events.map(({ payload }) => payload);
}

/** Whether no two claims of a lot overlap, and each reservation that is not over is where its claim is. */
export async function expectSound(system: TestSystem, lot: TestLot): Promise<string[]> {
  const em = system.platform.orm.em.fork();
  const wrong = await em.execute<{ id: string }[]>(
    `SELECT r.id FROM reservation r LEFT JOIN allocation a ON a.lot_id = r.lot_id AND a.reservation_id = r.id
     WHERE r.lot_id = ? AND r.state IN ('HELD', 'CONFIRMED', 'CHECKED_IN')
       AND (a.spot_id IS DISTINCT FROM r.spot_id OR a.spot_type IS DISTINCT FROM r.spot_type OR a.ends_at < r.ends_at)`,
    [lot.id],
  );
  return wrong.map(({ id }) => id);
}

export async function claimsOf(system: TestSystem, lot: TestLot): Promise<Allocation[]> {
  return system.platform.orm.em.fork().find(Allocation, { lotId: lot.id }, { orderBy: { startsAt: 'asc' } });
}

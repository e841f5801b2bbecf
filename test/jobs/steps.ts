import { decodeId } from '../../src/domain/public-id.ts';
import type { LotPolicy } from '../../src/domain/policies.ts';
import { Refund } from '../../src/entities/refund.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import type { Metrics } from '../../src/platform/metrics.ts';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import type { TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';

export const MINUTE_MS = 60_000;
const A_MOMENT_MS = 1500;

export interface Key {
  lotId: string;
  reservationId: string;
}

/** What a no-show changes. */
export interface Seen {
  state: string;
  revision: number;
  claims: number;
  refunds: number;
  feeMinor: number;
  refundedMinor: number;
}

export async function look(system: TestSystem, { lotId, reservationId }: Key): Promise<Seen> {
  const em = system.platform.orm.em.fork();
  const { state, revision, feeMinor, refundedMinor } = await em.findOneOrFail(Reservation, {
    lotId,
    id: reservationId,
  });
  const claims = await em.execute<{ id: string }[]>(
    'SELECT id FROM allocation WHERE lot_id = ? AND reservation_id = ?',
    [lotId, reservationId],
  );
  const refunds = await em.count(Refund, { lotId });
  return { state, revision, claims: claims.length, refunds, feeMinor, refundedMinor };
}

/** Half of the price is kept when nobody comes. */
export const HALF_FEE: Partial<LotPolicy> = { noShow: { fee: 'PERCENT', percent: 50 } };

export interface PaidReservation extends Key {
  publicId: string;
  lot: TestLot;
  token: string;
  /** What the driver shows at the gate. */
  pass: string;
  startsAt: Date;
}

/** A paid reservation of four hours that starts on the next hour, in a lot of its own. */
export async function paidReservation(
  system: TestSystem,
  policy: Partial<LotPolicy> = HALF_FEE,
): Promise<PaidReservation> {
  const lot = await makeLot(system, { spots: { STANDARD: 1 }, policy });
  const { token } = await makeDriver(system);
  const period = hoursFrom(system.clock.now(), 0, 4);
  const { id, pass } = await reserveAndPay(system.client(token), reserveInput(lot, period));
  return { ...keyOf(id), publicId: id, lot, token, pass, startsAt: new Date(period.startsAt) };
}

export function keyOf(publicId: string): Key {
  const { lotId, id } = decodeId('res', publicId)!;
  return { lotId: lotId!, reservationId: id };
}

/** Goes to `minutes` after an instant (negative: before). */
export function goTo(system: TestSystem, instant: Date, minutes: number): void {
  system.clock.runFrom(new Date(instant.getTime() + minutes * MINUTE_MS));
}

/**
 * Goes to just before an instant with the queue, too, which goes by the machine's clock: what is due at that instant is due a moment
 * from now.
 */
export async function goToWithQueue(system: TestSystem, instant: Date): Promise<void> {
  system.clock.runFrom(new Date(instant.getTime() - A_MOMENT_MS));
  await system.platform.orm.em
    .fork()
    .execute('UPDATE agenda_jobs SET next_run_at = ? WHERE next_run_at = ?', [
      new Date(Date.now() + A_MOMENT_MS),
      instant,
    ]);
}

/** As if another worker had run them a moment ago: until the end of the test file this one runs no sweeps of these names. */
export async function leaveSweepsToOthers({ platform }: TestSystem, ...names: string[]): Promise<void> {
  for (const name of names) await platform.redis.set(`sweep:${name}`, '1', 'EX', 3600);
}

export interface JobRow {
  name: string;
  data: Record<string, unknown>;
  next_run_at: string | null;
  fail_count: number | null;
}

/** The jobs on the clock, soonest first. */
export function jobRows(system: TestSystem, name: string): Promise<JobRow[]> {
  return system.platform.orm.em
    .fork()
    .execute<JobRow[]>(
      'SELECT name, data, next_run_at, fail_count FROM agenda_jobs WHERE name = ? ORDER BY next_run_at',
      [name],
    );
}

type Counted = 'sweepFound' | 'jobRuns' | 'outboxParked' | 'reconciled';

/** What a counter of this process has counted. */
export async function counted(metrics: Metrics, name: Counted, labels: Record<string, string>): Promise<number> {
  const { values } = await metrics[name].get();
  const same = values.filter((value) =>
    Object.entries(labels).every(([label, text]) => (value.labels as Record<string, unknown>)[label] === text),
  );
  return same.reduce((sum, { value }) => sum + value, 0);
}

import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openLogin } from '../../src/accounts/logins.ts';
import { refreshLogin } from '../../src/accounts/refresh-login.ts';
import { runSweeps } from '../../src/jobs/run.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { Payer } from '../journeys/payment-steps.ts';
import { hoursFrom, reserve, reserveAndPay, reserveInput, CANCEL } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot } from '../support/world.ts';
import { counted, keyOf, look, MINUTE_MS } from './steps.ts';

const HOUR_MS = 60 * MINUTE_MS;

/** No worker: every webhook and every job is lost, and only the sweeps look. */
let system: TestSystem;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  system.stripe.faults.set({ webhooks: { dropShare: 1 } });
});
afterAll(() => system?.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

const sql = <T = Record<string, unknown>>(text: string, params: unknown[] = []) =>
  system.platform.orm.em.fork().execute<T[]>(text, params);

describe('sweeps, when every message was lost', () => {
  test('confirm what a driver paid for on their own device', async () => {
    const lot = await makeLot(system);
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(lot);
    const { payment } = await eventually(
      () => payer.read(held),
      ({ payment: shown }) => shown?.clientSecret != null,
    );
    await payer.payInClient(payment!.clientSecret!, 'pm_card_visa');
    expect(await look(system, keyOf(held.id))).toMatchObject({ state: 'HELD' });
    system.clock.advance(2 * MINUTE_MS);
    expect(await runSweeps(system.platform)).toMatchObject({ 'reconcile-payments': 1 });
    expect(await look(system, keyOf(held.id))).toMatchObject({ state: 'CONFIRMED' });
    expect(await counted(system.platform.metrics, 'reconciled', { about: 'settle' })).toBe(1);
  });

  test('take back the request to pay for a reservation that has ended', async () => {
    const lot = await makeLot(system);
    const driver = await makeDriver(system);
    const { reservation } = await reserve(
      system.client(driver.token),
      reserveInput(lot, hoursFrom(system.clock.now(), 24, 2)),
    );
    await paymentsIdle(system.platform);
    system.clock.advance(11 * MINUTE_MS);
    await runSweeps(system.platform);
    expect(await look(system, keyOf(reservation.id))).toMatchObject({ state: 'EXPIRED', claims: 0 });
    system.clock.advance(11 * MINUTE_MS);
    await runSweeps(system.platform);
    expect(await sql('SELECT state FROM payment WHERE lot_id = ?', [lot.id])).toEqual([{ state: 'CANCELED' }]);
  });

  test('send a refund that was promised while the provider was away', async () => {
    const lot = await makeLot(system);
    const driver = await makeDriver(system);
    const { id } = await reserveAndPay(
      system.client(driver.token),
      reserveInput(lot, hoursFrom(system.clock.now(), 24, 2)),
    );
    system.stripe.faults.set({ down: 'unavailable', webhooks: { dropShare: 1 } });
    await system.client(driver.token).query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: id } });
    await paymentsIdle(system.platform);
    system.stripe.faults.reset();
    system.stripe.faults.set({ webhooks: { dropShare: 1 } });
    const settled = async () => {
      system.clock.advance(2 * MINUTE_MS);
      await runSweeps(system.platform);
      return sql('SELECT state FROM refund WHERE lot_id = ?', [lot.id]);
    };
    await eventually(settled, ([refund]) => refund?.['state'] === 'SUCCEEDED');
  });

  test('go on to the next when one thing they found can not be done', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 3 } });
    const keys = [];
    for (let n = 0; n < 3; n++) {
      const driver = await makeDriver(system);
      const { reservation } = await reserve(
        system.client(driver.token),
        reserveInput(lot, hoursFrom(system.clock.now(), 24, 2)),
      );
      keys.push(keyOf(reservation.id));
    }
    const [first, ...others] = keys;
    // The first one found can't be ended: the database refuses its row.
    await sql(
      `CREATE FUNCTION refuse_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this row'; END $$`,
    );
    await sql(
      `CREATE TRIGGER poison BEFORE UPDATE ON reservation FOR EACH ROW WHEN (old.id = '${first!.reservationId}') EXECUTE FUNCTION refuse_row()`,
    );
    system.clock.advance(11 * MINUTE_MS);
    expect(await runSweeps(system.platform)).toMatchObject({ 'expire-hold': 2 });
    for (const key of others) expect(await look(system, key)).toMatchObject({ state: 'EXPIRED' });
    await sql('DROP TRIGGER poison ON reservation');
    expect(await runSweeps(system.platform)).toMatchObject({ 'expire-hold': 1 });
  });

  test('forget the keys of requests after a day, and what was handled and told after a week, not sooner', async () => {
    const driver = await makeDriver(system);
    const lot = await makeLot(system);
    const { reservation } = await reserve(
      system.client(await loginOf(system, driver)),
      reserveInput(lot, hoursFrom(system.clock.now(), 24, 2)),
    );
    const { lotId } = keyOf(reservation.id);
    await sql(`INSERT INTO webhook_event (provider, id, type, received_at) VALUES ('stripe', 'evt_old', 'x', ?)`, [
      system.clock.now(),
    ]);
    await sql(`UPDATE outbox_event SET relayed_at = ?`, [system.clock.now()]);
    const left = async () => {
      await runSweeps(system.platform);
      const count = async (from: string) =>
        Number((await sql<{ n: string }>(`SELECT count(*) AS n FROM ${from}`))[0]?.n);
      return [
        await count(`idempotency_key WHERE result->>'lotId' = '${lotId}'`),
        await count(`webhook_event WHERE id = 'evt_old'`),
        await count(`outbox_event WHERE lot_id = '${lotId}' AND type = 'reservation.held'`),
      ];
    };
    system.clock.advance(23 * HOUR_MS);
    expect(await left()).toEqual([1, 1, 1]);
    system.clock.advance(2 * HOUR_MS);
    expect(await left()).toEqual([0, 1, 1]);
    system.clock.advance(6 * 24 * HOUR_MS);
    expect(await left()).toEqual([0, 0, 0]);
  });

  test('forget a day’s worth at once, not one batch of it', async () => {
    await sql(
      `INSERT INTO idempotency_key (actor, key, operation, input_hash, result, created_at)
       SELECT 'driver:many', gen_random_uuid(), 'reserveSpot', 'x', '{}', ?::timestamptz FROM generate_series(1, 12000)`,
      [system.clock.now()],
    );
    system.clock.advance(25 * HOUR_MS);
    await runSweeps(system.platform);
    expect(await sql(`SELECT 1 FROM idempotency_key WHERE actor = 'driver:many' LIMIT 1`)).toEqual([]);
  });

  test('forget what barriers were told and who drove over their loops after thirty days, not sooner', async () => {
    const { id: lotId } = await makeLot(system);
    const ids = `'${lotId}', gen_random_uuid(), gen_random_uuid()`;
    const now = system.clock.now();
    await sql(
      `INSERT INTO relay_command (lot_id, id, gate_id, scan_id, channel, pulse_ms, state, created_at, deadline_at, ended_at)
       VALUES (${ids}, gen_random_uuid(), 1, 500, 'SUCCESS', ?, ?, ?)`,
      [now, now, now],
    );
    await sql(
      `INSERT INTO passage (lot_id, id, gate_id, outcome, observed_at, reported_at, settled_at) VALUES (${ids}, 'PASSED', ?, ?, ?)`,
      [now, now, now],
    );
    const left = async (days: number) => {
      system.clock.advance(days * 24 * HOUR_MS);
      await runSweeps(system.platform);
      const found = await Promise.all(
        ['relay_command', 'passage'].map((table) => sql(`SELECT 1 FROM ${table} WHERE lot_id = '${lotId}'`)),
      );
      return found.map(({ length }) => length);
    };
    expect(await left(29)).toEqual([1, 1]);
    expect(await left(2)).toEqual([0, 0]);
  });

  test('forget a login when its last refresh token has expired, not sooner', async () => {
    const { id } = await makeDriver(system);
    const days = async (count: number) => {
      system.clock.advance(count * 24 * HOUR_MS);
      await runSweeps(system.platform);
      return sql(`SELECT used_at IS NOT NULL AS used FROM refresh_token WHERE subject_id = ? ORDER BY id`, [id]);
    };
    const viewer = { kind: 'DRIVER', driverId: id } as const;
    const first = await inTransaction(system.platform, (tx) => openLogin(system.platform, tx, { viewer }));
    expect(await days(20)).toEqual([{ used: false }]);
    await refreshLogin(system.platform, first);
    expect(await days(9)).toEqual([{ used: true }, { used: false }]);
    expect(await days(2)).toEqual([{ used: false }]);
    expect(await days(20)).toEqual([]);
  });
});

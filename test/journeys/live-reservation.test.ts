import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';

const WATCH_RESERVATION = `subscription Watch($id: ID!) { reservation(id: $id) { id state lot { id } spot { label } plate } }`;
const RESERVE = `mutation Reserve($input: ReserveSpotInput!) { reserveSpot(input: $input) { reservation { id state spot { label } } userErrors { code } } }`;
const CANCEL = `mutation Cancel($input: CancelReservationInput!) { cancelReservation(input: $input) { userErrors { code } } }`;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

async function reserve(lot: TestLot, token: string): Promise<{ id: string; spot: { label: string } }> {
  const now = system.clock.now().getTime();
  const period = { startsAt: new Date(now).toISOString(), endsAt: new Date(now + 7_200_000).toISOString() };
  const input = {
    idempotencyKey: randomUUID(),
    lotId: lot.publicId,
    period,
    vehicle: { plate: { text: `GH${Math.floor(Math.random() * 1e6)}` } },
  };
  const { data } = await system.client(token).query(RESERVE, { input });
  expect(data['reserveSpot'].userErrors).toEqual([]);
  return data['reserveSpot'].reservation;
}

describe('a reservation that is watched', () => {
  const refused = async (id: string, token?: string) => {
    const live = system.subscribe(WATCH_RESERVATION, { id }, token);
    const code = await live.next().then(
      () => 'SHOWN',
      (error) => error.problem.errors[0].extensions.code,
    );
    await live.stop();
    return code;
  };

  test('is shown to its driver and to the staff of its lot as it stands, and again when it changes', async () => {
    const lot = await makeLot(system);
    const { token } = await makeDriver(system);
    const { id, spot } = await reserve(lot, token);
    const lives = [token, await lot.staffToken('ATTENDANT')].map((bearer) =>
      system.subscribe(WATCH_RESERVATION, { id }, bearer),
    );
    for (const live of lives)
      expect((await live.next()).reservation).toMatchObject({ id, state: 'HELD', lot: { id: lot.publicId }, spot });
    await system.client(token).query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: id } });
    for (const live of lives) {
      let state = 'HELD';
      while (state === 'HELD') ({ state } = (await live.next()).reservation);
      expect(state).toBe('CANCELLED');
      await live.stop();
    }
  });

  test('is not there for anybody else', async () => {
    const lot = await makeLot(system);
    const { token } = await makeDriver(system);
    const { id } = await reserve(lot, token);
    const elsewhere = await makeLot(system);
    expect(await refused(id, (await makeDriver(system)).token)).toBe('NOT_FOUND');
    expect(await refused(id, await elsewhere.staffToken('OPERATOR'))).toBe('NOT_FOUND');
    expect(await refused(id)).toBe('UNAUTHENTICATED');
    expect(await refused(id, lot.boardKey)).toBe('FORBIDDEN');
    expect(await refused('res_nonsense', token)).toBe('NOT_FOUND');
  });
});

// Tariffs and promises from before tariffs had bands, steps and caps.

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkTariffDocument } from '../../src/domain/tariff/check.ts';
import { priceStayTotal } from '../../src/domain/tariff/engine.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Tariff } from '../../src/entities/tariff.ts';
import { LINES_IN_NEW_WORDS, TARIFFS_IN_NEW_WORDS } from '../../src/migrations/20261121000500-tariff-documents.ts';
import { hoursFrom } from '../support/booking.ts';
import { makeGuest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';

const BEFORE = {
  version: 1,
  currency: 'EUR',
  rates: {
    EV: { stepMinutes: 30, stepMinor: 250, dailyCapMinor: 3000 },
    BUS: { stepMinutes: 60, stepMinor: 1200 },
  },
  defaultRate: { stepMinutes: 60, stepMinor: 400, dailyCapMinor: 2800 },
  graceMinutes: 10,
  multiplier: { floorPercent: 80, ceilingPercent: 150, points: [{ occupancyPercent: 50, percent: 100 }] },
  taxPercent: 25.5,
};

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system.stop());

test('say the same in the words of today, as often as they are told to', async () => {
  const lot = await makeLot(system);
  const em = system.platform.orm.em.fork();
  const rewrite = async (sql: string): Promise<Tariff> => {
    await em.execute(sql);
    return system.platform.orm.em.fork().findOneOrFail(Tariff, { lotId: lot.id });
  };
  await em.execute('UPDATE tariff SET document = ?::jsonb WHERE lot_id = ?', [JSON.stringify(BEFORE), lot.id]);
  const { document } = await rewrite(TARIFFS_IN_NEW_WORDS);
  expect(checkTariffDocument(document, { currency: 'EUR' })).toEqual({ tariff: document });
  expect((await rewrite(TARIFFS_IN_NEW_WORDS)).document).toEqual(document);
  expect(document).toMatchObject({ multiplier: BEFORE.multiplier, tax: { percent: 25.5, mode: 'INCLUDED' } });
  const day = { startsAt: new Date('2026-06-01T05:00:00Z'), endsAt: new Date('2026-06-01T15:00:00Z') };
  const priceOf = (spotType: 'EV' | 'BUS' | 'STANDARD', period = day): number =>
    priceStayTotal({ tariff: document, timeZone: 'Europe/Helsinki', period, spotType, multiplierPercent: 100 });
  expect([priceOf('EV'), priceOf('BUS'), priceOf('STANDARD')]).toEqual([3000, 12_000, 2800]);
  expect(priceOf('BUS', { startsAt: day.startsAt, endsAt: new Date('2026-06-01T05:10:00Z') })).toBe(0);
});

test('lines of promised prices name their rules as today', async () => {
  const lot = await makeLot(system);
  const guest = await makeGuest(system, lot, hoursFrom(system.clock.now(), 1, 9));
  const key = { lotId: lot.id, id: guest.id };
  const em = system.platform.orm.em.fork();
  const { price } = await em.findOneOrFail(Reservation, key);
  const before = JSON.stringify(price).replaceAll('"BLOCK"', '"STEP"').replaceAll('"CAP"', '"DAILY_CAP"');
  expect(before).toContain('DAILY_CAP');
  await em.execute('UPDATE reservation SET price = ?::jsonb WHERE id = ?', [before, guest.id]);
  for (const sql of LINES_IN_NEW_WORDS) await em.execute(sql);
  expect((await system.platform.orm.em.fork().findOneOrFail(Reservation, key)).price).toEqual(price);
});

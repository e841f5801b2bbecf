import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { csvOf } from '../../web/console/reports/csv.ts';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { startBrowser, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { lookedAt, visitAs } from './console-steps.ts';

let system: TestSystem;
let browser: TestBrowser;
let lot: TestLot;

beforeAll(async () => {
  system = await startSystem();
  browser = await startBrowser();
  lot = await makeLot(system, { spots: { STANDARD: 10 }, code: 'REP1' });
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
});

const operator = () => makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
const REPORT = `query ($lot: ID!, $day: ShortText!) { lot(id: $lot) { report(from: $day, through: $day) { spots days { reservations taken { amountMinor } } } } }`;

describe('Reports', () => {
  test('tell the days of a lot in plots, each with a sentence, a table and a file of that table', async () => {
    await reserveAndPay(system.client(await lot.driverToken()), reserveInput(lot, hoursFrom(system.clock.now(), 0, 2)));
    const visitor = await visitAs({ browser, system }, (await operator()).token, { path: '/reports?lot=REP1' });
    const { page, troubles, leave } = visitor;
    await page.getByText(/€4.00 came in/).waitFor();
    const revenue = page.locator('.exhibit', { hasText: 'came in' });
    await revenue.getByText('As a table').click();
    await revenue.getByRole('cell', { name: '€4.00' }).waitFor();
    const download = page.waitForEvent('download');
    await revenue.getByRole('button', { name: /Download as CSV/ }).click();
    const csv = await readFile(await (await download).path(), 'utf8');
    expect(csv).toContain('Day,Revenue in EUR\r\n');
    expect(csv).toMatch(/,4\.00\r\n/);
    expect(csv.trim().split('\r\n')).toHaveLength(await revenue.getByRole('row').count());
    await lookedAt(visitor, 'reports');
    expect(troubles).toEqual([]);
    await leave();
  });

  test('are refused to attendants and to the staff of other lots', async () => {
    const other = await makeLot(system, { code: 'REP2' });
    const day = system.clock.now().toISOString().slice(0, 10);
    const stranger = await makeStaff(system, { role: 'OPERATOR', operatorId: other.operatorId });
    for (const token of [await lot.staffToken('ATTENDANT'), stranger.token]) {
      const { errors } = await system.client(token).query(REPORT, { lot: lot.publicId, day });
      expect(errors?.[0]?.extensions?.['code']).toBe('FORBIDDEN');
    }
    const { data } = await system.client((await operator()).token).query(REPORT, { lot: lot.publicId, day });
    expect(data['lot'].report.spots).toBe(10);
  });

  test('write nothing into a file that a spreadsheet would run', () => {
    const of = (plain: string | number) => csvOf({ columns: ['A'], rows: [[{ shown: '', plain }]] }).split('\r\n')[1];
    expect(of('=HYPERLINK("http://x")')).toBe(`"'=HYPERLINK(""http://x"")"`);
    expect([of('+1+1'), of('@SUM(A1)'), of(' -2+3'), of('-12.50'), of(7)]).toEqual([
      "'+1+1",
      "'@SUM(A1)",
      "' -2+3",
      '-12.50',
      '7',
    ]);
  });
});

import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Stay } from '../../src/entities/stay.ts';
import { csvOf } from '../../web/console/reports/csv.ts';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { startBrowser, takePictures, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { lookedAt, visitAs } from './console-steps.ts';

const HOUR_MS = 3_600_000;

let system: TestSystem;
let browser: TestBrowser;
let lot: TestLot;

beforeAll(async () => {
  system = await startSystem();
  browser = await startBrowser();
  lot = await makeLot(system, { spots: { STANDARD: 10 }, code: 'REP1' });
  await system.platform.orm.em.fork().insertMany(Stay, pastVisits());
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
});

/** Eight visits on each of the last thirty days, longer and longer: enough to draw. */
function pastVisits() {
  const now = system.clock.now().getTime();
  return Array.from({ length: 240 }, (_, n) => {
    const enteredAt = new Date(now - (Math.floor(n / 8) + 1) * 24 * HOUR_MS - (n % 8) * 1.7 * HOUR_MS);
    return {
      ...{
        lotId: lot.id,
        id: randomUUID(),
        kind: 'WALK_IN' as const,
        state: 'LEFT' as const,
        spotType: 'STANDARD' as const,
      },
      ...{
        vehicleClass: 'CAR' as const,
        tariffId: lot.tariffId,
        multiplierPercent: 100,
        currency: 'EUR',
        paidMinor: 0,
      },
      ...{ enteredAt, leftAt: new Date(enteredAt.getTime() + ((n % 9) + 0.3) * HOUR_MS) },
      ...{ entryGateId: lot.entry.id, entryScanId: randomUUID(), exitGateId: lot.exit.id, exitScanId: randomUUID() },
    };
  });
}

const operator = () => makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
const REPORT = `query ($lot: ID!, $day: ShortText!) { lot(id: $lot) { report(from: $day, through: $day) { spots days { reservations taken { amountMinor } } } } }`;

describe('Reports', () => {
  test('tell the days of a lot in plots, each with a sentence, a table and a file of that table', async () => {
    await reserveAndPay(system.client(await lot.driverToken()), reserveInput(lot, hoursFrom(system.clock.now(), 0, 2)));
    const visitor = await visitAs({ browser, system }, (await operator()).token, { path: '/reports?lot=REP1' });
    const { page, troubles, leave } = visitor;
    await page.getByText(/€4.00 came in/).waitFor();
    await lookedAt(visitor, 'reports');
    const revenue = page.locator('.exhibit', { hasText: 'came in' });
    await revenue.locator('summary').focus();
    await page.keyboard.press('Enter');
    await revenue.getByRole('cell', { name: '€4.00' }).waitFor();
    await takePictures(page, { page: 'console', state: 'reports-table', device: 'desktop' });
    const download = page.waitForEvent('download');
    await revenue.getByRole('button', { name: /Download as CSV/ }).click();
    expect((await download).suggestedFilename()).toMatch(/^REP1-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d-revenue\.csv$/);
    const csv = await readFile(await (await download).path(), 'utf8');
    expect(csv.split('\r\n')[0]).toBe('\uFEFFDay,Revenue in EUR');
    expect(csv).toMatch(/\r\n\d{4}-\d\d-\d\d,4\.00\r\n/);
    expect(csv.trim().split('\r\n')).toHaveLength(await revenue.getByRole('row').count());
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
    expect(await page.locator('.exhibit details[open]').count()).toBe(5);
    expect(troubles).toEqual([]);
    await leave();
  });

  test('say that nothing happened, that too much is asked, or that the server is away, and go on when it is back', async () => {
    const visitor = await visitAs({ browser, system }, (await operator()).token, {
      path: '/reports?lot=REP1&from=2020-01-01&until=2020-01-07',
    });
    const { page, leave } = visitor;
    await page.getByText('Nothing happened in the lot on these days.').waitFor();
    await page.route('**/graphql', (route) => route.abort());
    await page.getByLabel('Until').fill('2020-01-06');
    await page.getByLabel('Until').blur();
    await page.getByText('The server does not answer.').waitFor();
    await lookedAt(visitor, 'reports-offline');
    await page.unroute('**/graphql');
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByText('Nothing happened in the lot on these days.').waitFor();
    await page.getByLabel('From').fill('2019-01-01');
    await page.getByLabel('From').blur();
    await page.getByText('At most 93 days').waitFor();
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
    expect([of('+1+1'), of('@SUM(A1)'), of(' -2+3'), of('-12.50'), of(7), of('\u3000=1'), of('＝1+1')]).toEqual([
      ...["'+1+1", "'@SUM(A1)", "' -2+3", '-12.50', '7', "'\u3000=1", "'＝1+1"],
    ]);
    expect(csvOf({ columns: ['=A'], rows: [] })).toBe("\uFEFF'=A\r\n");
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
  lot = await makeLot(system, { spots: { STANDARD: 4 }, code: 'TAR1' });
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
});

describe('Tariffs at the console', () => {
  test('are changed in a draft that can be priced and compared, and hold once they are published', async () => {
    const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
    const visitor = await visitAs({ browser, system }, token, { path: '/tariffs?lot=TAR1' });
    const { page, troubles, leave } = visitor;
    await page.getByLabel('As JSON').check();
    await page.getByLabel('Document').fill('{ "rates": [');
    await page.getByText('This is no JSON').waitFor();
    const draft = { rates: [{ name: 'All', bands: [{ name: 'Always', steps: [{ blockMinutes: 60, minor: 700 }] }] }] };
    await page.getByLabel('Document').fill(JSON.stringify(draft));
    await page.getByLabel('As a form').check();
    expect(await page.getByLabel('Price of each in EUR').inputValue()).toBe('7.00');
    await page.getByLabel('Price of each in EUR').fill('8.5');
    await page.getByRole('button', { name: 'Calculate' }).click();
    await page.locator('.big', { hasText: '€25.50' }).waitFor();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByText(/get dearer/).waitFor();
    await lookedAt(visitor, 'tariff-draft');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByText('Version 2 is in force.').waitFor();
    await lookedAt(visitor, 'tariff-published');
    expect(troubles).toEqual([]);
    await leave();
  });

  test('with mistakes are refused with each mistake and its field, and the draft stays', async () => {
    const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
    const visitor = await visitAs({ browser, system }, token, { path: '/tariffs?lot=TAR1' });
    const { page, leave } = visitor;
    await page.getByLabel('As JSON').check();
    await page.getByLabel('Document').fill('{ "rates": [] }');
    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Publish' }).click();
    await page.getByRole('dialog').getByText('rates', { exact: true }).waitFor();
    await lookedAt(visitor, 'tariff-mistakes');
    await page.reload();
    expect(await page.getByLabel('Document').inputValue()).toBe('{ "rates": [] }');
    await leave();
  });
});

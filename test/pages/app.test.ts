import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { barriersOf, PHONE, startBrowser, takePictures, type TestBrowser } from '../support/browser.ts';
import { untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';

let system: TestSystem;
let browser: TestBrowser;

beforeAll(async () => {
  system = await startSystem();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
});

describe('A driver', () => {
  test('finds a lot, pays, drives in with the pass, stays longer, leaves and gets a receipt', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 4 }, code: 'APP1' });
    const { page, troubles, leave } = await browser.visit(`${system.url}/app`, PHONE);
    const picture = async (state: string) => {
      expect(await barriersOf(page)).toEqual([]);
      await takePictures(page, { page: 'app', state, device: 'phone' });
    };
    await page.getByLabel('Where').fill('lot app1');
    await page.getByRole('link', { name: 'Lot APP1' }).waitFor();
    await picture('search');
    await page.getByRole('link', { name: 'Lot APP1' }).click();

    await page.getByRole('heading', { name: 'Lot APP1' }).waitFor();
    await page.locator('.huge', { hasText: '€4.00' }).waitFor();
    await page.getByLabel('Licence plate').fill('abc-123');
    await page.getByLabel('Yes, this is my plate').check();
    await page.getByRole('button', { name: 'New here' }).click();
    await page.getByLabel('Name', { exact: true }).fill('Aino Kuski');
    await page.getByLabel('E-mail').fill('aino@example.test');
    await page.getByLabel('Password').fill('a long walk home 7');
    await picture('book');
    await page.getByRole('button', { name: 'Create account' }).click();
    await page.getByText('Who are you?').waitFor({ state: 'detached' });
    expect(await page.locator('output.plate').innerText()).toBe('ABC123');

    await page.getByLabel('Card without enough money').check();
    await page.getByRole('button', { name: 'Pay €4.00' }).click();
    await page.getByText('The card was declined').waitFor();
    await picture('declined');
    await page.getByLabel('Card that pays').check();
    await page.getByRole('button', { name: 'Pay €4.00' }).click();

    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await picture('pass');
    const code = await page.locator('.pass .code').innerText();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Add to calendar' }).click(),
    ]);
    expect(readFileSync(await file.path(), 'utf8')).toContain(code);

    await untilDurable(system, lot.entry, { plate: { text: 'ABC123', confidence: 0.99 } });
    await page.getByText('Back if you leave now').waitFor();
    await picture('stay');
    await page.getByRole('button', { name: '+60 min' }).click();
    await page.getByRole('button', { name: 'Pay €2.00' }).click();
    await page.locator('.facts', { hasText: '€6.00' }).first().waitFor();

    await untilDurable(system, lot.exit, { plate: { text: 'ABC123', confidence: 0.99 } });
    await page.getByText('Completed').waitFor();
    await page.getByRole('button', { name: 'Receipt' }).first().click();
    await page.getByRole('link', { name: /^Receipt / }).waitFor();
    await picture('receipt');
    expect(troubles).toEqual([]);
    await leave();
  });
});

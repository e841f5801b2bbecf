import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { CANCEL } from '../support/booking.ts';
import { PHONE, SMALL_PHONE, startBrowser, type TestBrowser } from '../support/browser.ts';
import { PICTURES } from '../support/picture-index.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { expectGood, expectInside, paidNow, PASSWORD, signUp, visitAs } from './app-steps.ts';

/** A desktop window of 1280 × 800 at 400 %. */
const MAGNIFIED = { width: 320, height: 200 };

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

/** The state is good on a phone and a desktop, and holds on a phone of four inches and at 400 %. */
async function expectGoodEverywhere(page: Page, state: string): Promise<void> {
  await expectGood(page, { state, device: 'phone' });
  await expectInside(page, { state, device: 'small-phone', viewport: SMALL_PHONE.viewport });
  await expectInside(page, { state, device: 'magnified', viewport: MAGNIFIED });
}

/** On paper stands the pass with its times, and nothing to press. */
async function expectPrinted(page: Page): Promise<void> {
  await page.emulateMedia({ media: 'print' });
  await page.getByText('Time', { exact: true }).waitFor();
  expect(await page.getByRole('button').count()).toBe(0);
  await page.screenshot({ path: join(PICTURES, 'app', 'print-phone-light.png') });
  await page.emulateMedia({ media: 'screen' });
}

describe('The driver’s page', () => {
  test('can be used in every view on a phone, a phone of four inches, a desktop, and magnified four times', async () => {
    const lot = await makeLot(system, { code: 'VIEWS', spots: { STANDARD: 3, EV: 2 } });
    await makeLot(system, { code: 'VIEWS2', latitude: 60.18, longitude: 24.95, spots: { STANDARD: 1 } });
    const driver = await signUp(system);
    const { id } = await paidNow(system, lot, driver);
    const { page, troubles, leave } = await visitAs({ browser, url: `${system.url}/app`, options: PHONE }, driver);
    await page.getByRole('button', { name: 'Map' }).click();
    await page.getByRole('link', { name: 'Lot VIEWS', exact: true }).first().waitFor();
    await expectGoodEverywhere(page, 'map');
    for (const [state, path, shown] of [
      ['lot', `/lots/${lot.code}`, 'Kept for'],
      ['reservation', `/parking/${id}`, 'Payments'],
      ['parking', '/parking', 'Now and soon'],
      ['account', '/account', 'My data'],
      ['nowhere', '/elsewhere', 'There is no such page'],
    ] as const) {
      await page.goto(`${system.url}/app${path}`);
      await page.getByText(shown).first().waitFor();
      await expectGoodEverywhere(page, state);
    }
    expect(troubles).toEqual([]);
    await leave();
  });

  test('speaks German, Finnish and Japanese, and has room for it on a phone of four inches', async () => {
    const lot = await makeLot(system, { code: 'LANGS' });
    const { page, leave } = await browser.visit(`${system.url}/app/lots/${lot.code}`, SMALL_PHONE);
    for (const locale of ['de', 'fi', 'ja']) {
      await page.evaluate((wished) => localStorage.setItem('parkwell.locale', wished), locale);
      await page.reload();
      await page.locator('.huge').waitFor();
      expect(await page.locator('html').getAttribute('lang')).toBe(locale);
      expect(await page.locator('main').innerText()).not.toMatch(/\b(error|rule|class|type)_[A-Z]/);
      await expectInside(page, { state: `lot-${locale}`, device: 'small-phone', viewport: SMALL_PHONE.viewport });
    }
    await leave();
  });

  test('finds by words and by the height of the vehicle, and says what to do where nothing fits', async () => {
    const lot = await makeLot(system, { code: 'LOWROOF' });
    await system.platform.orm.em.fork().execute('UPDATE spot SET max_height_cm = 190 WHERE lot_id = ?', [lot.id]);
    const { page, leave } = await browser.visit(`${system.url}/app`, PHONE);
    await page.getByLabel('Where').fill('lowroof');
    await page.getByRole('link', { name: 'Lot LOWROOF' }).waitFor();
    await page.getByText(/· Car/).click();
    await page.getByLabel('Height of the vehicle').fill('20');
    await page.getByText('A height is 100 to 500 cm.').waitFor();
    await page.getByLabel('Height of the vehicle').fill('205');
    await page.getByText('No lot fits').waitFor();
    await expectGood(page, { state: 'nothing', device: 'phone' });
    await page.reload();
    expect(await page.getByLabel('Where').inputValue()).toBe('lowroof');
    await page.getByText('No lot fits').waitFor();
    await leave();
  });
});

describe('A driver who has paid', () => {
  test('says that they are late, comes with another vehicle, and sees what cancelling gives before it is done', async () => {
    const lot = await makeLot(system, { code: 'PAID1' });
    const driver = await signUp(system);
    const { id } = await paidNow(system, lot, driver);
    const { page, troubles, leave } = await visitAs(
      { browser, url: `${system.url}/app/parking/${id}`, options: PHONE },
      driver,
    );
    await expectPrinted(page);
    await page.getByRole('button', { name: 'I am late' }).click();
    const before = await page.locator('dialog .huge').innerText();
    await expectGood(page, { state: 'late', device: 'phone' });
    await page.getByRole('button', { name: /^Keep it until/ }).click();
    await page.getByRole('button', { name: /^Keep it until/ }).waitFor({ state: 'detached' });
    expect(await page.locator('dialog .huge').innerText()).not.toBe(before);
    await page.getByRole('button', { name: 'Close' }).click();

    await page.getByRole('button', { name: 'Another vehicle' }).click();
    await page.getByLabel('Licence plate').fill('new-777');
    await page.getByLabel('Yes, this is my plate').check();
    await expectGood(page, { state: 'other-vehicle', device: 'phone' });
    await page.getByRole('button', { name: 'This one comes' }).click();
    await page.locator('.pass .plate', { hasText: 'NEW777' }).waitFor();

    await page.getByRole('button', { name: 'Cancel the reservation' }).click();
    await page.getByText('Back to your card:').waitFor();
    await expectGood(page, { state: 'cancel', device: 'phone' });
    await page.getByRole('button', { name: 'Cancel now' }).click();
    await page.getByText('Cancelled').first().waitFor();
    expect(troubles).toEqual([]);
    await leave();
  });

  test('takes their data along, removes the saved card, and deletes the account', async () => {
    const lot = await makeLot(system, { code: 'PAID2' });
    const driver = await signUp(system);
    const { id } = await paidNow(system, lot, driver);
    const { page, leave } = await visitAs({ browser, url: `${system.url}/app/account`, options: PHONE }, driver);
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export my data' }).click(),
    ]);
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toMatchObject({
      driver: { email: driver.email },
      reservations: [{ id }],
    });
    await page.getByRole('button', { name: 'Remove the card' }).click();
    await page.getByText('No card is saved').waitFor();
    await page.getByRole('button', { name: 'Delete my account' }).click();
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('You have a reservation that is not over').waitFor();
    await expectGood(page, { state: 'delete', device: 'phone' });
    const input = { idempotencyKey: randomUUID(), reservationId: id };
    await system.client(driver.login.accessToken).query(CANCEL, { input });
    await page.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('Sign in to see your parking').waitFor();
    expect(await page.evaluate(() => localStorage.getItem('parkwell.login.app'))).toBeNull();
    await leave();
  });
});

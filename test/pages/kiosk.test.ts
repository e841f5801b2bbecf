import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { barriersOf, DESKTOP, PHONE, SMALL_PHONE, startBrowser, takePictures } from '../support/browser.ts';
import type { TestBrowser, Visitor } from '../support/browser.ts';
import { untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestGate } from '../support/world.ts';

const HOUR_MS = 3_600_000;
/** As many kiosks hang: upright, in reach of a car's window. */
const UPRIGHT = { viewport: { width: 800, height: 1280 } } as const;

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

/** Hangs a kiosk up at a gate: enters its key. */
async function hangUp(gate: TestGate, options: BrowserContextOptions = UPRIGHT, path = '/kiosk'): Promise<Visitor> {
  const visitor = await browser.visit(`${system.url}${path}`, options);
  await visitor.page.getByLabel('Device key').fill(gate.deviceKey);
  await visitor.page.getByRole('button', { name: 'Connect' }).click();
  await visitor.page.getByRole('button', { name: 'Help' }).waitFor();
  return visitor;
}

async function expectGood(page: Page, state: string, device = 'upright'): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect({ state, wide: Math.max(0, wide) }).toEqual({ state, wide: 0 });
  expect(await barriersOf(page)).toEqual([]);
  await takePictures(page, { page: 'kiosk', state, device });
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByRole('button', { name: 'Type your code' }).click();
  await page.getByRole('textbox').fill(code);
  await page.getByRole('button', { name: 'OK' }).click();
}

describe('A kiosk', () => {
  test('is set up once with a key, refuses a wrong one and keeps what was typed', async () => {
    const lot = await makeLot(system);
    const { page, leave } = await browser.visit(`${system.url}/kiosk`, UPRIGHT);
    await page.getByLabel('Device key').fill('pwk_wrong');
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByText('not the key of a gate').waitFor();
    expect(await page.getByLabel('Device key').inputValue()).toBe('pwk_wrong');
    await expectGood(page, 'set-up-refused');
    await page.getByLabel('Device key').fill(lot.entry.deviceKey);
    await page.getByRole('button', { name: 'Connect' }).click();
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await expectGood(page, 'welcome');
    await page.getByRole('button', { name: 'Suomi' }).click();
    await page.getByRole('heading', { name: 'Tervetuloa' }).waitFor();
    await leave();
  });

  test('asks where a plate is not readable, gives a ticket, and knows the visit by its code at the exit', async () => {
    const lot = await makeLot(system);
    const { page, troubles, leave } = await hangUp(lot.entry);
    await page.evaluate(() => dispatchEvent(new CustomEvent('parkwell-read', { detail: { unreadable: true } })));
    await page.locator('.word.wait', { hasText: 'PLEASE WAIT' }).waitFor();
    await expectGood(page, 'ask');
    await page.getByRole('button', { name: 'Take a ticket' }).click();
    await page.locator('.word.open', { hasText: 'OPEN' }).waitFor();
    const ticket = await page.locator('.facts div', { hasText: 'Your ticket' }).locator('dd').first().innerText();
    await expectGood(page, 'open');
    expect(troubles).toEqual([]);
    await leave();

    const exit = await hangUp(lot.exit);
    await typeCode(exit.page, ticket);
    await exit.page.locator('.sum').waitFor();
    await exit.leave();
  });

  test('says at the exit how long, how much and how to pay, and opens once it is paid on the phone', async () => {
    const lot = await makeLot(system);
    await untilDurable(system, lot.entry, { plate: { text: 'PAY123' } });
    system.clock.advance(1.5 * HOUR_MS);
    const { page, leave } = await hangUp(lot.exit);
    await page.getByRole('button', { name: 'Type your plate' }).click();
    for (const letter of 'PAY123') await page.getByRole('button', { name: letter, exact: true }).click();
    await expectGood(page, 'keypad');
    await page.getByRole('button', { name: 'OK' }).click();
    await page.getByText('Parked for').waitFor();
    expect(await page.locator('.sum').innerText()).toContain('€4.00');
    expect(await page.locator('.lines').innerText()).toContain('1 hr 30 min');
    await expectGood(page, 'exit');
    const stayId = /pay\/([^/]+)$/.exec((await page.locator('.pay-here').getAttribute('data-address')) ?? '')?.[1];
    const phone = await browser.visit(`${system.url}/kiosk/pay/${stayId}`, PHONE);
    await phone.page.getByRole('button', { name: 'Pay now' }).waitFor();
    await expectGood(phone.page, 'pay', 'phone');
    await phone.page.getByLabel('Test card that is declined').check();
    await phone.page.getByRole('button', { name: 'Pay now' }).click();
    await phone.page.getByText('The card did not pay').waitFor();
    await phone.page.getByLabel('Test card that pays').check();
    await phone.page.getByRole('button', { name: 'Pay now' }).click();
    await phone.page.getByText('Paid. You may drive').waitFor();
    await page.locator('.word.open', { hasText: 'OPEN' }).waitFor();
    await phone.leave();
    await leave();
  });

  test('says that it is offline, keeps the scan, and gives its answer when the server is back', async () => {
    const lot = await makeLot(system);
    const { page, context, leave } = await hangUp(lot.entry);
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Take a ticket' }).click();
    await page.getByText('Offline — passes still work').waitFor();
    await page.getByText('1 scan waits to be sent').waitFor();
    await expectGood(page, 'offline');
    await context.setOffline(false);
    await page.locator('.word.open', { hasText: 'OPEN' }).waitFor();
    expect(await page.getByText('Offline').count()).toBe(0);
    await leave();
  });

  test('goes on without its camera where that is refused', async () => {
    const lot = await makeLot(system);
    const { page, context, leave } = await hangUp(lot.entry, SMALL_PHONE);
    await context.addInitScript(() => {
      Object.assign(globalThis, { BarcodeDetector: class {} });
      const refused = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
      Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia: refused } });
    });
    await page.reload();
    await page.getByRole('button', { name: 'Show your pass' }).click();
    await page.getByText('The camera is not allowed here').waitFor();
    await expectGood(page, 'camera-refused', 'small-phone');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Help' }).click();
    await page.getByText('We are here to help').waitFor();
    await expectGood(page, 'help', 'small-phone');
    await leave();
  });

  test('can be tried without a lane: the car is read, the arm goes up, the car drives through', async () => {
    const lot = await makeLot(system);
    const { page, leave } = await hangUp(lot.entry, DESKTOP, '/kiosk/demo');
    await page.getByRole('button', { name: 'Drive up', exact: true }).click();
    await page.locator('.word.open', { hasText: 'OPEN' }).waitFor();
    await page.getByText('The barrier is up').waitFor();
    await expectGood(page, 'demo', 'desktop');
    await page.getByRole('button', { name: 'Drive through' }).click();
    await page.getByText('The barrier is down').waitFor();
    await leave();
  });
});

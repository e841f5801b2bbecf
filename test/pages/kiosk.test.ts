import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { barriersOf, DESKTOP, PHONE, SMALL_PHONE, startBrowser, takePictures } from '../support/browser.ts';
import type { TestBrowser, Visitor } from '../support/browser.ts';
import { untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestGate } from '../support/world.ts';

const HOUR_MS = 3_600_000;
/** As many kiosks hang: upright, in reach of a car's window. */
const UPRIGHT = { viewport: { width: 800, height: 1280 } } as const;

/** As much of the provider's script as the page asks of it. */
const STRIPE_SCRIPT = `globalThis.Stripe = () => ({
  elements: () => ({ create: () => ({ mount: (place) => (place.textContent = 'the provider’s field'), destroy: () => {} }) }),
  createPaymentMethod: async () => ({ paymentMethod: { id: 'pm_card_visa' } }),
});`;
/** Where the demo would keep the keys of its gates. */
const KEYS_FILE = join(mkdtempSync(join(tmpdir(), 'parkwell-kiosk-')), 'device-keys.json');

let system: TestSystem;
let browser: TestBrowser;

beforeAll(async () => {
  system = await startSystem({ env: { DEMO_KEYS_FILE: KEYS_FILE } });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.stop();
  await system?.stop();
  rmSync(dirname(KEYS_FILE), { recursive: true, force: true });
});

/** Hangs a kiosk up at a gate: enters its key. */
async function hangUp(gate: TestGate, options: BrowserContextOptions = UPRIGHT, path = '/kiosk'): Promise<Visitor> {
  const visitor = await browser.visit(`${system.url}${path}`, options);
  await visitor.page.getByLabel('Device key').fill(gate.deviceKey);
  await visitor.page.getByRole('button', { name: 'Connect' }).click();
  await visitor.page.getByRole('button', { name: 'Help' }).waitFor();
  return visitor;
}

/** What a gloved finger would miss: buttons of the kiosk under sixty pixels. */
const smallTargets = (page: Page): Promise<string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('.frame button, .set-up button')]
      .filter((button) => button.checkVisibility() && Math.min(button.offsetWidth, button.offsetHeight) < 60)
      .map(({ textContent }) => textContent),
  );

async function expectGood(page: Page, state: string, device = 'upright'): Promise<void> {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect({ state, wide: Math.max(0, wide), small: await smallTargets(page) }).toEqual({ state, wide: 0, small: [] });
  expect(await barriersOf(page)).toEqual([]);
  await takePictures(page, { page: 'kiosk', state, device });
}

/** Presses a button as somebody without a pointer does: goes on with the Tab key until it is reached. */
async function press(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab');
    if ((await page.evaluate(() => document.activeElement?.textContent.trim())) === name) break;
  }
  await page.keyboard.press('Enter');
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
    for (const [width, height] of [
      [1080, 1920],
      [1280, 800],
      [320, 256],
    ] as const) {
      await page.setViewportSize({ width, height });
      await expectGood(page, `welcome-${width}`, 'kiosk');
    }
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
    await page.waitForLoadState('networkidle');
    await context.setOffline(true);
    await page.getByRole('button', { name: 'Suomi' }).click();
    await page.getByRole('heading', { name: 'Tervetuloa' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('button', { name: 'Take a ticket' }).click();
    await page.getByText('Offline — passes still work').waitFor();
    await page.getByText('1 scan waits to be sent').waitFor();
    await page.getByText('Hold your pass to the reader').waitFor();
    await expectGood(page, 'offline');
    await context.setOffline(false);
    await page.locator('.word.open', { hasText: 'OPEN' }).waitFor();
    expect(await page.getByText('Offline').count()).toBe(0);
    await leave();
  });

  test('goes on without its camera where that is refused or there is none, and calls an attendant', async () => {
    const lot = await makeLot(system);
    const { page, context, leave } = await hangUp(lot.exit, SMALL_PHONE);
    await page.getByRole('button', { name: 'Show your pass' }).click();
    await page.getByText('This screen cannot read codes by itself').waitFor();
    await page.locator('.instead').getByRole('button', { name: 'Type your code' }).click();
    await page.locator('.keypad').waitFor();
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
    await page.getByRole('button', { name: 'I lost my ticket' }).click();
    await page.getByText('Your plate may be enough').waitFor();
    await page.getByRole('button', { name: 'Call an attendant' }).click();
    await page.getByText('An attendant has been called').waitFor();
    await expectGood(page, 'help', 'small-phone');
    const { data } = await system
      .client(await lot.staffToken('ATTENDANT'))
      .query(`query ($lot: ID!) { lot(id: $lot) { incidents { nodes { kind severity note gate { name } } } } }`, {
        lot: lot.publicId,
      });
    expect(data?.['lot'].incidents.nodes).toEqual([
      { kind: 'HELP_WANTED', severity: 'URGENT', note: 'The ticket is lost.', gate: { name: 'Exit' } },
    ]);
    await leave();
  });

  test('reads a pass with its camera', async () => {
    const lot = await makeLot(system);
    const { ticketCode } = await untilDurable(system, lot.entry, { ticket: true });
    const { page, context, leave } = await hangUp(lot.exit);
    await context.addInitScript((rawValue) => {
      const Detector = class {
        detect() {
          return Promise.resolve([{ rawValue }]);
        }
      };
      Object.assign(globalThis, { BarcodeDetector: Detector });
      const getUserMedia = () => {
        const canvas = document.createElement('canvas');
        // A picture that never changes is never sent.
        setInterval(() => canvas.getContext('2d')?.fillRect(0, 0, Math.random() * 300, 150), 50);
        return Promise.resolve(canvas.captureStream());
      };
      Object.defineProperty(navigator, 'mediaDevices', { value: { getUserMedia } });
    }, ticketCode);
    await page.reload();
    await page.getByRole('button', { name: 'Show your pass' }).click();
    await page.locator('.sum').waitFor();
    await leave();
  });

  test('is used by keyboard alone, speaks each driver’s language, and is the next driver’s after a while', async () => {
    const lot = await makeLot(system);
    const { page, leave } = await hangUp(lot.entry, DESKTOP);
    await page.clock.install();
    await page.reload();
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await press(page, 'Deutsch');
    await press(page, 'Kennzeichen eingeben');
    expect(await page.getByRole('button', { name: 'Ü', exact: true }).count()).toBe(1);
    await expectGood(page, 'keypad-de', 'desktop');
    await page.keyboard.type('mü-ab 12');
    await page.keyboard.press('Enter');
    await page.locator('.word.open', { hasText: 'OFFEN' }).waitFor();
    await page.clock.runFor(21_000);
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await press(page, 'Type your code');
    await page.clock.runFor(41_000);
    await page.getByText('Are you still there?').waitFor();
    await expectGood(page, 'still-there', 'desktop');
    await press(page, 'Yes');
    await page.clock.runFor(39_000);
    expect(await page.locator('.keypad').count()).toBe(1);
    await page.clock.runFor(22_000);
    await page.getByRole('heading', { name: 'Welcome' }).waitFor();
    await leave();
  });

  test('leaves the next driver nothing of what one before typed, and no dialog that they opened', async () => {
    const lot = await makeLot(system);
    const { page, leave } = await hangUp(lot.exit);
    await page.clock.install();
    await page.reload();
    await page.getByRole('button', { name: 'Type your plate' }).click();
    await page.getByRole('textbox').fill('GON123');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Type your plate' }).click();
    expect(await page.getByRole('textbox').inputValue()).toBe('GON123');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.clock.runFor(61_000);
    await page.getByRole('button', { name: 'Type your plate' }).click();
    expect(await page.getByRole('textbox').inputValue()).toBe('');
    await page.getByRole('button', { name: 'Back' }).click();
    await page.getByRole('button', { name: 'Help' }).click();
    await page.clock.runFor(41_000);
    await page.getByRole('dialog').getByText('Are you still there?').waitFor();
    await page.clock.runFor(20_000);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await leave();
  });

  test('takes a card in the provider’s own field where there is a key for that', async () => {
    const lot = await makeLot(system);
    const { stayId } = await untilDurable(system, lot.entry, { ticket: true });
    const { page, leave } = await browser.visit('about:blank', PHONE);
    await page.route('**/kiosk/pay/*', async (route) => {
      const answer = await route.fetch();
      const body = (await answer.text()).replace(
        '</head>',
        '<meta name="stripe-key" content="pk_test_12345678" /></head>',
      );
      await route.fulfill({ status: 200, contentType: 'text/html', body });
    });
    await page.route('https://js.stripe.com/v3/', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: STRIPE_SCRIPT }),
    );
    await page.goto(`${system.url}/kiosk/pay/${stayId}`);
    await page.getByText('the provider’s field').waitFor();
    expect(await page.getByRole('button', { name: 'Pay now' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Use this card' }).click();
    await page.getByText('This card will be used').waitFor();
    await page.getByRole('button', { name: 'Pay now' }).click();
    await page.getByText('Paid. You may drive').waitFor();
    await leave();
  });
});

describe('The lane to try', () => {
  test('takes a car in at one gate and out at the other: the camera reads, the arm moves, the loops feel', async () => {
    const lot = await makeLot(system);
    const { page, troubles, leave } = await hangUp(lot.entry, DESKTOP, '/kiosk/demo');
    await page.locator('.bench').waitFor();
    const keys = [lot.exit, lot.entry].map(({ id, name, deviceKey }) => ({
      ...{ lotCode: lot.code, role: 'GATE', name, gateId: id, key: deviceKey },
    }));
    writeFileSync(KEYS_FILE, JSON.stringify(keys));
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await page.reload();
    const arm = page.locator('.arm');
    const down = await arm.boundingBox();
    await page.getByRole('button', { name: 'Drive up', exact: true }).click();
    await page.getByText('The loop before the barrier feels the car').waitFor();
    await page.locator('.word.open', { hasText: 'OPEN' }).waitFor();
    await page.getByText('The barrier is up').waitFor();
    await page.waitForFunction(
      (before) => (document.querySelector('.arm')?.getBoundingClientRect().height ?? 0) > before + 40,
      down?.height ?? 0,
    );
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await expectGood(page, 'demo', 'desktop');
    await page.getByRole('button', { name: 'Drive through' }).click();
    await page.getByText('The barrier is down · The loop behind').waitFor();
    await page.getByRole('button', { name: 'Exit', exact: true }).click();
    await page.getByRole('heading', { name: 'Goodbye' }).waitFor();
    await page.getByRole('button', { name: 'Drive up', exact: true }).click();
    await page.locator('.pay-here').waitFor();
    await expectGood(page, 'demo-exit', 'desktop');
    expect(troubles).toEqual([]);
    await leave();
  });
});

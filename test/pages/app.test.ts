import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { BrowserContext } from 'playwright-core';
import { PHONE, startBrowser, type TestBrowser } from '../support/browser.ts';
import { untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { expectGood, signUp, visitAs } from './app-steps.ts';

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
    const picture = (state: string, at?: string) =>
      expectGood(page, { state, device: 'phone', ...(at === undefined ? {} : { at }) });
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
    await picture('declined', 'The card was declined');
    await page.getByLabel('Card whose bank asks first').check();
    await page.getByRole('button', { name: 'Pay €4.00' }).click();
    await page.getByText('Your bank wants to ask you first').waitFor();
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

  test('whose bank asks answers it in front of the page, with Stripe’s own field, and comes back to a pass', async () => {
    await makeLot(system, { spots: { STANDARD: 1 }, code: 'APP2' });
    const { page, context, leave } = await visitAs(
      { browser, url: `${system.url}/app/account`, options: PHONE },
      await signUp(system),
    );
    await withStripe(context);
    await page.goto(`${system.url}/app/lots/APP2`);
    await page.getByLabel('Licence plate').fill('bnk-001');
    await page.getByLabel('Yes, this is my plate').check();
    await page.getByRole('button', { name: 'Use this card' }).click();
    await page.getByText('This card will be used').waitFor();
    await page.getByRole('button', { name: 'Pay €4.00' }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    await leave();
  });
});

/** What Stripe's script does for a card whose bank asks, without leaving this machine: the payer says yes, to the double. */
const STRIPE_JS = `globalThis.Stripe = () => ({
  elements: () => ({ create: () => ({ mount: (place) => (place.textContent = 'Card'), destroy: () => {} }) }),
  createPaymentMethod: async () => ({ paymentMethod: { id: 'pm_card_authenticationRequired' } }),
  handleNextAction: async ({ clientSecret }) => { await fetch('/bank/' + clientSecret.split('_secret')[0]); return {}; },
})`;

/** The page as it is served where there is a publishable key. */
async function withStripe(context: BrowserContext): Promise<void> {
  await context.route('**/app/lots/*', async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace('</head>', '<meta name="stripe-key" content="pk_test_page" /></head>');
    const { 'content-security-policy': _policy, ...headers } = response.headers();
    await route.fulfill({ response, headers, body });
  });
  await context.route('https://js.stripe.com/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: STRIPE_JS }),
  );
  await context.route('**/bank/*', async (route) => {
    const path = `/v1/test_helpers/payment_intents/${route.request().url().split('/').at(-1)}/complete_challenge`;
    const authorization = `Bearer ${system.env['STRIPE_SECRET_KEY']}`;
    const { ok } = await fetch(system.stripe.url + path, { method: 'POST', headers: { authorization } });
    await route.fulfill({ status: ok ? 200 : 500, body: '' });
  });
}

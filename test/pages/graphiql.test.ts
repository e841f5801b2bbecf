import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { barriersOf, startBrowser, takePictures, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { PASSWORD, signUp } from './app-steps.ts';

/** GraphiQL's own editors, and its tabs with a button in each. */
const EDITORS = ['.monaco-editor', '.graphiql-tab'];

let system: TestSystem;
let demo: TestSystem;
let browser: TestBrowser;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  const { email } = await signUp(system);
  demo = await startSystem({ beside: system, roles: ['api'], env: { DEMO_LOGIN: `${email}:${PASSWORD}` } });
  browser = await startBrowser();
});
afterAll(async () => {
  await browser?.stop();
  await demo?.stop();
  await system?.stop();
});

/** Sends what stands ready in a tab, and waits until the answer holds this. */
async function send(page: Page, tab: string, answered: string): Promise<void> {
  await page.getByRole('tab', { name: new RegExp(`^${tab}\\b`) }).click();
  await page.getByRole('button', { name: /execute/i }).click();
  await page.locator('.graphiql-response', { hasText: answered }).waitFor();
}

test('GraphiQL opens with operations that this server answers one after the other, and asks nobody else', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 4 }, code: 'GQL1' });
  const { page, troubles, leave } = await browser.visit(`${demo.url}/graphiql`);
  await page.getByRole('tab', { name: 'Lots' }).waitFor({ timeout: 30_000 });
  await send(page, 'Lots', lot.publicId);
  expect(await barriersOf(page, EDITORS)).toEqual([]);
  await takePictures(page, { page: 'graphiql', state: 'lots', device: 'desktop' });
  await send(page, 'Price', 'amountMinor');
  await send(page, 'Live', 'byLevel');
  await takePictures(page, { page: 'graphiql', state: 'live', device: 'desktop' });
  await page.getByRole('button', { name: /stop/i }).click();
  await send(page, 'SignIn', 'accessToken');
  await send(page, 'Reserve', 'HELD');
  await send(page, 'Reservations', 'ABC123');
  expect(troubles).toEqual([]);
  await leave();
}, 60_000);

test('GraphiQL knows no login where there are real data', async () => {
  const open = await fetch(`${system.url}/graphiql`);
  expect(await open.text()).not.toContain('demo-login');
  const { page, leave } = await browser.visit(`${system.url}/graphiql`);
  // A tab that is pressed while GraphiQL still makes its editors would show them empty.
  await page.locator('.view-line', { hasText: 'lots' }).first().waitFor({ timeout: 30_000 });
  await page.locator('.monaco-editor').nth(1).waitFor();
  await page.getByRole('tab', { name: /^SignIn/ }).click();
  await page.locator('.view-line', { hasText: /"password":\s""/ }).waitFor();
  await leave();
}, 60_000);

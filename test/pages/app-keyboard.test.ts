import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { DESKTOP, startBrowser, type TestBrowser } from '../support/browser.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { signUp, visitAs } from './app-steps.ts';

const MOST_TABS = 60;

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

/** Presses Tab until what has that name has the focus, and can be seen to have it. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let pressed = 0; pressed < MOST_TABS; pressed++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement)) return undefined;
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
      const label = labels.map(({ innerText }) => innerText).join(' ');
      const card = element.closest('.lot');
      const seen = [element, ...(card ? [card] : [])].some((part) => getComputedStyle(part).outlineStyle !== 'none');
      return { name: element.ariaLabel ?? (label || element.innerText), seen };
    });
    const isIt = typeof name === 'string' ? focused?.name.trim() === name : name.test(focused?.name ?? '');
    if (!isIt) continue;
    expect(focused?.seen).toBe(true);
    return;
  }
  throw new Error(`no Tab came to ${String(name)}`);
}

test('A driver who has only a keyboard finds a lot, reserves, pays, and calls for help', async () => {
  await makeLot(system, { code: 'KEY1' });
  const { page, leave } = await visitAs({ browser, url: `${system.url}/app`, options: DESKTOP }, await signUp(system));
  await page.getByRole('link', { name: 'Lot KEY1' }).waitFor();
  await tabTo(page, 'Lot KEY1');
  await page.keyboard.press('Enter');
  await page.getByText('Kept for').waitFor();
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('H1');
  await tabTo(page, 'Licence plate');
  await page.keyboard.type('abc-123');
  await tabTo(page, 'Yes, this is my plate');
  await page.keyboard.press('Space');
  await tabTo(page, /^Card that pays/);
  await page.keyboard.press('ArrowDown');
  await tabTo(page, /^Pay €/);
  await page.keyboard.press('Enter');
  await page.getByText('The card was declined').waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowUp');
  await tabTo(page, /^Pay €/);
  await page.keyboard.press('Enter');
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  await page.reload();
  await page.getByRole('img', { name: /QR code/ }).waitFor();
  await tabTo(page, 'Help');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Call the attendant' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Help');
  await leave();
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PHONE, startBrowser, type TestBrowser } from '../support/browser.ts';
import { untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';
import { lookedAt, visitAs } from './console-steps.ts';

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

describe('The plan of a lot', () => {
  test('shows a vehicle on its spot as soon as it is in, without being loaded again', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 30, EV: 4, ACCESSIBLE: 2 }, code: 'PLAN1' });
    const visitor = await visitAs({ browser, system }, await lot.staffToken('ATTENDANT'), { path: '/lots?lot=PLAN1' });
    const { page, troubles, leave } = visitor;
    await page.getByRole('button', { name: 'Spot 1-001, Standard, Free' }).waitFor();
    await page.getByText('Live').waitFor();
    await lookedAt(visitor, 'plan-empty');
    const { spotLabel } = await untilDurable(system, lot.entry, { plate: { text: 'PLN001' } });
    await page.getByRole('button', { name: `Spot ${spotLabel}, Standard, Occupied` }).waitFor();
    expect(await page.locator('.legend').innerText()).toMatch(/Occupied\s*1/);
    await lookedAt(visitor, 'plan');
    expect(troubles).toEqual([]);
    await leave();
  });

  test('lets an operator take a spot out of service, and shows it so at once', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 8 }, code: 'PLAN2' });
    const visitor = await visitAs({ browser, system }, await lot.staffToken('OPERATOR'), {
      path: '/lots?lot=PLAN2',
      ...PHONE,
    });
    const { page, leave } = visitor;
    await page.getByRole('button', { name: 'Spot 1-002, Standard, Free' }).click();
    await page.getByRole('heading', { name: 'Spot 1-002' }).waitFor();
    await page.getByRole('button', { name: 'Take out of service' }).click();
    await page.getByRole('button', { name: 'Put back into service' }).waitFor();
    await lookedAt(visitor, 'spot', 'phone');
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Spot 1-002, Standard, Out of service' }).waitFor();
    await lookedAt(visitor, 'plan', 'phone');
    await leave();
  });

  test('is walked with the arrow keys, one spot of it in the way of the tab key, and Enter opens the spot', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 104 }, code: 'PLAN4' });
    const { page, leave } = await visitAs({ browser, system }, await lot.staffToken('ATTENDANT'), {
      path: '/lots?lot=PLAN4',
    });
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label')?.split(',')[0] ?? '');
    await page.getByRole('button', { name: 'Spot 1-104, Standard, Free' }).waitFor();
    const columns = await page
      .locator('.drawing')
      .first()
      .evaluate((drawing) => {
        const tops = [...drawing.querySelectorAll('g.spot')].map((spot) => spot.getBoundingClientRect().top);
        return tops.filter((top) => top === tops[0]).length;
      });
    const label = (nth: number) => `Spot 1-${String(nth).padStart(3, '0')}`;
    await page.getByRole('button', { name: 'Spot 1-001,' }).focus();
    const steps: [key: string, then: number][] = [
      ...([
        ['ArrowRight', 2],
        ['ArrowDown', 2 + columns],
        ['ArrowUp', 2],
        ['ArrowLeft', 1],
      ] as [string, number][]),
      ...([
        ['ArrowLeft', 1],
        ['End', 100],
        ['ArrowRight', 101],
        ['ArrowLeft', 100],
        ['Home', 1],
      ] as [string, number][]),
    ];
    for (const [key, then] of steps) {
      await page.keyboard.press(key);
      expect([key, await focused()]).toEqual([key, label(then)]);
    }
    expect(await page.locator('.drawing').first().locator('g.spot[tabindex="0"]').count()).toBe(1);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Spot 1-001' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await focused()).toBe(label(1));
    await leave();
  });

  test('shows what a sensor sees and what a person says over it, for as long as that counts', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 6 }, code: 'PLAN5' });
    const visitor = await visitAs({ browser, system }, await lot.staffToken('ATTENDANT'), { path: '/lots?lot=PLAN5' });
    const { page, troubles, leave } = visitor;
    await page.getByRole('button', { name: 'Spot 1-003, Standard, Free' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Say what is on it' }).click();
    await dialog.getByRole('heading', { name: 'What is on spot 1-003?' }).waitFor();
    await dialog.getByRole('button', { name: 'Say what is on it' }).click();
    await dialog.getByText('Say why.').waitFor();
    await dialog.getByLabel('Reason').fill('A heap of snow');
    await lookedAt(visitor, 'spot-said');
    await dialog.getByRole('button', { name: 'Say what is on it' }).click();
    await dialog.getByText('“A heap of snow”').waitFor();
    await lookedAt(visitor, 'spot-overridden');
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Spot 1-003, Standard, Occupied, Said by a person' }).click();
    await dialog.getByRole('button', { name: 'Let the sensors count again' }).click();
    await dialog.getByLabel('Reason').fill('Cleared');
    await dialog.getByRole('button', { name: 'Let the sensors count again' }).click();
    await dialog.getByRole('button', { name: 'Say what is on it' }).waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Spot 1-003, Standard, Free' }).waitFor();
    expect(troubles).toEqual([]);
    await leave();
  });

  test('reads a large level a page at a time', async () => {
    await makeLot(system, { spots: { STANDARD: 420 }, code: 'PLAN3' }).then(async (lot) => {
      const { page, leave } = await visitAs({ browser, system }, await lot.staffToken('ATTENDANT'), {
        path: '/lots?lot=PLAN3',
      });
      await page.getByRole('button', { name: 'Spot 1-300, Standard, Free' }).waitFor();
      expect(await page.getByRole('button', { name: 'Spot 1-301, Standard, Free' }).count()).toBe(0);
      await page.getByRole('button', { name: 'Show more' }).click();
      await page.getByRole('button', { name: 'Spot 1-420, Standard, Free' }).waitFor();
      await leave();
    });
  });
});

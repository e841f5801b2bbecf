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
